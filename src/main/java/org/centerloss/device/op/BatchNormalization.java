package org.centerloss.device.op;

import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/**
 * Batch normalisation over (n, h, w) per channel, as in PyTorch's {@code BatchNorm2d}, with what
 * follows it in a residual network as its {@link Epilogue}: fused they save passes over the
 * activations each way.
 *
 * <p>v = gamma · (x − mean) / √(variance + epsilon) + beta, and y is v, max(v, 0) or max(v + z, 0).
 * What is not a number passes the ReLU: max(NaN, 0) is NaN. Source: Ioffe and Szegedy 2015; the
 * addition: He et al. 2016 (“Deep Residual Learning”).
 *
 * <p>Shapes: x, y, z, dy, dx are activations [n, c, h, w]; the rest plain tensors [c].
 */
public interface BatchNormalization extends Op {
    /** Weight of the new batch's statistics in the running ones (PyTorch's {@code momentum}). */
    double MOMENTUM = 0.1;

    double EPSILON = 1e-5;

    /** What follows the normalisation. */
    enum Epilogue {
        NONE,
        RELU,
        /** The addition of z, then a ReLU: the end of a post-activation residual block. */
        ADD_RELU
    }

    record Shape(int batch, int channels, int height, int width, Epilogue epilogue) {
        public boolean adds() {
            return epilogue == Epilogue.ADD_RELU;
        }

        public boolean relu() {
            return epilogue != Epilogue.NONE;
        }

        /**
         * Throws {@link DeviceException} unless z is there exactly where this shape adds it, and is
         * another tensor than y.
         */
        public void checkAddend(Tensor z, Tensor y) {
            if (adds() != (z != null)) {
                throw new DeviceException(
                        "batch normalization %s: z: expected %s, found %s"
                                .formatted(
                                        this,
                                        adds() ? "an activation" : "null",
                                        z == null ? "null" : "a tensor"));
            }
            checkApart("z", z, "y", y);
        }

        /**
         * Throws {@link DeviceException} where this shape adds and the gradients of x and z would
         * be one tensor.
         */
        public void checkGradients(Tensor dy, Tensor dx) {
            checkApart("dy", dy, "dx", dx);
        }

        private void checkApart(String first, Tensor one, String second, Tensor other) {
            if (adds() && one == other) {
                throw new DeviceException(
                        "batch normalization %s: expected %s and %s to be two tensors, found one"
                                .formatted(this, first, second));
            }
        }
    }

    /**
     * Normalises with the batch's own (biased) variance, keeps what {@link #backward} needs, and
     * moves the running statistics: running ← 0.9·running + 0.1·batch, with the unbiased variance
     * (the biased one where a channel has a single value).
     *
     * @param z null exactly where the shape does not add; not y
     */
    void forwardTraining(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y);

    /**
     * Normalises with the running statistics; {@code y} may be {@code x}.
     *
     * @param z null exactly where the shape does not add; not y
     */
    void forwardInference(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y);

    /**
     * Gradients of the last {@link #forwardTraining}; overwrites dx, dGamma and dBeta.
     *
     * @param x the input of that call
     * @param y the output of that call, from which the ReLU's mask may be taken
     * @param dy the gradient of y. Where the shape adds, it is overwritten with what of it passes
     *     the ReLU, which is the gradient of z; behind a ReLU alone it may be.
     * @param dx not dy where the shape adds
     */
    void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gamma, Tensor dx, Tensor dGamma, Tensor dBeta);
}

package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/**
 * Batch normalisation over (n, h, w) per channel, as in PyTorch's {@code BatchNorm2d}, followed by
 * a ReLU where the shape says so (the pair is one operation because every batch normalisation of
 * the network feeds a ReLU, and fused they save a pass over the activations each way).
 *
 * <p>y = relu(gamma · (x − mean) / √(variance + epsilon) + beta). Source: Ioffe and Szegedy 2015.
 *
 * <p>Shapes: x, y, dy, dx are activations [n, c, h, w]; the rest plain tensors [c].
 */
public interface BatchNormalization extends Op {
    /** Weight of the new batch's statistics in the running ones (PyTorch's {@code momentum}). */
    double MOMENTUM = 0.1;

    double EPSILON = 1e-5;

    record Shape(int batch, int channels, int height, int width, boolean relu) {}

    /**
     * Normalises with the batch's own (biased) variance, keeps what {@link #backward} needs, and
     * moves the running statistics: running ← 0.9·running + 0.1·batch, with the unbiased variance
     * (the biased one where a channel has a single value).
     */
    void forwardTraining(
            Tensor x, Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, Tensor y);

    /** Normalises with the running statistics; {@code y} may be {@code x}. */
    void forwardInference(
            Tensor x, Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, Tensor y);

    /**
     * Gradients of the last {@link #forwardTraining}; overwrites dx, dGamma and dBeta.
     *
     * @param x the input of that call
     * @param y the output of that call, from which the ReLU's mask may be taken
     * @param dy the gradient of y; may be overwritten with what of it passes the ReLU
     */
    void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gamma, Tensor dx, Tensor dGamma, Tensor dBeta);
}

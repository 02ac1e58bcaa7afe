package org.centerloss.device;

/**
 * Two-dimensional cross-correlation with bias, as in PyTorch's {@code Conv2d}.
 *
 * <p>Shapes: x [n, inChannels, h, w]; weight [outChannels, inChannels, k, k]; bias [outChannels]; y
 * [n, outChannels, (h + 2·padding − k) / stride + 1, likewise w]. x, y and their gradients are
 * {@linkplain Device#activation activations}, weight and bias plain tensors.
 */
public interface Convolution extends Op {
    /**
     * The shape of a convolution.
     *
     * @param kernel side of the square window, in pixels
     */
    record Shape(
            int batch,
            int inChannels,
            int height,
            int width,
            int outChannels,
            int kernel,
            int stride,
            int padding) {
        public Shape {
            if (batch < 1 || inChannels < 1 || outChannels < 1 || kernel < 1 || stride < 1) {
                throw new IllegalArgumentException("a size below 1 in " + batch + "×" + inChannels);
            }
            if (padding < 0 || height + 2 * padding < kernel || width + 2 * padding < kernel) {
                throw new IllegalArgumentException(
                        "a "
                                + kernel
                                + "×"
                                + kernel
                                + " window does not fit into "
                                + height
                                + "×"
                                + width
                                + " with padding "
                                + padding);
            }
        }

        public int outHeight() {
            return (height + 2 * padding - kernel) / stride + 1;
        }

        public int outWidth() {
            return (width + 2 * padding - kernel) / stride + 1;
        }
    }

    void forward(Tensor x, Tensor weight, Tensor bias, Tensor y);

    /**
     * Overwrites dx, dWeight and dBias with the gradients.
     *
     * @param dx null where the input needs no gradient (the first layer)
     */
    void backward(Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias);
}

package org.centerloss.device.op;

import java.util.Arrays;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/**
 * Two-dimensional cross-correlation, with a bias or without, as in PyTorch's {@code Conv2d}.
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
     * @param bias whether each output channel has a number that is added to all its pixels
     */
    record Shape(
            int batch,
            int inChannels,
            int height,
            int width,
            int outChannels,
            int kernel,
            int stride,
            int padding,
            boolean bias) {
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

        /** With a bias. */
        public Shape(
                int batch,
                int inChannels,
                int height,
                int width,
                int outChannels,
                int kernel,
                int stride,
                int padding) {
            this(batch, inChannels, height, width, outChannels, kernel, stride, padding, true);
        }

        public Shape withoutBias() {
            return new Shape(
                    batch, inChannels, height, width, outChannels, kernel, stride, padding, false);
        }

        /**
         * Throws {@link DeviceException} unless a bias, or its gradient, is there exactly where
         * this shape has one.
         *
         * @param argument its name in the message
         */
        public void checkBias(String argument, Tensor given) {
            if (bias != (given != null)) {
                throw new DeviceException(
                        "convolution %s: %s: expected %s, found %s"
                                .formatted(
                                        this,
                                        argument,
                                        bias ? "[" + outChannels + "]" : "null",
                                        given == null ? "null" : Arrays.toString(given.shape())));
            }
        }

        public int outHeight() {
            return (height + 2 * padding - kernel) / stride + 1;
        }

        public int outWidth() {
            return (width + 2 * padding - kernel) / stride + 1;
        }
    }

    /**
     * @param bias null exactly where the shape has none
     */
    void forward(Tensor x, Tensor weight, Tensor bias, Tensor y);

    /**
     * Overwrites dx, dWeight and dBias with the gradients.
     *
     * @param dx null where the input needs no gradient (the first layer)
     * @param dBias null exactly where the shape has no bias
     */
    void backward(Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias);
}

package org.centerloss.device.op;

import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/**
 * The largest element of each square window of a channel, as PyTorch's {@code MaxPool2d(kernel,
 * stride, padding)} gives it: among equal elements the first in row-major order. Padding counts as
 * −∞; windows that would reach beyond it are left out ({@code ceil_mode=False}). A window that
 * holds a value that is not a number gives not-a-number.
 *
 * <p>Shapes: x, dx are activations [n, c, h, w]; y, dy activations [n, c, (h + 2·padding − kernel)
 * / stride + 1, likewise w].
 */
public interface MaxPooling extends Op {
    /**
     * The shape of a pooling.
     *
     * @param kernel side of the square window, in pixels: 1 to {@value #LARGEST_KERNEL}
     * @param padding at most half of the kernel, so that every window has an element
     * @param training whether {@link MaxPooling#backward} is to be possible, for which a device may
     *     keep a byte for each element of y
     */
    record Shape(
            int batch,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            boolean training) {
        /** An element's place in its window fits into a byte. */
        static final int LARGEST_KERNEL = 16;

        public Shape {
            if (Math.min(Math.min(batch, channels), Math.min(height, width)) < 1) {
                throw new IllegalArgumentException(
                        "max pooling: expected sizes of at least 1, found %d×%d×%d×%d"
                                .formatted(batch, channels, height, width));
            }
            if (kernel < 1 || kernel > LARGEST_KERNEL || stride < 1) {
                throw new IllegalArgumentException(
                        "max pooling: expected a kernel of 1 to %d and a stride of at least 1, found %d and %d"
                                .formatted(LARGEST_KERNEL, kernel, stride));
            }
            if (padding < 0 || padding > kernel / 2) {
                throw new IllegalArgumentException(
                        "max pooling: expected a padding of 0 to %d, half of the kernel, found %d"
                                .formatted(kernel / 2, padding));
            }
            if (Math.min(height, width) + 2 * padding < kernel) {
                throw new IllegalArgumentException(
                        "max pooling: a %d×%d window does not fit into %d×%d with padding %d"
                                .formatted(kernel, kernel, height, width, padding));
            }
        }

        public int outHeight() {
            return (height + 2 * padding - kernel) / stride + 1;
        }

        public int outWidth() {
            return (width + 2 * padding - kernel) / stride + 1;
        }

        /** Throws {@link DeviceException} where the operation was made for inference. */
        public void requireTraining() {
            if (!training) {
                throw new DeviceException(
                        "max pooling: made for inference, expected training for backward");
            }
        }
    }

    void forward(Tensor x, Tensor y);

    /**
     * Overwrites dx with the gradient of the last {@link #forward}: each element of dy goes to the
     * largest element of its window; where windows overlap, their shares are added in row-major
     * order. Where y is not finite, which element of the window gets the share is not specified.
     *
     * @param x the input of that call
     * @param y the output of that call
     */
    void backward(Tensor x, Tensor y, Tensor dy, Tensor dx);
}

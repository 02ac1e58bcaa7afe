package org.centerloss.device.op;

import org.centerloss.device.Device;
import org.centerloss.device.Tensor;

/**
 * The elements of each sample in one row, as PyTorch's {@code flatten(1)}: y[n, (c·h + i)·w + j] =
 * x[n, c, i, j], where h and w are the height and width.
 *
 * <p>Shapes: x, dx are {@linkplain Device#activation activations} [n, c, h, w]; y, dy plain tensors
 * [n, c·h·w].
 */
public interface Flatten extends Op {
    /**
     * The shape [n, c·h·w] of y; {@link IllegalArgumentException} where x or y cannot have its own.
     */
    static int[] flattened(int batch, int channels, int height, int width) {
        if (Math.min(Math.min(batch, channels), Math.min(height, width)) < 1) {
            throw new IllegalArgumentException(
                    "flatten: expected sizes of at least 1, found %d×%d×%d×%d"
                            .formatted(batch, channels, height, width));
        }
        if ((double) channels * height * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "flatten: expected at most %d elements in a row, found %d×%d×%d"
                            .formatted(Integer.MAX_VALUE, channels, height, width));
        }
        return new int[] {batch, channels * height * width};
    }

    /** Overwrites y. */
    void forward(Tensor x, Tensor y);

    /** Overwrites dx with dy in the shape of x. */
    void backward(Tensor dy, Tensor dx);
}

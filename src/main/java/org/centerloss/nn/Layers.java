package org.centerloss.nn;

/**
 * The layers that networks are made of, for whoever walks through an {@link Architecture}: one walk
 * declares parameters, another plans operations on a device with their way back, another writes an
 * ONNX graph. A layer's name is what the names of its parameters begin with.
 *
 * @param <T> what stands for the result of a layer: its shape, its tensor, its name
 */
public interface Layers<T> {
    /**
     * A convolution as PyTorch's {@code Conv2d}.
     *
     * @param x an activation
     * @param window size, stride and padding
     */
    T convolution(String name, T x, int outChannels, Window window);

    /** A convolution as PyTorch's {@code Conv2d} with {@code bias=False}. */
    T convolutionWithoutBias(String name, T x, int outChannels, Window window);

    /** Batch normalisation of an activation. */
    T batchNorm(String name, T x);

    /** relu(batch normalisation of x). */
    T batchNormRelu(String name, T x);

    /** relu(batch normalisation of x + shortcut): the end of a post-activation block. */
    T batchNormAddRelu(String name, T x, T shortcut);

    /**
     * x + shortcut: the end of a pre-activation block.
     *
     * @param x the result of a convolution, used here alone: its storage takes the sum
     */
    T add(String name, T x, T shortcut);

    /** PReLU with one slope, of an activation or of rows of features. */
    T prelu(String name, T x);

    /** Max pooling as PyTorch's {@code MaxPool2d}. */
    T maxPooling(String name, T x, Window window);

    /** The mean of each channel: rows of features. */
    T globalAveragePooling(String name, T x);

    /** The elements of each image in row-major order: rows of features. */
    T flatten(String name, T x);

    /** Weight and bias on rows of features. */
    T linear(String name, T x, int outFeatures);

    /** A square window that moves over an activation; sizes in pixels. */
    record Window(int kernel, int stride, int padding) {
        /** A window that moves by single pixels and keeps the size. */
        static Window same(int kernel) {
            return new Window(kernel, 1, kernel / 2);
        }

        /** How many places the window takes along a side. */
        int positions(int side) {
            return (side + 2 * padding - kernel) / stride + 1;
        }
    }
}

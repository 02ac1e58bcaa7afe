package org.centerloss.reference;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;

/**
 * Image by image: the windows of an image are laid out as rows of a matrix, one row of
 * inChannels·k·k values for each output pixel, and the rest is products with the weights. Inner
 * loops run over contiguous numbers.
 */
final class ConvolutionReference extends ReferenceOp implements Convolution {
    private final Shape shape;
    private final int inSize;
    private final int outChannels;
    private final int outPixels;

    /** Values in a window: inChannels·k·k, in the order of the weights. */
    private final int windowSize;

    /** [outPixels, windowSize]: the windows of one image, or their gradients. */
    private final double[] windows;

    /**
     * [outPixels, windowSize]: where in an image each value of a window lies; −1 in the padding.
     */
    private final int[] sources;

    /** [windowSize, outChannels]: the weights, transposed. */
    private final double[] transposed;

    /** [outPixels, outChannels]: the output of one image. */
    private final double[] sums;

    ConvolutionReference(ReferenceDevice device, Shape shape) {
        super(device, "convolution", bytes(shape));
        this.shape = shape;
        inSize = shape.inChannels() * shape.height() * shape.width();
        outChannels = shape.outChannels();
        outPixels = shape.outHeight() * shape.outWidth();
        windowSize = windowSize(shape);
        windows = new double[outPixels * windowSize];
        sources = new int[outPixels * windowSize];
        for (int p = 0; p < outPixels; p++) {
            for (int r = 0; r < windowSize; r++) {
                sources[p * windowSize + r] = source(p, r);
            }
        }
        transposed = new double[windowSize * outChannels];
        sums = new double[outPixels * outChannels];
    }

    private static int windowSize(Shape shape) {
        return shape.inChannels() * shape.kernel() * shape.kernel();
    }

    private static long bytes(Shape shape) {
        long outPixels = (long) shape.outHeight() * shape.outWidth();
        long window = windowSize(shape);
        return 12 * outPixels * window + 8 * shape.outChannels() * (window + outPixels);
    }

    private ReferenceTensor input(String argument, Tensor tensor) {
        return activation(
                argument, tensor, shape.batch(), shape.inChannels(), shape.height(), shape.width());
    }

    private ReferenceTensor output(String argument, Tensor tensor) {
        return activation(
                argument, tensor, shape.batch(), outChannels, shape.outHeight(), shape.outWidth());
    }

    private ReferenceTensor weight(String argument, Tensor tensor) {
        int k = shape.kernel();
        return plain(argument, tensor, outChannels, shape.inChannels(), k, k);
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        ReferenceTensor in = input("x", x);
        ReferenceTensor w = weight("weight", weight);
        shape.checkBias("bias", bias);
        ReferenceTensor b = bias == null ? null : plain("bias", bias, outChannels);
        ReferenceTensor out = output("y", y);
        for (int o = 0; o < outChannels; o++) {
            for (int r = 0; r < windowSize; r++) {
                transposed[r * outChannels + o] = w.get(o * windowSize + r);
            }
        }
        for (int image = 0; image < shape.batch(); image++) {
            unfold(in.data, image * inSize);
            int at = image * outChannels * outPixels;
            IntStream.range(0, outPixels)
                    .parallel()
                    .forEach(
                            p -> {
                                int row = p * outChannels;
                                if (b == null) {
                                    Arrays.fill(sums, row, row + outChannels, 0);
                                } else {
                                    System.arraycopy(b.data, b.offset, sums, row, outChannels);
                                }
                                for (int r = 0; r < windowSize; r++) {
                                    addScaled(
                                            windows[p * windowSize + r],
                                            transposed,
                                            r * outChannels,
                                            sums,
                                            row,
                                            outChannels);
                                }
                                for (int o = 0; o < outChannels; o++) {
                                    out.data[at + o * outPixels + p] = sums[row + o];
                                }
                            });
        }
    }

    @Override
    public void backward(
            Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias) {
        ReferenceTensor in = input("x", x);
        ReferenceTensor outGradient = output("dy", dy);
        ReferenceTensor w = weight("weight", weight);
        ReferenceTensor inGradient = dx == null ? null : input("dx", dx);
        ReferenceTensor weightGradient = weight("dWeight", dWeight);
        shape.checkBias("dBias", dBias);
        ReferenceTensor biasGradient = dBias == null ? null : plain("dBias", dBias, outChannels);
        weightGradient.zero();
        if (biasGradient != null) {
            biasGradient.zero();
        }
        if (inGradient != null) {
            inGradient.zero();
        }
        for (int image = 0; image < shape.batch(); image++) {
            unfold(in.data, image * inSize);
            int at = image * outChannels * outPixels;
            IntStream.range(0, outChannels)
                    .parallel()
                    .forEach(
                            o -> {
                                for (int p = 0; p < outPixels; p++) {
                                    double slope = outGradient.data[at + o * outPixels + p];
                                    if (biasGradient != null) {
                                        biasGradient.add(o, slope);
                                    }
                                    addScaled(
                                            slope,
                                            windows,
                                            p * windowSize,
                                            weightGradient.data,
                                            weightGradient.offset + o * windowSize,
                                            windowSize);
                                }
                            });
            if (inGradient != null) {
                Arrays.fill(windows, 0);
                IntStream.range(0, outPixels)
                        .parallel()
                        .forEach(
                                p -> {
                                    for (int o = 0; o < outChannels; o++) {
                                        addScaled(
                                                outGradient.data[at + o * outPixels + p],
                                                w.data,
                                                w.offset + o * windowSize,
                                                windows,
                                                p * windowSize,
                                                windowSize);
                                    }
                                });
                fold(inGradient.data, image * inSize);
            }
        }
    }

    private static void addScaled(
            double factor, double[] from, int fromAt, double[] to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] += factor * from[fromAt + i];
        }
    }

    /** Fills the windows from the image at {@code at}; 0 in the padding. */
    private void unfold(double[] image, int at) {
        for (int i = 0; i < windows.length; i++) {
            windows[i] = sources[i] < 0 ? 0 : image[at + sources[i]];
        }
    }

    /** Adds the windows to the image at {@code at}, each value where {@link #unfold} took it. */
    private void fold(double[] image, int at) {
        for (int i = 0; i < windows.length; i++) {
            if (sources[i] >= 0) {
                image[at + sources[i]] += windows[i];
            }
        }
    }

    /** Where in an image value r of the window of output pixel p lies; −1 in the padding. */
    private int source(int p, int r) {
        int k = shape.kernel();
        int channel = r / (k * k);
        int row = p / shape.outWidth() * shape.stride() - shape.padding() + r / k % k;
        int column = p % shape.outWidth() * shape.stride() - shape.padding() + r % k;
        boolean inside = row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
        return inside ? (channel * shape.height() + row) * shape.width() + column : -1;
    }
}

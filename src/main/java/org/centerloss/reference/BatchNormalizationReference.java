package org.centerloss.reference;

import java.util.stream.IntStream;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;

final class BatchNormalizationReference extends ReferenceOp implements BatchNormalization {
    private final Shape shape;
    private final int channels;
    private final int pixels;

    /** Values per channel. */
    private final int count;

    /**
     * Of the last training pass, per channel: mean, 1/√(variance + ε), smallest |input of ReLU|.
     */
    private final double[] mean;

    private final double[] inverseDeviation;
    private final double[] smallestPreActivation;

    BatchNormalizationReference(ReferenceDevice device, Shape shape) {
        super(
                device,
                "batch normalization",
                3 * 8L * shape.channels(),
                shape.batch(),
                shape.channels(),
                shape.height(),
                shape.width());
        this.shape = shape;
        this.channels = shape.channels();
        this.pixels = shape.height() * shape.width();
        this.count = shape.batch() * pixels;
        this.mean = new double[channels];
        this.inverseDeviation = new double[channels];
        this.smallestPreActivation = new double[channels];
    }

    private ReferenceTensor image(String argument, Tensor tensor) {
        return activation(argument, tensor, shape.batch(), channels, shape.height(), shape.width());
    }

    @Override
    public void forwardTraining(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y) {
        shape.checkAddend(z, y);
        ReferenceTensor in = image("x", x);
        ReferenceTensor factor = plain("gamma", gamma, channels);
        ReferenceTensor shift = plain("beta", beta, channels);
        ReferenceTensor meanSoFar = plain("runningMean", runningMean, channels);
        ReferenceTensor varianceSoFar = plain("runningVar", runningVar, channels);
        ReferenceTensor addend = z == null ? null : image("z", z);
        ReferenceTensor out = image("y", y);
        IntStream.range(0, channels)
                .parallel()
                .forEach(
                        c -> {
                            double average = 0;
                            for (int i = 0; i < count; i++) {
                                average += in.get(index(c, i));
                            }
                            average /= count;
                            double squares = 0;
                            for (int i = 0; i < count; i++) {
                                double difference = in.get(index(c, i)) - average;
                                squares += difference * difference;
                            }
                            mean[c] = average;
                            inverseDeviation[c] = 1 / Math.sqrt(squares / count + EPSILON);
                            double unbiased = squares / Math.max(1, count - 1);
                            meanSoFar.set(
                                    c, (1 - MOMENTUM) * meanSoFar.get(c) + MOMENTUM * average);
                            varianceSoFar.set(
                                    c, (1 - MOMENTUM) * varianceSoFar.get(c) + MOMENTUM * unbiased);
                            smallestPreActivation[c] =
                                    normalize(
                                            c,
                                            in,
                                            average,
                                            inverseDeviation[c] * factor.get(c),
                                            shift.get(c),
                                            addend,
                                            out);
                        });
        if (shape.relu()) {
            for (double magnitude : smallestPreActivation) {
                device.notePreActivation(magnitude);
            }
        }
    }

    @Override
    public void forwardInference(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y) {
        shape.checkAddend(z, y);
        ReferenceTensor in = image("x", x);
        ReferenceTensor factor = plain("gamma", gamma, channels);
        ReferenceTensor shift = plain("beta", beta, channels);
        ReferenceTensor average = plain("runningMean", runningMean, channels);
        ReferenceTensor variance = plain("runningVar", runningVar, channels);
        ReferenceTensor addend = z == null ? null : image("z", z);
        ReferenceTensor out = image("y", y);
        IntStream.range(0, channels)
                .parallel()
                .forEach(
                        c ->
                                normalize(
                                        c,
                                        in,
                                        average.get(c),
                                        factor.get(c) / Math.sqrt(variance.get(c) + EPSILON),
                                        shift.get(c),
                                        addend,
                                        out));
    }

    /**
     * Writes one channel of y and returns the smallest magnitude before the ReLU.
     *
     * @param addend z, or null
     */
    private double normalize(
            int c,
            ReferenceTensor in,
            double average,
            double factor,
            double shift,
            ReferenceTensor addend,
            ReferenceTensor out) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            double value = factor * (in.get(index(c, i)) - average) + shift;
            if (addend != null) {
                value += addend.get(index(c, i));
            }
            if (Math.abs(value) < smallest) {
                smallest = Math.abs(value);
            }
            out.set(index(c, i), shape.relu() ? Math.max(value, 0) : value);
        }
        return smallest;
    }

    @Override
    public void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gamma, Tensor dx, Tensor dGamma, Tensor dBeta) {
        shape.checkGradients(dy, dx);
        ReferenceTensor in = image("x", x);
        ReferenceTensor out = image("y", y);
        ReferenceTensor outGradient = image("dy", dy);
        ReferenceTensor factor = plain("gamma", gamma, channels);
        ReferenceTensor inGradient = image("dx", dx);
        ReferenceTensor factorGradient = plain("dGamma", dGamma, channels);
        ReferenceTensor shiftGradient = plain("dBeta", dBeta, channels);
        IntStream.range(0, channels)
                .parallel()
                .forEach(
                        c -> {
                            double sum = 0;
                            double sumNormalized = 0;
                            for (int i = 0; i < count; i++) {
                                int at = index(c, i);
                                if (shape.relu() && out.get(at) <= 0) {
                                    outGradient.set(at, 0);
                                }
                                double slope = outGradient.get(at);
                                sum += slope;
                                sumNormalized += slope * normalized(in, c, i);
                            }
                            factorGradient.set(c, sumNormalized);
                            shiftGradient.set(c, sum);
                            for (int i = 0; i < count; i++) {
                                double centred =
                                        outGradient.get(index(c, i))
                                                - sum / count
                                                - normalized(in, c, i) * sumNormalized / count;
                                inGradient.set(
                                        index(c, i), factor.get(c) * inverseDeviation[c] * centred);
                            }
                        });
    }

    private double normalized(ReferenceTensor in, int c, int i) {
        return (in.get(index(c, i)) - mean[c]) * inverseDeviation[c];
    }

    /** Where the i-th value of channel c lies: i counts through the pixels of image after image. */
    private int index(int c, int i) {
        int image = i / pixels;
        return (image * channels + c) * pixels + i - image * pixels;
    }
}

package org.centerloss.reference;

import java.util.stream.IntStream;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

final class PairwiseRepulsionReference extends ReferenceOp implements PairwiseRepulsion {
    private final int samples;
    private final int features;
    private final Potential potential;

    /** Σ_j [y_i ≠ y_j] φ(s_ij) for each sample. */
    private final double[] rowSums;

    PairwiseRepulsionReference(
            ReferenceDevice device, int samples, int features, Potential potential) {
        super(device, "pairwise repulsion", 8L * samples, samples, features);
        this.samples = samples;
        this.features = features;
        this.potential = potential;
        this.rowSums = new double[samples];
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor value) {
        ReferenceTensor points = plain("x", x, samples, features);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor result = plain("value", value, 1);
        IntStream.range(0, samples).parallel().forEach(i -> rowSums[i] = rowSum(points, y, i));
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            sum += rowSums[i];
        }
        result.set(0, sum / samples);
    }

    private double rowSum(ReferenceTensor x, int[] y, int i) {
        double sum = 0;
        for (int j = 0; j < samples; j++) {
            if (y[i] != y[j]) {
                double s = squaredDistance(x, i, j);
                sum +=
                        switch (potential.kind()) {
                            case LOGARITHMIC -> Math.log1p(s);
                            case TRUNCATED -> Math.min(s, potential.margin());
                            case RAW -> s;
                        };
            }
        }
        return sum;
    }

    @Override
    public void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx) {
        forward(x, labels, value);
        backward(x, labels, scale, accumulate, dx);
    }

    @Override
    public void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        ReferenceTensor points = plain("x", x, samples, features);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor gradient = plain("dx", dx, samples, features);
        if (!accumulate) {
            gradient.zero();
        }
        double factor = scale * 4 / samples;
        IntStream.range(0, samples)
                .parallel()
                .forEach(i -> addGradient(points, y, i, factor, gradient));
    }

    private void addGradient(
            ReferenceTensor x, int[] y, int i, double factor, ReferenceTensor gradient) {
        for (int j = 0; j < samples; j++) {
            if (y[i] != y[j]) {
                double s = squaredDistance(x, i, j);
                double slope =
                        switch (potential.kind()) {
                            case LOGARITHMIC -> 1 / (1 + s);
                            case TRUNCATED -> s < potential.margin() ? 1 : 0;
                            case RAW -> 1;
                        };
                for (int k = 0; k < features; k++) {
                    double difference = x.get(i * features + k) - x.get(j * features + k);
                    gradient.add(i * features + k, factor * slope * difference);
                }
            }
        }
    }

    private double squaredDistance(ReferenceTensor x, int i, int j) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            double difference = x.get(i * features + k) - x.get(j * features + k);
            sum += difference * difference;
        }
        return sum;
    }
}

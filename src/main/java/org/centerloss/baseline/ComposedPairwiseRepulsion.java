package org.centerloss.baseline;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Pairwise repulsion as PyTorch code composes it, with distances and terms of all pairs in memory,
 * [m, m].
 */
final class ComposedPairwiseRepulsion extends ComposedOp implements PairwiseRepulsion {
    private final int samples;
    private final int features;

    /** φ; null where it is the distance itself. */
    private final MatrixOps.Pass values;

    /** φ′; null where it is 1. */
    private final MatrixOps.Pass weights;

    private final ComposedDistances distances;
    private final Tensor terms;
    private final Tensor rowSums;
    private final ComposedGradient gradient;

    ComposedPairwiseRepulsion(ComposedOps kind, int samples, int features, Potential potential) {
        super(
                kind,
                "pairwise repulsion [%d, %d]".formatted(samples, features),
                samples,
                samples,
                features);
        this.samples = samples;
        this.features = features;
        switch (potential.kind()) {
            case LOGARITHMIC -> {
                values = ops.map(MatrixOps.Function.LOGARITHM, 0);
                weights = ops.map(MatrixOps.Function.RECIPROCAL, 0);
            }
            case TRUNCATED -> {
                values = ops.map(MatrixOps.Function.MINIMUM, potential.margin());
                weights = ops.map(MatrixOps.Function.BELOW, potential.margin());
            }
            case RAW -> {
                values = null;
                weights = null;
            }
            default -> throw new IllegalArgumentException("no functions of " + potential);
        }
        distances = ComposedDistances.among(this, samples);
        terms = workspace(samples, samples);
        rowSums = workspace(samples);
        gradient = new ComposedGradient(this, samples, features);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor value) {
        require(x, labels);
        ops.requirePlain(value, "value", 1);
        distances.run(x, x);
        sum(labels, value);
    }

    @Override
    public void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        require(x, labels);
        ops.requirePlain(dx, "dx", samples, features);
        distances.run(x, x);
        pull(x, labels, scale, accumulate, dx);
    }

    @Override
    public void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx) {
        require(x, labels);
        ops.requirePlain(value, "value", 1);
        ops.requirePlain(dx, "dx", samples, features);
        distances.run(x, x);
        sum(labels, value);
        pull(x, labels, scale, accumulate, dx);
    }

    private void require(Tensor x, IntTensor labels) {
        ops.requirePlain(x, "x", samples, features);
        ops.requireIntegers(labels, "labels", samples);
    }

    private void sum(IntTensor labels, Tensor value) {
        Tensor source = distances.matrix();
        if (values != null) {
            values.run(source, terms);
            source = terms;
        }
        ops.keepOthers(source, labels, terms);
        ops.rowSums(terms, rowSums);
        ops.sum(rowSums, 1.0 / samples, value);
    }

    private void pull(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        Tensor source = null;
        if (weights != null) {
            weights.run(distances.matrix(), terms);
            source = terms;
        }
        ops.keepOthers(source, labels, terms);
        gradient.ofRows(terms, null, x, x, scale * 4 / samples, accumulate, dx);
    }
}

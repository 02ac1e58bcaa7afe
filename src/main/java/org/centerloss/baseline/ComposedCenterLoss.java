package org.centerloss.baseline;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

/**
 * Center loss as PyTorch code composes it, with the distances of all samples to all centers in
 * memory, [m, C], and a mask that keeps one in a row.
 */
final class ComposedCenterLoss extends ComposedOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;

    /** Null where the distances are the terms. */
    private final MatrixOps.Pass exponential;

    private final ComposedDistances distances;
    private final Tensor terms;
    private final Tensor rowSums;
    private final ComposedGradient ofSamples;
    private final ComposedGradient ofCenters;

    ComposedCenterLoss(
            ComposedOps kind, int samples, int features, int classes, Attraction attraction) {
        super(
                kind,
                "center loss [%d, %d], %d classes".formatted(samples, features, classes),
                samples,
                classes,
                features);
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
        exponential =
                attraction.exponential()
                        ? ops.map(MatrixOps.Function.EXPONENTIAL, attraction.alpha())
                        : null;
        distances = ComposedDistances.between(this, samples, classes);
        terms = workspace(samples, classes);
        rowSums = workspace(samples);
        ofSamples = new ComposedGradient(this, samples, features);
        ofCenters = new ComposedGradient(this, classes, features);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        require(x, labels, centers);
        ops.requirePlain(loss, "loss", 1);
        sum(x, labels, centers, loss);
    }

    @Override
    public void forwardBackward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor loss,
            Tensor dx,
            Tensor dCenters) {
        require(x, labels, centers);
        ops.requirePlain(loss, "loss", 1);
        requireGradients(dx, dCenters);
        sum(x, labels, centers, loss);
        pull(x, labels, centers, scale, accumulate, dx, dCenters);
    }

    /** Where ψ′ is 1 everywhere, no distance is needed. */
    @Override
    public void backward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        require(x, labels, centers);
        requireGradients(dx, dCenters);
        if (exponential != null) {
            distances.run(x, centers);
            exponentials(labels);
        }
        pull(x, labels, centers, scale, accumulate, dx, dCenters);
    }

    private void require(Tensor x, IntTensor labels, Tensor centers) {
        ops.requirePlain(x, "x", samples, features);
        ops.requireIntegers(labels, "labels", samples);
        ops.requirePlain(centers, "centers", classes, features);
    }

    private void requireGradients(Tensor dx, Tensor dCenters) {
        ops.requirePlain(dx, "dx", samples, features);
        if (dCenters != null) {
            ops.requirePlain(dCenters, "dCenters", classes, features);
        }
    }

    private void exponentials(IntTensor labels) {
        exponential.run(distances.matrix(), terms);
        ops.keepOwn(terms, labels, terms);
    }

    private void sum(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        distances.run(x, centers);
        if (exponential != null) {
            exponentials(labels);
        } else {
            ops.keepOwn(distances.matrix(), labels, terms);
        }
        ops.rowSums(terms, rowSums);
        ops.spoilRowsOfNoClass(labels, rowSums);
        ops.sum(rowSums, 1.0 / samples, loss);
    }

    /** With the exponentials in {@link #terms}, where there are any. */
    private void pull(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        double factor = scale * 2 / samples;
        if (exponential != null) {
            factor *= attraction.alpha();
        } else {
            ops.keepOwn(null, labels, terms);
        }
        ofSamples.ofRows(terms, labels, x, centers, factor, accumulate, dx);
        if (dCenters != null) {
            ofCenters.ofColumns(terms, centers, x, factor, dCenters);
        }
    }
}

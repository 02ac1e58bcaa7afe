package org.centerloss.baseline;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/**
 * The center update as PyTorch code composes it: samples are added up by class by a product with
 * their one-hot labels [m, C].
 */
final class ComposedCenterUpdate extends ComposedOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final double alpha;
    private final Tensor oneHot;
    private final Tensor counts;
    private final Tensor sums;

    ComposedCenterUpdate(ComposedOps kind, int samples, int features, int classes, double alpha) {
        super(
                kind,
                "center update [%d, %d], %d classes".formatted(samples, features, classes),
                samples,
                classes,
                features);
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = alpha;
        oneHot = workspace(samples, classes);
        counts = workspace(classes);
        sums = workspace(classes, features);
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        ops.requirePlain(x, "x", samples, features);
        ops.requireIntegers(labels, "labels", samples);
        ops.requirePlain(centers, "centers", classes, features);
        ops.keepOwn(null, labels, oneHot);
        ops.columnSums(oneHot, counts);
        ops.transposedTimes(oneHot, x, sums);
        ops.moveCenters(counts, sums, alpha, centers);
    }
}

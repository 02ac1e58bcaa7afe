package org.centerloss.baseline;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/**
 * The nearest center as PyTorch code composes it: a matrix of all distances [m, C], then the
 * smallest of each row.
 */
final class ComposedNearestCenter extends ComposedOp implements NearestCenter {
    private final int samples;
    private final int features;
    private final int classes;
    private final ComposedDistances distances;

    ComposedNearestCenter(ComposedOps kind, int samples, int features, int classes) {
        super(
                kind,
                "nearest center [%d, %d], %d classes".formatted(samples, features, classes),
                samples,
                classes,
                features);
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        distances = ComposedDistances.between(this, samples, classes);
    }

    @Override
    public void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance) {
        ops.requirePlain(x, "x", samples, features);
        ops.requirePlain(centers, "centers", classes, features);
        ops.requireIntegers(prediction, "prediction", samples);
        ops.requirePlain(squaredDistance, "squaredDistance", samples);
        distances.run(x, centers);
        ops.argMin(distances.matrix(), prediction, squaredDistance);
    }
}

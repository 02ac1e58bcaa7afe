package org.centerloss.baseline;

import org.centerloss.device.Device;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.ComparedOps;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Products by the device's library and passes over whole matrices, as PyTorch code has it.
 *
 * @param device whose tensors the matrices are
 * @param matrices plans what is done with them
 */
public record ComposedOps(Device device, MatrixOps.Factory matrices) implements ComparedOps {
    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new ComposedCenterLoss(this, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new ComposedPairwiseRepulsion(this, samples, features, potential);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new ComposedCenterUpdate(this, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new ComposedNearestCenter(this, samples, features, classes);
    }
}

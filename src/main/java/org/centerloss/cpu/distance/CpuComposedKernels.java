package org.centerloss.cpu.distance;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.LossKernels;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;

/** oneDNN products and element-wise passes over whole matrices. */
public record CpuComposedKernels(CpuDevice device) implements LossKernels {
    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CpuCenterLossComposed(device, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new CpuPairwiseRepulsionComposed(device, samples, features, potential);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CpuCenterUpdateComposed(device, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new CpuNearestCenterComposed(device, samples, features, classes);
    }
}

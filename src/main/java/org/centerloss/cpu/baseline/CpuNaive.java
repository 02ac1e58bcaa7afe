package org.centerloss.cpu.baseline;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.ComparedOps;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;

/** The formulas as they stand, in float loops on one thread. */
public record CpuNaive(CpuDevice device) implements ComparedOps {
    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CpuCenterLossNaive(device, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new CpuPairwiseRepulsionNaive(device, samples, features, potential);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CpuCenterUpdateNaive(device, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new CpuNearestCenterNaive(device, samples, features, classes);
    }
}

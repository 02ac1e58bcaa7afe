package org.centerloss.cuda.baseline;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.ComparedOps;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;

/** The formulas as they stand, one thread for a pair or an element. */
public record CudaNaive(CudaDevice device) implements ComparedOps {
    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CenterLossNaive(device, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new PairwiseRepulsionNaive(device, samples, features, potential);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CenterUpdateNaive(device, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new NearestCenterNaive(device, samples, features, classes);
    }
}

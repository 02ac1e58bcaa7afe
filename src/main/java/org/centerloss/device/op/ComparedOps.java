package org.centerloss.device.op;

/**
 * The operations of which there are other ways of computing them, to be compared with the device's
 * own in throughput and exactness. Tensors are those of the device that they belong to.
 */
public interface ComparedOps {
    CenterLoss centerLoss(int samples, int features, int classes, CenterLoss.Attraction attraction);

    PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential);

    CenterUpdate centerUpdate(int samples, int features, int classes, double alpha);

    NearestCenter nearestCenter(int samples, int features, int classes);
}

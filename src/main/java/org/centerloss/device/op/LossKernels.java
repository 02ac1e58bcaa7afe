package org.centerloss.device.op;

/**
 * The operations that can be compared in throughput, in one way of computing them: see {@link
 * Variant}. Tensors are those of the device that it belongs to.
 */
public interface LossKernels {
    CenterLoss centerLoss(int samples, int features, int classes, CenterLoss.Attraction attraction);

    PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential);

    CenterUpdate centerUpdate(int samples, int features, int classes, double alpha);

    NearestCenter nearestCenter(int samples, int features, int classes);
}

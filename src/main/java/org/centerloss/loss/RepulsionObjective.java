package org.centerloss.loss;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.nn.Parameters;

/**
 * Standalone center loss: the center loss pulls samples to their center, a repulsion between
 * samples of different classes pushes them apart; no softmax. The potential makes the variants:
 * logarithmic ({@code standalone}), truncated ({@code margin}), raw ({@code raw}, which diverges).
 *
 * @param intraWeight factor of the center loss
 * @param interWeight factor of the repulsion, which is subtracted
 */
record RepulsionObjective(
        double intraWeight, double interWeight, PairwiseRepulsion.Potential potential)
        implements Objective {
    @Override
    public List<Term> terms() {
        return List.of(new Term("intra", intraWeight), new Term("inter", -interWeight));
    }

    @Override
    public Classification classification() {
        return Classification.NEAREST_CENTER;
    }

    @Override
    public String remedy() {
        return switch (potential.kind()) {
            case LOGARITHMIC -> "a lower --lr or a smaller --weight-inter";
            case TRUNCATED -> "a lower --lr or a smaller --weight-inter or --margin";
            case RAW ->
                    "a lower --lr, a smaller --weight-inter, or a repulsion that grows more slowly:"
                            + " --loss standalone or margin";
        };
    }

    @Override
    public LossStep plan(
            Device device, Parameters parameters, int samples, int features, int classes) {
        Resources owned = new Resources();
        Tensor intra = owned.add(device.tensor(1));
        Tensor inter = owned.add(device.tensor(1));
        CenterLoss centerLoss =
                owned.add(
                        device.centerLoss(
                                samples, features, classes, CenterLoss.Attraction.SQUARED));
        PairwiseRepulsion repulsion =
                owned.add(device.pairwiseRepulsion(samples, features, potential));
        Centers centers = Centers.of(parameters);
        return new PlannedLoss(owned, intra, inter) {
            @Override
            public void run(Tensor x, IntTensor labels, Tensor dx) {
                centerLoss.forwardBackward(
                        x,
                        labels,
                        centers.values(),
                        intraWeight,
                        false,
                        intra,
                        dx,
                        centers.gradient());
                repulsion.forwardBackward(x, labels, -interWeight, true, inter, dx);
            }
        };
    }
}

package org.centerloss.loss;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.nn.Parameters;

/**
 * The reference README's alternative 1: centers are pushed apart directly, and samples pulled to
 * them by the exponential of the scaled squared distance.
 *
 * @param alpha factor on the squared distance inside the exponential
 */
record CenterSpreadObjective(double intraWeight, double interWeight, double alpha)
        implements Objective {
    @Override
    public List<Term> terms() {
        return List.of(new Term("exp_intra", intraWeight), new Term("spread", -interWeight));
    }

    @Override
    public Classification classification() {
        return Classification.NEAREST_CENTER;
    }

    /** No: one of the terms reaches the centers by its gradient alone. */
    @Override
    public boolean allowsWenUpdate() {
        return false;
    }

    @Override
    public String remedy() {
        return "a lower --lr or a smaller --alpha, --weight-intra or --weight-inter";
    }

    @Override
    public LossStep plan(
            Device device, Parameters parameters, int samples, int features, int classes) {
        Resources owned = new Resources();
        Tensor intra = owned.add(device.tensor(1));
        Tensor spreadValue = owned.add(device.tensor(1));
        CenterLoss centerLoss =
                owned.add(
                        device.centerLoss(
                                samples, features, classes, new CenterLoss.Attraction(alpha)));
        CenterSpread spread = owned.add(device.centerSpread(classes, features));
        Centers centers = Centers.of(parameters);
        return new PlannedLoss(owned, intra, spreadValue) {
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
                spread.forwardBackward(
                        centers.values(), -interWeight, spreadValue, centers.gradient());
            }
        };
    }
}

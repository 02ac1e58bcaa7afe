package org.centerloss.loss;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.nn.Head;
import org.centerloss.nn.Parameters;

/**
 * Softmax cross-entropy of {@code fc2}'s logits, alone ({@code xent}) or with the center loss
 * beside it ({@code cent}, Wen et al. 2016).
 *
 * @param centerWeight factor of the center loss; 0 leaves it out
 */
record CrossEntropyObjective(double centerWeight) implements Objective {
    @Override
    public List<Term> terms() {
        Term crossEntropy = new Term("xent", 1);
        return usesCenters()
                ? List.of(crossEntropy, new Term("intra", centerWeight))
                : List.of(crossEntropy);
    }

    @Override
    public Classification classification() {
        return Classification.LARGEST_LOGIT;
    }

    @Override
    public boolean trainsLogits() {
        return true;
    }

    @Override
    public boolean usesCenters() {
        return centerWeight != 0;
    }

    @Override
    public String remedy() {
        return usesCenters() ? "a lower --lr or a smaller --weight-cent" : "a lower --lr";
    }

    @Override
    public LossStep plan(
            Device device, Parameters parameters, int samples, int features, int classes) {
        Resources owned = new Resources();
        Tensor crossEntropyValue = owned.add(device.tensor(1));
        Tensor intraValue = owned.add(device.tensor(1));
        Tensor logitGradient = owned.add(device.tensor(samples, classes));
        Head head = owned.add(new Head(device, parameters, samples));
        SoftmaxCrossEntropy crossEntropy = owned.add(device.softmaxCrossEntropy(samples, classes));
        Centers centers = usesCenters() ? Centers.of(parameters) : null;
        CenterLoss centerLoss =
                centers == null
                        ? null
                        : owned.add(
                                device.centerLoss(
                                        samples, features, classes, CenterLoss.Attraction.SQUARED));
        Tensor[] terms =
                usesCenters()
                        ? new Tensor[] {crossEntropyValue, intraValue}
                        : new Tensor[] {crossEntropyValue};
        return new PlannedLoss(owned, terms) {
            @Override
            public void run(Tensor x, IntTensor labels, Tensor dx) {
                head.forward(x);
                crossEntropy.forwardBackward(
                        head.logits(), labels, 1, crossEntropyValue, logitGradient);
                head.backward(x, logitGradient, dx);
                if (centerLoss != null) {
                    centerLoss.forwardBackward(
                            x,
                            labels,
                            centers.values(),
                            centerWeight,
                            true,
                            intraValue,
                            dx,
                            centers.gradient());
                }
            }
        };
    }
}

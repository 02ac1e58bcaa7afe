package org.centerloss.loss;

import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;

/**
 * The reference README's alternative 2: a linear layer over the class centers with cross-entropy
 * (center j is to be classified as j), and the center loss for the samples. The softmax costs
 * O(classes²) instead of O(samples·classes).
 */
record CenterSoftmaxObjective(double intraWeight) implements Objective {
    private static final String WEIGHT = "center_fc.weight";
    private static final String BIAS = "center_fc.bias";

    @Override
    public List<Term> terms() {
        return List.of(new Term("intra", intraWeight), new Term("center_xent", 1));
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
    public List<Parameter> extraParameters(int features, int classes) {
        return List.of(
                Parameter.kaiming(WEIGHT, classes, features), Parameter.zeros(BIAS, classes));
    }

    @Override
    public String remedy() {
        return "a lower --lr or a smaller --weight-intra";
    }

    @Override
    public LossStep plan(
            Device device, Parameters parameters, int samples, int features, int classes) {
        Resources owned = new Resources();
        Tensor intra = owned.add(device.tensor(1));
        Tensor crossEntropyValue = owned.add(device.tensor(1));
        IntTensor ownClass = owned.add(device.intTensor(classes));
        ownClass.write(IntStream.range(0, classes).toArray());
        Tensor logits = owned.add(device.tensor(classes, classes));
        Tensor logitGradient = owned.add(device.tensor(classes, classes));
        Linear layer = owned.add(device.linear(classes, features, classes));
        SoftmaxCrossEntropy crossEntropy = owned.add(device.softmaxCrossEntropy(classes, classes));
        CenterLoss centerLoss =
                owned.add(
                        device.centerLoss(
                                samples, features, classes, CenterLoss.Attraction.SQUARED));
        Centers centers = Centers.of(parameters);
        Tensor weight = parameters.value(WEIGHT);
        Tensor bias = parameters.value(BIAS);
        Tensor weightGradient = parameters.gradient(WEIGHT);
        Tensor biasGradient = parameters.gradient(BIAS);
        return new PlannedLoss(owned, intra, crossEntropyValue) {
            @Override
            public void run(Tensor x, IntTensor labels, Tensor dx) {
                layer.forward(centers.values(), weight, bias, logits);
                crossEntropy.forwardBackward(logits, ownClass, 1, crossEntropyValue, logitGradient);
                // The centers' gradient: the layer's, to which the center loss adds its own.
                layer.backward(
                        centers.values(),
                        logitGradient,
                        weight,
                        centers.gradient(),
                        weightGradient,
                        biasGradient);
                centerLoss.forwardBackward(
                        x,
                        labels,
                        centers.values(),
                        intraWeight,
                        false,
                        intra,
                        dx,
                        centers.gradient());
            }
        };
    }
}

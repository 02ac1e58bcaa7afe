package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.Sgd;

final class SgdReference extends ReferenceOp implements Sgd {
    private final int size;
    private final double momentum;
    private final double weightDecay;
    private final boolean nesterov;

    SgdReference(
            ReferenceDevice device,
            int size,
            double momentum,
            double weightDecay,
            boolean nesterov) {
        super(device, "sgd", 0, size);
        this.size = size;
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        this.nesterov = nesterov;
    }

    @Override
    public void step(Tensor weights, Tensor gradients, Tensor velocity, Tensor learningRate) {
        ReferenceTensor w = plain("weights", weights, size);
        ReferenceTensor g = plain("gradients", gradients, size);
        ReferenceTensor v = plain("velocity", velocity, size);
        double rate = plain("learningRate", learningRate, 1).get(0);
        for (int i = 0; i < size; i++) {
            v.set(i, momentum * v.get(i) + g.get(i) + weightDecay * w.get(i));
            double direction =
                    nesterov ? g.get(i) + weightDecay * w.get(i) + momentum * v.get(i) : v.get(i);
            w.add(i, -rate * direction);
        }
    }
}

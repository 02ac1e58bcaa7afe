package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;

final class AdamWReference extends ReferenceOp implements AdamW {
    private final int size;
    private final Hyperparameters hyperparameters;

    AdamWReference(ReferenceDevice device, int size, Hyperparameters hyperparameters) {
        super(device, "adamw", 0, size);
        this.size = size;
        this.hyperparameters = hyperparameters;
    }

    @Override
    public void step(
            Tensor weights, Tensor gradients, Tensor expAvg, Tensor expAvgSq, Tensor coefficients) {
        ReferenceTensor w = plain("weights", weights, size);
        ReferenceTensor g = plain("gradients", gradients, size);
        ReferenceTensor m = plain("expAvg", expAvg, size);
        ReferenceTensor v = plain("expAvgSq", expAvgSq, size);
        ReferenceTensor row = plain("coefficients", coefficients, COEFFICIENTS);
        double keptWeight = row.get(0);
        double stepSize = row.get(1);
        double rootScale = row.get(2);
        double beta1 = hyperparameters.beta1();
        double beta2 = hyperparameters.beta2();
        for (int i = 0; i < size; i++) {
            m.set(i, beta1 * m.get(i) + (1 - beta1) * g.get(i));
            v.set(i, beta2 * v.get(i) + (1 - beta2) * g.get(i) * g.get(i));
            double deviation = Math.sqrt(v.get(i)) * rootScale + hyperparameters.epsilon();
            w.set(i, keptWeight * w.get(i) - stepSize * m.get(i) / deviation);
        }
    }
}

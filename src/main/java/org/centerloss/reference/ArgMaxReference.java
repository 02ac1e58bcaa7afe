package org.centerloss.reference;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;

final class ArgMaxReference extends ReferenceOp implements ArgMax {
    private final int samples;
    private final int classes;

    ArgMaxReference(ReferenceDevice device, int samples, int classes) {
        super(device, "arg max", 0, samples, classes);
        this.samples = samples;
        this.classes = classes;
    }

    @Override
    public void forward(Tensor logits, IntTensor prediction) {
        ReferenceTensor z = plain("logits", logits, samples, classes);
        int[] best = integers("prediction", prediction, samples).data;
        for (int i = 0; i < samples; i++) {
            best[i] = 0;
            for (int j = 1; j < classes; j++) {
                if (z.get(i * classes + j) > z.get(i * classes + best[i])) {
                    best[i] = j;
                }
            }
        }
    }
}

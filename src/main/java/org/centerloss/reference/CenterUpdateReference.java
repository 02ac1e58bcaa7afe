package org.centerloss.reference;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

final class CenterUpdateReference extends ReferenceOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final double alpha;

    CenterUpdateReference(
            ReferenceDevice device, int samples, int features, int classes, double alpha) {
        super(device, "center update", 0, samples, features, classes);
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = alpha;
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        ReferenceTensor points = plain("x", x, samples, features);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor c = plain("centers", centers, classes, features);
        for (int j = 0; j < classes; j++) {
            for (int k = 0; k < features; k++) {
                double sum = 0;
                int count = 0;
                for (int i = 0; i < samples; i++) {
                    if (y[i] == j) {
                        sum += c.get(j * features + k) - points.get(i * features + k);
                        count++;
                    }
                }
                c.add(j * features + k, -alpha * sum / (1 + count));
            }
        }
    }
}

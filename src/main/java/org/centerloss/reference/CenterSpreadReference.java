package org.centerloss.reference;

import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterSpread;

final class CenterSpreadReference extends ReferenceOp implements CenterSpread {
    private final int classes;
    private final int features;

    CenterSpreadReference(ReferenceDevice device, int classes, int features) {
        super(device, "center spread", 0, classes, features);
        this.classes = classes;
        this.features = features;
    }

    @Override
    public void forward(Tensor centers, Tensor value) {
        ReferenceTensor c = plain("centers", centers, classes, features);
        ReferenceTensor result = plain("value", value, 1);
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                if (i != j) {
                    sum += Math.log(squaredDistance(c, i, j));
                }
            }
        }
        result.set(0, sum / classes);
    }

    @Override
    public void forwardBackward(Tensor centers, double scale, Tensor value, Tensor dCenters) {
        forward(centers, value);
        ReferenceTensor c = plain("centers", centers, classes, features);
        ReferenceTensor gradient = plain("dCenters", dCenters, classes, features);
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                if (i != j) {
                    double s = squaredDistance(c, i, j);
                    for (int k = 0; k < features; k++) {
                        double difference = c.get(i * features + k) - c.get(j * features + k);
                        gradient.add(i * features + k, scale * 4 / classes * difference / s);
                    }
                }
            }
        }
    }

    private double squaredDistance(ReferenceTensor c, int i, int j) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            double difference = c.get(i * features + k) - c.get(j * features + k);
            sum += difference * difference;
        }
        return sum;
    }
}

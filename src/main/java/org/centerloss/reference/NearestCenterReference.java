package org.centerloss.reference;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

final class NearestCenterReference extends ReferenceOp implements NearestCenter {
    private final int samples;
    private final int features;
    private final int classes;

    NearestCenterReference(ReferenceDevice device, int samples, int features, int classes) {
        super(device, "nearest center", 0, samples, features, classes);
        this.samples = samples;
        this.features = features;
        this.classes = classes;
    }

    @Override
    public void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance) {
        ReferenceTensor points = plain("x", x, samples, features);
        ReferenceTensor c = plain("centers", centers, classes, features);
        int[] nearest = integers("prediction", prediction, samples).data;
        ReferenceTensor distance = plain("squaredDistance", squaredDistance, samples);
        for (int i = 0; i < samples; i++) {
            nearest[i] = 0;
            double smallest = squaredDistance(points, i, c, 0);
            for (int j = 1; j < classes; j++) {
                double candidate = squaredDistance(points, i, c, j);
                if (candidate < smallest) {
                    smallest = candidate;
                    nearest[i] = j;
                }
            }
            distance.set(i, smallest);
        }
    }

    private double squaredDistance(ReferenceTensor x, int i, ReferenceTensor centers, int j) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            double difference = x.get(i * features + k) - centers.get(j * features + k);
            sum += difference * difference;
        }
        return sum;
    }
}

package org.centerloss.reference;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

final class CenterLossReference extends ReferenceOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;

    CenterLossReference(
            ReferenceDevice device, int samples, int features, int classes, Attraction attraction) {
        super(device, "center loss", 0, samples, features, classes);
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        ReferenceTensor points = plain("x", x, samples, features);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor c = plain("centers", centers, classes, features);
        ReferenceTensor result = plain("loss", loss, 1);
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            if (!isClass(y[i], classes)) {
                sum = Double.NaN;
                continue;
            }
            double s = squaredDistance(points, i, c, y[i]);
            sum += attraction.exponential() ? Math.exp(attraction.alpha() * s) : s;
        }
        result.set(0, sum / samples);
    }

    @Override
    public void forwardBackward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor loss,
            Tensor dx,
            Tensor dCenters) {
        forward(x, labels, centers, loss);
        backward(x, labels, centers, scale, accumulate, dx, dCenters);
    }

    @Override
    public void backward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        ReferenceTensor points = plain("x", x, samples, features);
        int[] y = integers("labels", labels, samples).data;
        ReferenceTensor c = plain("centers", centers, classes, features);
        ReferenceTensor gradient = plain("dx", dx, samples, features);
        ReferenceTensor centerGradient =
                dCenters == null ? null : plain("dCenters", dCenters, classes, features);
        if (!accumulate) {
            gradient.zero();
        }
        for (int i = 0; i < samples; i++) {
            if (!isClass(y[i], classes)) {
                for (int k = 0; k < features; k++) {
                    gradient.set(i * features + k, Double.NaN);
                }
                continue;
            }
            double s = squaredDistance(points, i, c, y[i]);
            double slope =
                    attraction.exponential()
                            ? attraction.alpha() * Math.exp(attraction.alpha() * s)
                            : 1;
            for (int k = 0; k < features; k++) {
                int at = i * features + k;
                int atCenter = y[i] * features + k;
                double term = scale * 2 / samples * slope * (points.get(at) - c.get(atCenter));
                gradient.add(at, term);
                if (centerGradient != null) {
                    centerGradient.add(atCenter, -term);
                }
            }
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

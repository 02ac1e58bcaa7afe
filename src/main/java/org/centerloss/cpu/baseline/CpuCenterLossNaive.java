package org.centerloss.cpu.baseline;

import java.util.Arrays;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.distance.SamplesByClass;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

/** Center loss as its formula stands, sample by sample on one thread. */
final class CpuCenterLossNaive extends CpuOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;
    private final float[] x;
    private final float[] centers;
    private final float[] dx;
    private final float[] dCenters;

    CpuCenterLossNaive(
            CpuDevice device, int samples, int features, int classes, Attraction attraction) {
        super(
                device,
                "naive center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
        x = new float[Math.multiplyExact(samples, features)];
        centers = new float[Math.multiplyExact(classes, features)];
        dx = new float[x.length];
        dCenters = new float[centers.length];
        holds(2L * Float.BYTES * ((long) x.length + centers.length));
    }

    @Override
    public void forward(Tensor points, IntTensor labels, Tensor c, Tensor loss) {
        CpuTensor result = plain(loss, "loss", 1);
        int[] classOf = load(points, labels, c);
        float sum = 0;
        for (int i = 0; i < samples; i++) {
            if (!SamplesByClass.isClass(classOf[i], classes)) {
                sum = Float.NaN;
                continue;
            }
            float s = squaredDistance(i, classOf[i]);
            sum += attraction.exponential() ? (float) Math.exp(attraction.alpha() * s) : s;
        }
        result.buffer().put(0, sum / samples);
    }

    @Override
    public void forwardBackward(
            Tensor points,
            IntTensor labels,
            Tensor c,
            double scale,
            boolean accumulate,
            Tensor loss,
            Tensor gradient,
            Tensor centerGradient) {
        forward(points, labels, c, loss);
        backward(points, labels, c, scale, accumulate, gradient, centerGradient);
    }

    @Override
    public void backward(
            Tensor points,
            IntTensor labels,
            Tensor c,
            double scale,
            boolean accumulate,
            Tensor gradient,
            Tensor centerGradient) {
        int[] classOf = load(points, labels, c);
        CpuTensor ofSamples = plain(gradient, "dx", samples, features);
        CpuTensor ofCenters =
                centerGradient == null
                        ? null
                        : plain(centerGradient, "dCenters", classes, features);
        if (accumulate) {
            ofSamples.buffer().get(0, dx);
        } else {
            Arrays.fill(dx, 0f);
        }
        if (ofCenters != null) {
            ofCenters.buffer().get(0, dCenters);
        }
        float factor = (float) (scale * 2 / samples);
        for (int i = 0; i < samples; i++) {
            if (!SamplesByClass.isClass(classOf[i], classes)) {
                Arrays.fill(dx, i * features, (i + 1) * features, Float.NaN);
                continue;
            }
            float slope = slope(i, classOf[i]);
            for (int k = 0; k < features; k++) {
                int at = i * features + k;
                int atCenter = classOf[i] * features + k;
                float term = factor * slope * (x[at] - centers[atCenter]);
                dx[at] += term;
                dCenters[atCenter] -= term;
            }
        }
        ofSamples.buffer().put(0, dx);
        if (ofCenters != null) {
            ofCenters.buffer().put(0, dCenters);
        }
    }

    private int[] load(Tensor points, IntTensor labels, Tensor c) {
        checkOpen();
        plain(points, "x", samples, features).buffer().get(0, x);
        plain(c, "centers", classes, features).buffer().get(0, centers);
        return integers(labels, "labels", samples);
    }

    private float slope(int i, int j) {
        double alpha = attraction.alpha();
        return attraction.exponential()
                ? (float) (alpha * Math.exp(alpha * squaredDistance(i, j)))
                : 1;
    }

    private float squaredDistance(int i, int j) {
        float sum = 0;
        for (int k = 0; k < features; k++) {
            float difference = x[i * features + k] - centers[j * features + k];
            sum += difference * difference;
        }
        return sum;
    }
}

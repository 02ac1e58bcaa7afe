package org.centerloss.cpu.baseline;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/** The nearest center as its formula stands, distance by distance on one thread. */
final class CpuNearestCenterNaive extends CpuOp implements NearestCenter {
    private final int samples;
    private final int features;
    private final int classes;
    private final float[] x;
    private final float[] centers;

    CpuNearestCenterNaive(CpuDevice device, int samples, int features, int classes) {
        super(
                device,
                "naive nearest center [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        x = new float[Math.multiplyExact(samples, features)];
        centers = new float[Math.multiplyExact(classes, features)];
        holds(Float.BYTES * ((long) x.length + centers.length));
    }

    @Override
    public void forward(Tensor points, Tensor c, IntTensor prediction, Tensor squaredDistance) {
        checkOpen();
        plain(points, "x", samples, features).buffer().get(0, x);
        plain(c, "centers", classes, features).buffer().get(0, centers);
        int[] nearest = integers(prediction, "prediction", samples);
        CpuTensor smallest = plain(squaredDistance, "squaredDistance", samples);
        for (int i = 0; i < samples; i++) {
            float least = squaredDistance(i, 0);
            nearest[i] = 0;
            for (int j = 1; j < classes; j++) {
                float s = squaredDistance(i, j);
                if (s < least) {
                    least = s;
                    nearest[i] = j;
                }
            }
            smallest.buffer().put(i, least);
        }
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

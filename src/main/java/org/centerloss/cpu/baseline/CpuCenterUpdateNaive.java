package org.centerloss.cpu.baseline;

import java.util.Arrays;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/** The center update as its formula stands: every center looks at every label, on one thread. */
final class CpuCenterUpdateNaive extends CpuOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final float[] x;
    private final float[] center;
    private final float[] sum;

    CpuCenterUpdateNaive(CpuDevice device, int samples, int features, int classes, double alpha) {
        super(
                device,
                "naive center update [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = (float) alpha;
        x = new float[Math.multiplyExact(samples, features)];
        center = new float[features];
        sum = new float[features];
        holds(Float.BYTES * (x.length + 2L * features));
    }

    @Override
    public void update(Tensor points, IntTensor labels, Tensor centers) {
        checkOpen();
        plain(points, "x", samples, features).buffer().get(0, x);
        int[] classOf = integers(labels, "labels", samples);
        CpuTensor c = plain(centers, "centers", classes, features);
        for (int j = 0; j < classes; j++) {
            c.buffer().get(j * features, center);
            Arrays.fill(sum, 0f);
            int count = 0;
            for (int i = 0; i < samples; i++) {
                if (classOf[i] == j) {
                    count++;
                    for (int k = 0; k < features; k++) {
                        sum[k] += center[k] - x[i * features + k];
                    }
                }
            }
            for (int k = 0; k < features; k++) {
                center[k] -= alpha * sum[k] / (1 + count);
            }
            c.buffer().put(j * features, center);
        }
    }
}

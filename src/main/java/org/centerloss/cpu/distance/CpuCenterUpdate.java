package org.centerloss.cpu.distance;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/**
 * Moves the centers of the classes that are present, classes in parallel; O(m·d) however many
 * classes there are.
 */
public final class CpuCenterUpdate extends CpuOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final double alpha;
    private final SamplesByClass order;

    /** One row for each task. */
    private final float[][] point;

    private final float[][] center;
    private final double[][] classSum;
    private final SamplesByClass.ClassBody moveCenter = this::moveCenter;
    private final IntConsumer runTask;

    // The arguments of the run in progress.
    private FloatBuffer x;
    private int[] labels;
    private FloatBuffer centers;

    public CpuCenterUpdate(CpuDevice device, int samples, int features, int classes, double alpha) {
        super(device, "center update [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = alpha;
        order = new SamplesByClass(samples);
        int tasks = device.threads().tasks(samples, 4L * samples * (features + 4));
        point = new float[tasks][features];
        center = new float[tasks][features];
        classSum = new double[tasks][features];
        runTask = task -> order.forEachClass(task, tasks, moveCenter);
        holds(SamplesByClass.bytes(samples) + (2L * Float.BYTES + Double.BYTES) * tasks * features);
    }

    @Override
    public void update(Tensor points, IntTensor y, Tensor c) {
        checkOpen();
        x = plain(points, "x", samples, features).buffer();
        labels = integers(y, "labels", samples);
        centers = plain(c, "centers", classes, features).buffer();
        order.sort(labels);
        device.threads().run(point.length, runTask);
    }

    private void moveCenter(int task, int first) {
        int label = labels[order.samples[first]];
        if (!SamplesByClass.isClass(label, classes)) {
            return;
        }
        float[] p = point[task];
        float[] c = center[task];
        double[] sum = classSum[task];
        int row = label * features;
        int count = order.end[first] - first;
        centers.get(row, c);
        Arrays.fill(sum, 0);
        for (int position = first; position < order.end[first]; position++) {
            x.get(order.samples[position] * features, p);
            for (int k = 0; k < features; k++) {
                sum[k] += (double) c[k] - p[k];
            }
        }
        for (int k = 0; k < features; k++) {
            c[k] = (float) (c[k] - alpha * sum[k] / (1 + count));
        }
        centers.put(row, c);
    }
}

package org.centerloss.device.cpu;

import java.util.Arrays;
import org.centerloss.device.CenterUpdate;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/** Moves the centers of the classes that are present; O(m·d) however many classes there are. */
final class CpuCenterUpdate extends CpuOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final double alpha;
    private final LabelOrder order;
    private final float[] point;
    private final float[] center;
    private final double[] sum;

    CpuCenterUpdate(CpuDevice device, int samples, int features, int classes, double alpha) {
        super(device, "center update [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = alpha;
        order = new LabelOrder(samples);
        point = new float[features];
        center = new float[features];
        sum = new double[features];
        holds(LabelOrder.bytes(samples) + (2L * Float.BYTES + Double.BYTES) * features);
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        checkOpen();
        CpuTensor points = plain(x, "x", samples, features);
        int[] classOf = integers(labels, "labels", samples);
        CpuTensor c = plain(centers, "centers", classes, features);
        LabelOrder.check(name(), classOf, classes);
        order.sort(classOf);
        for (int first = 0; first < samples; first = order.end[first]) {
            int row = classOf[order.samples[first]] * features;
            int count = order.end[first] - first;
            c.buffer().get(row, center);
            Arrays.fill(sum, 0);
            for (int position = first; position < order.end[first]; position++) {
                points.buffer().get(order.samples[position] * features, point);
                for (int k = 0; k < features; k++) {
                    sum[k] += (double) center[k] - point[k];
                }
            }
            for (int k = 0; k < features; k++) {
                center[k] = (float) (center[k] - alpha * sum[k] / (1 + count));
            }
            c.buffer().put(row, center);
        }
    }
}

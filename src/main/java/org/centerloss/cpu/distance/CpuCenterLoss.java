package org.centerloss.cpu.distance;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

/**
 * Center loss in double from float differences. Samples are taken class by class, classes in
 * parallel: each center is read once, each sample once. Its cost is O(m·d), however many classes
 * there are.
 */
public final class CpuCenterLoss extends CpuOp implements CenterLoss {
    /** A cache line has so many floats. */
    private static final int ROW_OF_A_LINE = 16;

    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;
    private final SamplesByClass order;

    /** The loss of the sample at each position of the order. */
    private final double[] lossOf;

    /** One row for each task. */
    private final float[][] point;

    private final float[][] center;
    private final float[][] slope;
    private final double[][] classSum;
    private final SamplesByClass.ClassBody runClass = this::runClass;
    private final IntConsumer runTask;

    // The arguments of the run in progress.
    private FloatBuffer x;
    private int[] labels;
    private FloatBuffer centers;
    private FloatBuffer dx;
    private FloatBuffer dCenters;
    private double factor;
    private boolean accumulate;

    public CpuCenterLoss(
            CpuDevice device, int samples, int features, int classes, Attraction attraction) {
        super(device, "center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
        order = new SamplesByClass(samples);
        lossOf = new double[samples];
        // Two threads that write to one cache line hinder each other, so short rows have one.
        int tasks =
                features < ROW_OF_A_LINE
                        ? 1
                        : device.threads().tasks(samples, 10L * samples * (features + 4));
        point = new float[tasks][features];
        center = new float[tasks][features];
        slope = new float[tasks][features];
        classSum = new double[tasks][features];
        runTask = task -> order.forEachClass(task, tasks, runClass);
        holds(
                SamplesByClass.bytes(samples)
                        + (long) Double.BYTES * samples
                        + (3L * Float.BYTES + Double.BYTES) * tasks * features);
    }

    @Override
    public void forward(Tensor points, IntTensor y, Tensor c, Tensor loss) {
        run(points, y, c, plain(loss, "loss", 1), null, null);
    }

    @Override
    public void forwardBackward(
            Tensor points,
            IntTensor y,
            Tensor c,
            double scale,
            boolean accumulateGradient,
            Tensor loss,
            Tensor gradient,
            Tensor centerGradient) {
        factor = scale * 2 / samples;
        accumulate = accumulateGradient;
        run(
                points,
                y,
                c,
                plain(loss, "loss", 1),
                plain(gradient, "dx", samples, features),
                centerGradient == null
                        ? null
                        : plain(centerGradient, "dCenters", classes, features));
    }

    @Override
    public void backward(
            Tensor points,
            IntTensor y,
            Tensor c,
            double scale,
            boolean accumulateGradient,
            Tensor gradient,
            Tensor centerGradient) {
        factor = scale * 2 / samples;
        accumulate = accumulateGradient;
        run(
                points,
                y,
                c,
                null,
                plain(gradient, "dx", samples, features),
                centerGradient == null
                        ? null
                        : plain(centerGradient, "dCenters", classes, features));
    }

    private void run(
            Tensor points,
            IntTensor y,
            Tensor c,
            CpuTensor loss,
            CpuTensor gradient,
            CpuTensor centerGradient) {
        checkOpen();
        x = plain(points, "x", samples, features).buffer();
        labels = integers(y, "labels", samples);
        centers = plain(c, "centers", classes, features).buffer();
        dx = gradient == null ? null : gradient.buffer();
        dCenters = centerGradient == null ? null : centerGradient.buffer();
        order.sort(labels);
        device.threads().run(point.length, runTask);
        if (loss != null) {
            double sum = 0;
            for (double term : lossOf) {
                sum += term;
            }
            loss.buffer().put(0, (float) (sum / samples));
        }
    }

    private void runClass(int task, int first) {
        int label = labels[order.samples[first]];
        if (!SamplesByClass.isClass(label, classes)) {
            spoil(task, first);
            return;
        }
        float[] c = center[task];
        double[] sum = classSum[task];
        int row = label * features;
        centers.get(row, c);
        Arrays.fill(sum, 0);
        for (int position = first; position < order.end[first]; position++) {
            int i = order.samples[position];
            float[] p = point[task];
            x.get(i * features, p);
            double distance = DistanceLoops.squaredDistance(p, 0, c, 0, features);
            double weight = 1;
            if (attraction.exponential()) {
                lossOf[position] = Math.exp(attraction.alpha() * distance);
                weight = attraction.alpha() * lossOf[position];
            } else {
                lossOf[position] = distance;
            }
            if (dCenters != null) {
                for (int k = 0; k < features; k++) {
                    sum[k] += weight * ((double) p[k] - c[k]);
                }
            }
            if (dx != null) {
                storeGradient(i, p, c, factor * weight, slope[task]);
            }
        }
        if (dCenters != null) {
            dCenters.get(row, c);
            for (int k = 0; k < features; k++) {
                c[k] = (float) (c[k] - factor * sum[k]);
            }
            dCenters.put(row, c);
        }
    }

    /** For samples of a label that is no class. */
    private void spoil(int task, int first) {
        float[] g = slope[task];
        Arrays.fill(g, Float.NaN);
        for (int position = first; position < order.end[first]; position++) {
            lossOf[position] = Double.NaN;
            if (dx != null) {
                dx.put(order.samples[position] * features, g);
            }
        }
    }

    /**
     * @param g room for the sample's gradient
     */
    private void storeGradient(int i, float[] p, float[] c, double weight, float[] g) {
        for (int k = 0; k < features; k++) {
            g[k] = (float) (weight * ((double) p[k] - c[k]));
        }
        if (accumulate) {
            dx.get(i * features, p);
            for (int k = 0; k < features; k++) {
                g[k] += p[k];
            }
        }
        dx.put(i * features, g);
    }
}

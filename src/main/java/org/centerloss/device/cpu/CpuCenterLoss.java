package org.centerloss.device.cpu;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.device.CenterLoss;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Center loss in double from float differences: samples in parallel, then classes in parallel. Its
 * cost is O(m·d), however many classes there are.
 */
final class CpuCenterLoss extends CpuOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;
    private final LabelOrder order;
    private final double[] lossOf;

    /** ψ′ of each sample. */
    private final double[] weightOf;

    /** One row for each task. */
    private final float[][] point;

    private final float[][] center;
    private final double[][] classSum;
    private final IntConsumer runSamples = this::runSamples;
    private final IntConsumer runClasses = this::runClasses;

    // The arguments of the run in progress.
    private CpuTensor x;
    private int[] labels;
    private CpuTensor centers;
    private CpuTensor dx;
    private CpuTensor dCenters;
    private double factor;
    private boolean accumulate;

    CpuCenterLoss(CpuDevice device, int samples, int features, int classes, Attraction attraction) {
        super(device, "center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
        order = new LabelOrder(samples);
        lossOf = new double[samples];
        weightOf = new double[samples];
        int tasks = Math.min(samples, 4 * device.threads().count());
        point = new float[tasks][features];
        center = new float[tasks][features];
        classSum = new double[tasks][features];
        holds(
                LabelOrder.bytes(samples)
                        + 2L * Double.BYTES * samples
                        + (2L * Float.BYTES + Double.BYTES) * tasks * features);
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
        x = plain(points, "x", samples, features);
        labels = integers(y, "labels", samples);
        centers = plain(c, "centers", classes, features);
        LabelOrder.check(name(), labels, classes);
        dx = gradient;
        dCenters = centerGradient;
        device.threads().run(point.length, runSamples);
        if (dCenters != null) {
            order.sort(labels);
            device.threads().run(point.length, runClasses);
        }
        if (loss != null) {
            double sum = 0;
            for (double term : lossOf) {
                sum += term;
            }
            loss.buffer().put(0, (float) (sum / samples));
        }
    }

    private int firstOf(int task) {
        return (int) ((long) task * samples / point.length);
    }

    private void runSamples(int task) {
        float[] p = point[task];
        float[] c = center[task];
        for (int i = firstOf(task); i < firstOf(task + 1); i++) {
            x.buffer().get(i * features, p);
            centers.buffer().get(labels[i] * features, c);
            double distance = 0;
            for (int k = 0; k < features; k++) {
                double difference = (double) p[k] - c[k];
                distance += difference * difference;
            }
            if (attraction.exponential()) {
                lossOf[i] = Math.exp(attraction.alpha() * distance);
                weightOf[i] = attraction.alpha() * lossOf[i];
            } else {
                lossOf[i] = distance;
                weightOf[i] = 1;
            }
            if (dx != null) {
                storeGradient(i, p, c);
            }
        }
    }

    /** Turns the center's row into the gradient's. */
    private void storeGradient(int i, float[] p, float[] c) {
        double weight = factor * weightOf[i];
        for (int k = 0; k < features; k++) {
            c[k] = (float) (weight * ((double) p[k] - c[k]));
        }
        if (accumulate) {
            dx.buffer().get(i * features, p);
            for (int k = 0; k < features; k++) {
                c[k] += p[k];
            }
        }
        dx.buffer().put(i * features, c);
    }

    /** Sums the classes whose first sample, in label order, is one of this task's. */
    private void runClasses(int task) {
        int position = firstOf(task);
        if (order.first[position] != position) {
            position = order.end[position];
        }
        while (position < firstOf(task + 1)) {
            addClass(position, point[task], center[task], classSum[task]);
            position = order.end[position];
        }
    }

    private void addClass(int first, float[] p, float[] c, double[] sum) {
        int row = labels[order.samples[first]] * features;
        centers.buffer().get(row, c);
        Arrays.fill(sum, 0);
        for (int position = first; position < order.end[first]; position++) {
            int i = order.samples[position];
            x.buffer().get(i * features, p);
            for (int k = 0; k < features; k++) {
                sum[k] += weightOf[i] * ((double) p[k] - c[k]);
            }
        }
        dCenters.buffer().get(row, c);
        for (int k = 0; k < features; k++) {
            c[k] = (float) (c[k] - factor * sum[k]);
        }
        dCenters.buffer().put(row, c);
    }
}

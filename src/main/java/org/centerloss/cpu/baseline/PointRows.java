package org.centerloss.cpu.baseline;

import java.util.function.IntConsumer;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.CpuThreads;

/** Passes over points [n, d], samples or centers, that matrices have a row or a column for. */
final class PointRows {
    private final CpuThreads threads;
    private final int features;

    /** For each task three rows. */
    private final float[][] point;

    private final float[][] product;
    private final float[][] sum;
    private final IntConsumer runTask = this::runTask;

    // The arguments of the gradient in progress.
    private int count;
    private int tasks;
    private CpuTensor a;
    private CpuTensor sums;
    private CpuTensor products;
    private float factor;
    private boolean accumulate;
    private CpuTensor result;

    /**
     * @param op owns the memory
     * @param most points of a pass
     */
    PointRows(CpuOp op, int most, int features) {
        threads = op.device.threads();
        this.features = features;
        int mostTasks = Math.min(most, 4 * threads.count());
        point = new float[mostTasks][features];
        product = new float[mostTasks][features];
        sum = new float[mostTasks][features];
        op.holds(3L * Float.BYTES * mostTasks * features);
    }

    void squaredNorms(CpuTensor points, CpuTensor norms) {
        float[] p = point[0];
        for (int i = 0; i < norms.size(); i++) {
            points.buffer().get(i * features, p);
            double square = 0;
            for (float value : p) {
                square += (double) value * value;
            }
            norms.buffer().put(i, (float) square);
        }
    }

    /** See {@link org.centerloss.baseline.MatrixOps#gradient}. */
    void gradient(
            CpuTensor points,
            CpuTensor weightSums,
            CpuTensor weighted,
            float scale,
            boolean add,
            CpuTensor to) {
        count = (int) weightSums.size();
        tasks = Math.min(count, point.length);
        a = points;
        sums = weightSums;
        products = weighted;
        factor = scale;
        accumulate = add;
        result = to;
        threads.run(tasks, runTask);
    }

    private void runTask(int task) {
        float[] p = point[task];
        float[] q = product[task];
        float[] g = sum[task];
        int end = (int) ((task + 1L) * count / tasks);
        for (int i = (int) ((long) task * count / tasks); i < end; i++) {
            a.buffer().get(i * features, p);
            products.buffer().get(i * features, q);
            float weight = sums.buffer().get(i);
            for (int k = 0; k < features; k++) {
                g[k] = factor * (weight * p[k] - q[k]);
            }
            if (accumulate) {
                result.buffer().get(i * features, p);
                for (int k = 0; k < features; k++) {
                    g[k] += p[k];
                }
            }
            result.buffer().put(i * features, g);
        }
    }

    /** See {@link org.centerloss.baseline.MatrixOps#moveCenters}. */
    void moveCenters(CpuTensor counts, CpuTensor classSums, float alpha, CpuTensor centers) {
        float[] center = point[0];
        float[] s = sum[0];
        for (int j = 0; j < counts.size(); j++) {
            centers.buffer().get(j * features, center);
            classSums.buffer().get(j * features, s);
            float n = counts.buffer().get(j);
            for (int k = 0; k < features; k++) {
                center[k] -= alpha * (n * center[k] - s[k]) / (1 + n);
            }
            centers.buffer().put(j * features, center);
        }
    }
}

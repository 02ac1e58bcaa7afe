package org.centerloss.cpu.distance;

import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.CpuProduct;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.NativeMemory;

/**
 * The gradient of points a that a matrix of weights w pulls to points b: Σ_j w_ij (a_i − b_j) as
 * (Σ_j w_ij)·a_i − (w·b)_i, the points being the rows of the weights or their columns.
 */
final class CpuComposedGradient {
    private final CpuDevice device;
    private final int features;
    private final CpuComposedSums sums;
    private final CpuProduct product;
    private final NativeMemory products;

    /** For each task a point, its product and its gradient. */
    private final float[][] point;

    private final float[][] pulled;
    private final float[][] gradient;
    private final int count;
    private final IntConsumer runTask = this::runTask;

    // The arguments of the run in progress.
    private float[] weightSums;
    private CpuTensor a;
    private CpuTensor result;
    private float factor;
    private boolean accumulate;

    private CpuComposedGradient(CpuOp op, int rows, int columns, int features, boolean ofRows) {
        device = op.device;
        this.features = features;
        count = ofRows ? rows : columns;
        int terms = ofRows ? columns : rows;
        sums =
                ofRows
                        ? CpuComposedSums.ofRows(op, rows, columns)
                        : CpuComposedSums.ofColumns(op, rows, columns);
        product = new CpuProduct(op, count, features, terms, !ofRows, false);
        products = op.memory((long) Float.BYTES * count * features);
        int tasks = Math.min(count, 4 * device.threads().count());
        point = new float[tasks][features];
        pulled = new float[tasks][features];
        gradient = new float[tasks][features];
        op.holds(3L * Float.BYTES * tasks * features);
    }

    static CpuComposedGradient ofRows(CpuOp op, int rows, int columns, int features) {
        return new CpuComposedGradient(op, rows, columns, features, true);
    }

    static CpuComposedGradient ofColumns(CpuOp op, int rows, int columns, int features) {
        return new CpuComposedGradient(op, rows, columns, features, false);
    }

    /** Writes factor · gradient to {@code to}, or adds it. */
    void run(
            CpuComposedMatrix weights,
            CpuTensor points,
            CpuTensor b,
            double scale,
            boolean add,
            CpuTensor to) {
        weightSums = sums.of(weights);
        product.run(weights.pointer(), b.pointer(), products.pointer());
        a = points;
        factor = (float) scale;
        accumulate = add;
        result = to;
        device.threads().run(point.length, runTask);
    }

    private void runTask(int task) {
        float[] p = point[task];
        float[] q = pulled[task];
        float[] g = gradient[task];
        int end = (int) ((task + 1L) * count / point.length);
        for (int i = (int) ((long) task * count / point.length); i < end; i++) {
            a.buffer().get(i * features, p);
            products.floats().get(i * features, q);
            float sum = weightSums[i];
            for (int k = 0; k < features; k++) {
                g[k] = factor * (sum * p[k] - q[k]);
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
}

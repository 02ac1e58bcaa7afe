package org.centerloss.cpu.baseline;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.distance.SamplesByClass;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.CpuThreads;

/** Passes over the rows of whole matrices, each row copied to the Java heap and back. */
final class MatrixRows {
    /** What a pass does with a row, in place. */
    interface Pass {
        void apply(int row, float[] values);
    }

    private final CpuThreads threads;
    private final int rows;
    private final int columns;

    /** A row for each task. */
    private final float[][] taskRow;

    private final float[] columnNorms;

    /** Null where rows and columns are not the same points, whose labels are compared. */
    private final SamplesByClass order;

    /** The class of each sample, as a number that float32 holds. */
    private final float[] classOf;

    private final IntConsumer runTask = this::runTask;
    private final Pass expand = this::expand;
    private final Pass own = this::own;
    private final Pass oneHot = this::oneHot;
    private final Pass others = this::others;
    private final Pass oneForOthers = this::oneForOthers;
    private final Pass argMin = this::argMin;

    // The arguments of the pass in progress.
    private CpuTensor source;
    private Pass pass;
    private CpuTensor result;
    private FloatBuffer ofRows;
    private int[] columnOf;

    /**
     * @param op owns the memory
     */
    MatrixRows(CpuOp op, int rows, int columns) {
        threads = op.device.threads();
        this.rows = rows;
        this.columns = columns;
        taskRow = new float[Math.min(rows, 4 * threads.count())][columns];
        columnNorms = new float[columns];
        op.holds(Float.BYTES * columns * (taskRow.length + 1L));
        order = rows == columns ? new SamplesByClass(rows) : null;
        classOf = new float[order == null ? 0 : rows];
        op.holds(order == null ? 0 : SamplesByClass.bytes(rows) + (long) Float.BYTES * rows);
    }

    /**
     * Every row becomes what the pass makes of the source's row.
     *
     * @param from null for a pass that sets every element of a row, whatever it holds
     * @param to null for a pass that looks at rows and changes none
     */
    void become(CpuTensor from, Pass rowPass, CpuTensor to) {
        source = from;
        pass = rowPass;
        result = to;
        threads.run(taskRow.length, runTask);
    }

    private int begin(int task) {
        return (int) ((long) task * rows / taskRow.length);
    }

    private void runTask(int task) {
        float[] values = taskRow[task];
        FloatBuffer from = source == null ? null : source.buffer();
        FloatBuffer to = result == null ? null : result.buffer();
        int end = begin(task + 1);
        for (int row = begin(task); row < end; row++) {
            if (from != null) {
                from.get(row * columns, values);
            }
            pass.apply(row, values);
            if (to != null) {
                to.put(row * columns, values);
            }
        }
    }

    void expand(CpuTensor rowNorms, CpuTensor normsOfColumns, CpuTensor products) {
        ofRows = rowNorms.buffer();
        normsOfColumns.buffer().get(0, columnNorms);
        become(products, expand, products);
    }

    private void expand(int row, float[] products) {
        expand(ofRows.get(row), columnNorms, products);
    }

    private static void expand(float norm, float[] norms, float[] products) {
        for (int j = 0; j < norms.length; j++) {
            products[j] = Math.max(0f, norm + norms[j] - 2f * products[j]);
        }
    }

    /**
     * @param from null for ones
     */
    void keepOwn(CpuTensor from, int[] labels, CpuTensor to) {
        columnOf = labels;
        become(from, from == null ? oneHot : own, to);
    }

    private void own(int row, float[] values) {
        boolean kept = SamplesByClass.isClass(columnOf[row], columns);
        float value = kept ? values[columnOf[row]] : 0;
        Arrays.fill(values, 0f);
        if (kept) {
            values[columnOf[row]] = value;
        }
    }

    private void oneHot(int row, float[] values) {
        Arrays.fill(values, 0f);
        if (SamplesByClass.isClass(columnOf[row], columns)) {
            values[columnOf[row]] = 1f;
        }
    }

    /**
     * @param from null for ones
     */
    void keepOthers(CpuTensor from, int[] labels, CpuTensor to) {
        order.number(labels, classOf);
        become(from, from == null ? oneForOthers : others, to);
    }

    private void others(int row, float[] values) {
        mask(classOf[row], classOf, values);
    }

    private void oneForOthers(int row, float[] values) {
        Arrays.fill(values, 1f);
        mask(classOf[row], classOf, values);
    }

    /** Multiplies by 0 or 1, as PyTorch does, by arithmetic that C2 vectorises. */
    private static void mask(float own, float[] classOf, float[] values) {
        for (int j = 0; j < values.length; j++) {
            values[j] *= Math.min(1f, Math.abs(classOf[j] - own));
        }
    }

    void argMin(CpuTensor matrix, int[] column, CpuTensor smallest) {
        columnOf = column;
        ofRows = smallest.buffer();
        become(matrix, argMin, null);
    }

    private void argMin(int row, float[] values) {
        int best = 0;
        for (int j = 1; j < values.length; j++) {
            if (values[j] < values[best]) {
                best = j;
            }
        }
        columnOf[row] = best;
        ofRows.put(row, values[best]);
    }
}

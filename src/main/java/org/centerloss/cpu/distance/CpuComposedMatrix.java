package org.centerloss.cpu.distance;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.FloatPointer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.DeviceException;

/**
 * A matrix with a row for each sample and a column for each point that it is compared with, as
 * composed operations keep it, and passes over the whole of it.
 */
final class CpuComposedMatrix {
    /** What a pass does with a row, in place. */
    interface RowPass {
        void apply(int row, float[] values);
    }

    private final CpuDevice device;
    private final int rows;
    private final NativeMemory memory;

    /** A row for each task. */
    private final float[][] taskRow;

    private final IntConsumer runTask = this::runTask;

    // The arguments of the pass in progress.
    private CpuComposedMatrix source;
    private RowPass pass;
    private boolean store;

    /**
     * @param op owns the memory
     */
    CpuComposedMatrix(CpuOp op, int rows, int columns) {
        long bytes = (long) Float.BYTES * rows * columns;
        if (bytes > Integer.MAX_VALUE) {
            op.close();
            throw new DeviceException(
                    "%s: a matrix of %d × %d is larger than 2 GiB; use smaller batches"
                            .formatted(op.name(), rows, columns));
        }
        device = op.device;
        this.rows = rows;
        memory = op.memory(bytes);
        taskRow = new float[Math.min(rows, 4 * device.threads().count())][columns];
        op.holds((long) Float.BYTES * taskRow.length * columns);
    }

    FloatPointer pointer() {
        return memory.pointer();
    }

    /**
     * Every row becomes what the pass makes of the source's row.
     *
     * @param from this matrix or another of the same shape; null for rows of zeros
     */
    void become(CpuComposedMatrix from, RowPass rowPass) {
        run(from, rowPass, true);
    }

    /** Shows every row to the pass. */
    void visit(RowPass rowPass) {
        run(this, rowPass, false);
    }

    private void run(CpuComposedMatrix from, RowPass rowPass, boolean thenStore) {
        source = from;
        pass = rowPass;
        store = thenStore;
        device.threads().run(taskRow.length, runTask);
    }

    private void runTask(int task) {
        float[] values = taskRow[task];
        FloatBuffer to = memory.floats();
        FloatBuffer from = source == null ? null : source.memory.floats();
        int end = (int) ((task + 1L) * rows / taskRow.length);
        for (int row = (int) ((long) task * rows / taskRow.length); row < end; row++) {
            int start = row * values.length;
            if (from == null) {
                Arrays.fill(values, 0f);
            } else {
                from.get(start, values);
            }
            pass.apply(row, values);
            if (store) {
                to.put(start, values);
            }
        }
    }
}

package org.centerloss.cpu.op;

import java.util.function.IntConsumer;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.device.DeviceException;

/**
 * Cuts flat tensors into blocks that pass through arrays in the first-level cache, because
 * HotSpot's C2 vectorises loops over arrays and not over native memory. Where blocks begin depends
 * on nothing but {@link #LENGTH}.
 */
final class FlatBlocks {
    /** Elements of a block; the last may have fewer. */
    static final int LENGTH = 2048;

    /** Works on the {@code count} elements from {@code start}, with the arrays of {@code task}. */
    interface Body {
        void run(int task, int start, int count);
    }

    private final CpuOp op;
    private final int size;
    private final int count;
    private final int tasks;
    private final IntConsumer runTask = this::runTask;

    /** Of the run in progress. */
    private Body body;

    /**
     * @param op counts the memory
     * @param size elements of a tensor
     */
    FlatBlocks(CpuOp op, int size) {
        if (size < 1) {
            op.close();
            throw new DeviceException(op.name() + ": expected a size of at least 1");
        }
        this.op = op;
        this.size = size;
        count = (size - 1) / LENGTH + 1;
        tasks = Math.min(count, 2 * op.device.threads().count());
    }

    int count() {
        return count;
    }

    /** An array of one block for each task. */
    float[][] arrays() {
        op.holds((long) Float.BYTES * tasks * LENGTH);
        return new float[tasks][LENGTH];
    }

    /** Runs the body on every block, in any order. */
    void run(Body newBody) {
        body = newBody;
        op.device.threads().run(tasks, runTask);
    }

    private void runTask(int task) {
        int end = (int) ((task + 1L) * count / tasks);
        for (int block = (int) ((long) task * count / tasks); block < end; block++) {
            int start = block * LENGTH;
            body.run(task, start, Math.min(LENGTH, size - start));
        }
    }
}

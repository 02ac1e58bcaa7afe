package org.centerloss.cpu.onednn;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.function.IntConsumer;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.CpuThreads;

/**
 * The ReLU over whole activations, in place, in whatever layout they are stored. What is not a
 * number stays what it is, where oneDNN's ReLU makes it 0.
 */
final class ReluPasses {
    /** Floats that are on the Java heap at a time, where loops over them vectorise. */
    private static final int CHUNK = 512;

    private final CpuThreads threads;
    private final long size;

    // Per task.
    private final float[][] sums;
    private final float[][] addends;
    private final int[][] gradients;
    private final int[][] results;

    private final IntConsumer forwardTask = this::runForward;
    private final IntConsumer backwardTask = this::runBackward;
    private FloatBuffer y;
    private FloatBuffer z;
    private IntBuffer yBits;
    private IntBuffer dyBits;

    /**
     * @param op counts the memory
     * @param size floats of an activation as they are stored, padding included
     */
    ReluPasses(CpuOp op, long size) {
        threads = op.device.threads();
        this.size = size;
        int tasks = threads.tasks((int) ((size + CHUNK - 1) / CHUNK), 4 * size);
        sums = new float[tasks][CHUNK];
        addends = new float[tasks][CHUNK];
        gradients = new int[tasks][CHUNK];
        results = new int[tasks][CHUNK];
        op.holds(4L * Float.BYTES * tasks * CHUNK);
    }

    /**
     * y = max(y + z, 0).
     *
     * @param addend null for y = max(y, 0)
     */
    void forward(CpuTensor sum, CpuTensor addend) {
        y = sum.buffer();
        z = addend == null ? null : addend.buffer();
        threads.run(sums.length, forwardTask);
    }

    /** dy = 0 where y is 0. */
    void backward(CpuTensor result, CpuTensor gradient) {
        yBits = result.bits();
        dyBits = gradient.bits();
        threads.run(gradients.length, backwardTask);
    }

    private int start(int task) {
        return (int) (task * size / sums.length);
    }

    private void runForward(int task) {
        float[] sum = sums[task];
        float[] addend = addends[task];
        int end = start(task + 1);
        for (int at = start(task); at < end; at += CHUNK) {
            int count = Math.min(CHUNK, end - at);
            y.get(at, sum, 0, count);
            if (z == null) {
                relu(sum, count);
            } else {
                z.get(at, addend, 0, count);
                addRelu(sum, addend, count);
            }
            y.put(at, sum, 0, count);
        }
    }

    private static void relu(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = Math.max(values[i], 0);
        }
    }

    private static void addRelu(float[] sum, float[] addend, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = Math.max(sum[i] + addend[i], 0);
        }
    }

    private void runBackward(int task) {
        int[] gradient = gradients[task];
        int[] result = results[task];
        int end = start(task + 1);
        for (int at = start(task); at < end; at += CHUNK) {
            int count = Math.min(CHUNK, end - at);
            dyBits.get(at, gradient, 0, count);
            yBits.get(at, result, 0, count);
            mask(gradient, result, count);
            dyBits.put(at, gradient, 0, count);
        }
    }

    /** A choice between floats does not vectorise; with x ≠ 0, x | −x has the sign bit set. */
    private static void mask(int[] gradient, int[] result, int count) {
        for (int i = 0; i < count; i++) {
            int withoutSign = result[i] << 1;
            gradient[i] &= (withoutSign | -withoutSign) >> 31;
        }
    }
}

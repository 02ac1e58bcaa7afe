package org.centerloss.cpu.op;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Prelu;

/**
 * PReLU in chunks that pass through arrays in the first-level cache, where loops vectorise; oneDNN
 * knows one slope for all elements, but takes many times as long with it.
 *
 * <p>Elements are taken as they are stored: the zeros of padded channels stay zeros. The gradient
 * of the slope is added in chains, as many as floats in a chunk and as long as chunks in a unit,
 * and then in float64, in an order that does not depend on the number of threads.
 */
public final class CpuPrelu extends CpuOp implements Prelu {
    private static final int CHUNK = 2048;
    private static final int CHUNKS_PER_UNIT = 8;
    private static final int UNIT = CHUNK * CHUNKS_PER_UNIT;

    /** Twice a factor with it, every positive float32 number is above 1. */
    private static final float HUGE = 0x1p100f;

    private final int[] shape;
    private final long stored;
    private final int units;

    /** Per task: chunks of x and of dy, and chains. */
    private final float[][] values;

    private final float[][] gradients;
    private final float[][] chains;
    private final double[] unitSums;
    private final IntConsumer forwardTask = this::forwardTask;
    private final IntConsumer backwardTask = this::backwardTask;

    // The arguments of the run in progress.
    private FloatBuffer x;
    private FloatBuffer y;
    private FloatBuffer dy;
    private FloatBuffer dx;
    private float factor;

    public CpuPrelu(CpuDevice device, int... sizes) {
        super(device, "prelu " + Arrays.toString(Prelu.checkedShape(sizes)));
        shape = sizes.clone();
        stored = CpuTensor.stored(shape.length == 4 ? device.channelBlock(shape[1]) : 1, shape);
        units = (int) ((stored + UNIT - 1) / UNIT);
        int tasks = device.threads().tasks(units, 4L * stored);
        values = new float[tasks][CHUNK];
        gradients = new float[tasks][CHUNK];
        chains = new float[tasks][CHUNK];
        unitSums = new double[units];
        holds(3L * Float.BYTES * tasks * CHUNK + (long) Double.BYTES * units);
    }

    private CpuTensor elements(Tensor tensor, String argument) {
        return shape.length == 4
                ? activation(tensor, argument, shape)
                : plain(tensor, argument, shape);
    }

    @Override
    public void forward(Tensor in, Tensor slope, Tensor out) {
        checkOpen();
        x = elements(in, "x").buffer();
        factor = plain(slope, "slope", 1).buffer().get(0);
        y = elements(out, "y").buffer();
        device.threads().run(chains.length, forwardTask);
    }

    @Override
    public void backward(
            Tensor in, Tensor outGradient, Tensor slope, Tensor inGradient, Tensor dSlope) {
        checkOpen();
        x = elements(in, "x").buffer();
        dy = elements(outGradient, "dy").buffer();
        factor = plain(slope, "slope", 1).buffer().get(0);
        dx = elements(inGradient, "dx").buffer();
        FloatBuffer slopeGradient = plain(dSlope, "dSlope", 1).buffer();
        device.threads().run(chains.length, backwardTask);
        double sum = 0;
        for (double unitSum : unitSums) {
            sum += unitSum;
        }
        slopeGradient.put(0, (float) sum);
    }

    private int firstUnit(int task) {
        return (int) ((long) task * units / chains.length);
    }

    private void forwardTask(int task) {
        float[] chunk = values[task];
        long end = Math.min(stored, (long) UNIT * firstUnit(task + 1));
        for (long at = (long) UNIT * firstUnit(task); at < end; at += CHUNK) {
            int count = (int) Math.min(CHUNK, end - at);
            x.get((int) at, chunk, 0, count);
            rectify(chunk, count, factor);
            y.put((int) at, chunk, 0, count);
        }
    }

    private static void rectify(float[] x, int count, float slope) {
        for (int i = 0; i < count; i++) {
            x[i] = Math.max(x[i], 0) + slope * Math.min(x[i], 0);
        }
    }

    private void backwardTask(int task) {
        for (int unit = firstUnit(task); unit < firstUnit(task + 1); unit++) {
            unitSums[unit] = backwardUnit(unit, values[task], gradients[task], chains[task]);
        }
    }

    /** Writes a unit's part of dx and returns its part of the slope's gradient. */
    private double backwardUnit(int unit, float[] chunk, float[] gradient, float[] chain) {
        Arrays.fill(chain, 0);
        int end = (int) Math.min(stored, UNIT * (unit + 1L));
        for (int at = UNIT * unit; at < end; at += CHUNK) {
            int count = Math.min(CHUNK, end - at);
            x.get(at, chunk, 0, count);
            dy.get(at, gradient, 0, count);
            addProducts(chunk, gradient, chain, count);
            pass(chunk, gradient, count, factor);
            dx.put(at, gradient, 0, count);
        }
        double sum = 0;
        for (float part : chain) {
            sum += part;
        }
        return sum;
    }

    private static void addProducts(float[] x, float[] dy, float[] chain, int count) {
        for (int i = 0; i < count; i++) {
            chain[i] += Math.min(x[i], 0) * dy[i];
        }
    }

    /** Multiplies each dy by 1 where x is positive and by the slope elsewhere. */
    private static void pass(float[] x, float[] dy, int count, float slope) {
        for (int i = 0; i < count; i++) {
            float positive = Math.min(Math.max(x[i], 0) * HUGE * HUGE, 1);
            dy[i] *= positive + (1 - positive) * slope;
        }
    }
}

package org.centerloss.cpu.onednn;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.CpuThreads;

/**
 * The sum of each channel of an activation: the gradient of a bias.
 *
 * <p>oneDNN adds a channel's pixels in one float32 chain, whose error stands out where the sum is
 * zero, as in front of a batch normalisation. Here there are as many short chains as floats in a
 * chunk, on the Java heap where adding them vectorises, and their sums are added in float64. The
 * order is fixed: the result does not depend on the number of threads.
 */
final class ChannelSums {
    private static final int LARGEST_CHUNK = 2048;
    private static final int FEWEST_CHAINS = 128;
    private static final int IMAGES_PER_UNIT = 8;

    private final CpuThreads threads;
    private final int images;
    private final int channels;
    private final int block;
    private final int channelBlocks;
    private final int planeSize;
    private final int groups;

    /** Per task: floats as they are stored, and chains. */
    private final float[][] chunks;

    private final float[][] chains;

    /** [block of channels, group of images, channel of the block]. */
    private final double[] unitSums;

    private final IntConsumer runTask = this::runTask;
    private FloatBuffer values;

    /**
     * @param op counts the memory
     * @param shape [n, c, h, w]
     */
    ChannelSums(CpuOp op, int... shape) {
        threads = op.device.threads();
        images = shape[0];
        channels = shape[1];
        block = op.device.channelBlock(channels);
        channelBlocks = (channels + block - 1) / block;
        planeSize = shape[2] * shape[3] * block;
        groups = (images + IMAGES_PER_UNIT - 1) / IMAGES_PER_UNIT;
        int units = channelBlocks * groups;
        int tasks = Math.min(units, 2 * threads.count());
        int chunk = Math.min(planeSize, LARGEST_CHUNK);
        chunks = new float[tasks][chunk];
        chains = new float[tasks][chunk];
        unitSums = new double[units * block];
        op.holds(2L * Float.BYTES * tasks * chunk + (long) Double.BYTES * unitSums.length);
    }

    /** Writes the sums of {@code x} to {@code sums}, [c]. */
    void compute(CpuTensor x, FloatBuffer sums) {
        values = x.buffer();
        threads.run(chunks.length, runTask);
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int group = 0; group < groups; group++) {
                sum += unitSums[((c / block) * groups + group) * block + c % block];
            }
            sums.put(c, (float) sum);
        }
    }

    private void runTask(int task) {
        int units = channelBlocks * groups;
        int end = (int) ((task + 1L) * units / chunks.length);
        for (int unit = (int) ((long) task * units / chunks.length); unit < end; unit++) {
            addUnit(unit, chunks[task], chains[task]);
        }
    }

    private void addUnit(int unit, float[] chunk, float[] chain) {
        int firstImage = unit % groups * IMAGES_PER_UNIT;
        int lastImage = Math.min(images, firstImage + IMAGES_PER_UNIT);
        Arrays.fill(chain, 0);
        for (int image = firstImage; image < lastImage; image++) {
            int plane = (image * channelBlocks + unit / groups) * planeSize;
            for (int done = 0; done < planeSize; done += chunk.length) {
                int count = Math.min(chunk.length, planeSize - done);
                values.get(plane + done, chunk, 0, count);
                add(chain, chunk, 0, count);
            }
        }
        int length = chain.length;
        while (length > FEWEST_CHAINS && length % (2 * block) == 0) {
            length /= 2;
            add(chain, chain, length, length);
        }
        int out = unit * block;
        Arrays.fill(unitSums, out, out + block, 0);
        for (int first = 0; first < length; first += block) {
            for (int lane = 0; lane < block; lane++) {
                unitSums[out + lane] += chain[first + lane];
            }
        }
    }

    private static void add(float[] chain, float[] addend, int from, int count) {
        for (int i = 0; i < count; i++) {
            chain[i] += addend[from + i];
        }
    }
}

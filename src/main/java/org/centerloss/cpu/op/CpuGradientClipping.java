package org.centerloss.cpu.op;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GradientClipping;

/**
 * Squares in float64, a sum for each block and then their sum, so that the result does not depend
 * on the number of threads.
 */
public final class CpuGradientClipping extends CpuOp implements GradientClipping {
    private final int size;
    private final double maxNorm;
    private final FlatBlocks blocks;
    private final FlatBlocks.Body sumBlock = this::sumBlock;
    private final FlatBlocks.Body scaleBlock = this::scaleBlock;
    private final float[][] gradientBlock;
    private final double[] blockSums;

    // Of the run in progress.
    private CpuTensor gradients;
    private float factor;

    public CpuGradientClipping(CpuDevice device, int size, double maxNorm) {
        super(device, "gradient clipping [" + size + "]");
        this.size = size;
        this.maxNorm = maxNorm;
        blocks = new FlatBlocks(this, size);
        gradientBlock = blocks.arrays();
        blockSums = new double[blocks.count()];
        holds((long) Double.BYTES * blockSums.length);
    }

    @Override
    public void clip(Tensor g, Tensor norm) {
        checkOpen();
        gradients = plain(g, "gradients", size);
        CpuTensor result = plain(norm, "norm", 1);
        blocks.run(sumBlock);
        double sum = 0;
        for (double blockSum : blockSums) {
            sum += blockSum;
        }
        result.buffer().put(0, (float) Math.sqrt(sum));
        double unlimited = maxNorm / (Math.sqrt(sum) + 1e-6);
        // A factor that is not a number stays so. One of 1 or more leaves the gradients alone.
        if (!(unlimited >= 1)) {
            factor = (float) unlimited;
            blocks.run(scaleBlock);
        }
    }

    private void sumBlock(int task, int start, int count) {
        gradients.buffer().get(start, gradientBlock[task], 0, count);
        blockSums[start / FlatBlocks.LENGTH] = sumOfSquares(gradientBlock[task], count);
    }

    /** In four sums, since the processor begins an addition while others go on. */
    private static double sumOfSquares(float[] g, int count) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            first += (double) g[i] * g[i];
            second += (double) g[i + 1] * g[i + 1];
            third += (double) g[i + 2] * g[i + 2];
            fourth += (double) g[i + 3] * g[i + 3];
        }
        for (; i < count; i++) {
            first += (double) g[i] * g[i];
        }
        return (first + second) + (third + fourth);
    }

    private void scaleBlock(int task, int start, int count) {
        gradients.buffer().get(start, gradientBlock[task], 0, count);
        scale(gradientBlock[task], count, factor);
        gradients.buffer().put(start, gradientBlock[task], 0, count);
    }

    private static void scale(float[] g, int count, float factor) {
        for (int i = 0; i < count; i++) {
            g[i] *= factor;
        }
    }
}

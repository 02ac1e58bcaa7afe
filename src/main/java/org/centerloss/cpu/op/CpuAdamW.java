package org.centerloss.cpu.op;

import java.nio.FloatBuffer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;

/** AdamW in blocks, one loop for each result. */
public final class CpuAdamW extends CpuOp implements AdamW {
    private final int size;
    private final float beta1;
    private final float beta2;

    /** 1 − beta, rounded only once. */
    private final float share1;

    private final float share2;
    private final float epsilon;
    private final FlatBlocks blocks;
    private final FlatBlocks.Body body = this::stepBlock;
    private final float[][] weightBlock;
    private final float[][] gradientBlock;
    private final float[][] meanBlock;
    private final float[][] squareBlock;

    // The arguments of the run in progress.
    private CpuTensor weights;
    private CpuTensor gradients;
    private CpuTensor means;
    private CpuTensor squares;
    private float keptWeight;
    private float stepSize;
    private float rootScale;

    public CpuAdamW(CpuDevice device, int size, Hyperparameters hyperparameters) {
        super(device, "adamw [" + size + "]");
        this.size = size;
        beta1 = (float) hyperparameters.beta1();
        beta2 = (float) hyperparameters.beta2();
        share1 = (float) (1 - hyperparameters.beta1());
        share2 = (float) (1 - hyperparameters.beta2());
        epsilon = (float) hyperparameters.epsilon();
        blocks = new FlatBlocks(this, size);
        weightBlock = blocks.arrays();
        gradientBlock = blocks.arrays();
        meanBlock = blocks.arrays();
        squareBlock = blocks.arrays();
    }

    @Override
    public void step(Tensor w, Tensor g, Tensor expAvg, Tensor expAvgSq, Tensor coefficients) {
        checkOpen();
        weights = plain(w, "weights", size);
        gradients = plain(g, "gradients", size);
        means = plain(expAvg, "expAvg", size);
        squares = plain(expAvgSq, "expAvgSq", size);
        FloatBuffer row = plain(coefficients, "coefficients", COEFFICIENTS).buffer();
        keptWeight = row.get(0);
        stepSize = row.get(1);
        rootScale = row.get(2);
        blocks.run(body);
    }

    private void stepBlock(int task, int start, int count) {
        float[] w = weightBlock[task];
        float[] g = gradientBlock[task];
        float[] m = meanBlock[task];
        float[] v = squareBlock[task];
        weights.buffer().get(start, w, 0, count);
        gradients.buffer().get(start, g, 0, count);
        means.buffer().get(start, m, 0, count);
        squares.buffer().get(start, v, 0, count);
        average(m, g, count, beta1, share1);
        averageSquares(v, g, count, beta2, share2);
        move(w, m, v, count, keptWeight, stepSize, rootScale, epsilon);
        weights.buffer().put(start, w, 0, count);
        means.buffer().put(start, m, 0, count);
        squares.buffer().put(start, v, 0, count);
    }

    private static void average(float[] m, float[] g, int count, float beta, float share) {
        for (int i = 0; i < count; i++) {
            m[i] = beta * m[i] + share * g[i];
        }
    }

    private static void averageSquares(float[] v, float[] g, int count, float beta, float share) {
        for (int i = 0; i < count; i++) {
            v[i] = beta * v[i] + share * (g[i] * g[i]);
        }
    }

    private static void move(
            float[] w,
            float[] m,
            float[] v,
            int count,
            float keptWeight,
            float stepSize,
            float rootScale,
            float epsilon) {
        for (int i = 0; i < count; i++) {
            float deviation = (float) Math.sqrt(v[i]) * rootScale + epsilon;
            w[i] = keptWeight * w[i] - stepSize * m[i] / deviation;
        }
    }
}

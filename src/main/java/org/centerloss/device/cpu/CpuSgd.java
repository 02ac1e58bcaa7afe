package org.centerloss.device.cpu;

import java.util.function.IntConsumer;
import org.centerloss.device.Sgd;
import org.centerloss.device.Tensor;

/**
 * Momentum SGD in blocks that pass through arrays in the first-level cache, because HotSpot's C2
 * vectorises loops over arrays and not over native memory.
 */
final class CpuSgd extends CpuOp implements Sgd {
    private static final int BLOCK = 2048;

    private final int size;
    private final float momentum;
    private final float weightDecay;

    /** One block for each task. */
    private final float[][] weight;

    private final float[][] gradient;
    private final float[][] speed;
    private final IntConsumer runTask = this::runTask;

    // The arguments of the run in progress.
    private CpuTensor weights;
    private CpuTensor gradients;
    private CpuTensor velocity;
    private float rate;

    CpuSgd(CpuDevice device, int size, double momentum, double weightDecay) {
        super(device, "sgd [" + size + "]");
        this.size = size;
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        int blocks = (size + BLOCK - 1) / BLOCK;
        int tasks = Math.min(blocks, 2 * device.threads().count());
        weight = new float[tasks][BLOCK];
        gradient = new float[tasks][BLOCK];
        speed = new float[tasks][BLOCK];
        holds(3L * Float.BYTES * tasks * BLOCK);
    }

    @Override
    public void step(Tensor w, Tensor g, Tensor v, Tensor learningRate) {
        checkOpen();
        weights = plain(w, "weights", size);
        gradients = plain(g, "gradients", size);
        velocity = plain(v, "velocity", size);
        rate = plain(learningRate, "learningRate", 1).buffer().get(0);
        device.threads().run(weight.length, runTask);
    }

    private void runTask(int task) {
        int start = (int) ((long) task * size / weight.length);
        int end = (int) ((task + 1L) * size / weight.length);
        for (int at = start; at < end; at += BLOCK) {
            int count = Math.min(BLOCK, end - at);
            weights.buffer().get(at, weight[task], 0, count);
            gradients.buffer().get(at, gradient[task], 0, count);
            velocity.buffer().get(at, speed[task], 0, count);
            move(weight[task], gradient[task], speed[task], count, rate, momentum, weightDecay);
            velocity.buffer().put(at, speed[task], 0, count);
            weights.buffer().put(at, weight[task], 0, count);
        }
    }

    private static void move(
            float[] w,
            float[] g,
            float[] v,
            int count,
            float rate,
            float momentum,
            float weightDecay) {
        for (int i = 0; i < count; i++) {
            float speed = momentum * v[i] + (g[i] + weightDecay * w[i]);
            v[i] = speed;
            w[i] -= rate * speed;
        }
    }
}

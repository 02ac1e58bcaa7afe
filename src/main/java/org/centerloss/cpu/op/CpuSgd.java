package org.centerloss.cpu.op;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Sgd;

/** SGD in blocks. */
public final class CpuSgd extends CpuOp implements Sgd {
    private final int size;
    private final float momentum;
    private final float weightDecay;
    private final FlatBlocks blocks;
    private final FlatBlocks.Body body;
    private final float[][] weightBlock;
    private final float[][] gradientBlock;
    private final float[][] velocityBlock;

    // The arguments of the run in progress.
    private CpuTensor weights;
    private CpuTensor gradients;
    private CpuTensor velocity;
    private float rate;

    public CpuSgd(
            CpuDevice device, int size, double momentum, double weightDecay, boolean nesterov) {
        super(device, "sgd [" + size + "]");
        this.size = size;
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        blocks = new FlatBlocks(this, size);
        body = nesterov ? this::stepAhead : this::stepBlock;
        weightBlock = blocks.arrays();
        gradientBlock = blocks.arrays();
        velocityBlock = blocks.arrays();
    }

    @Override
    public void step(Tensor w, Tensor g, Tensor v, Tensor learningRate) {
        checkOpen();
        weights = plain(w, "weights", size);
        gradients = plain(g, "gradients", size);
        velocity = plain(v, "velocity", size);
        rate = plain(learningRate, "learningRate", 1).buffer().get(0);
        blocks.run(body);
    }

    private void stepBlock(int task, int start, int count) {
        read(task, start, count);
        move(
                weightBlock[task],
                gradientBlock[task],
                velocityBlock[task],
                count,
                rate,
                momentum,
                weightDecay);
        write(task, start, count);
    }

    /** With Nesterov's momentum. */
    private void stepAhead(int task, int start, int count) {
        read(task, start, count);
        moveAhead(
                weightBlock[task],
                gradientBlock[task],
                velocityBlock[task],
                count,
                rate,
                momentum,
                weightDecay);
        write(task, start, count);
    }

    private void read(int task, int start, int count) {
        weights.buffer().get(start, weightBlock[task], 0, count);
        gradients.buffer().get(start, gradientBlock[task], 0, count);
        velocity.buffer().get(start, velocityBlock[task], 0, count);
    }

    private void write(int task, int start, int count) {
        velocity.buffer().put(start, velocityBlock[task], 0, count);
        weights.buffer().put(start, weightBlock[task], 0, count);
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
            float velocity = momentum * v[i] + (g[i] + weightDecay * w[i]);
            v[i] = velocity;
            w[i] -= rate * velocity;
        }
    }

    private static void moveAhead(
            float[] w,
            float[] g,
            float[] v,
            int count,
            float rate,
            float momentum,
            float weightDecay) {
        for (int i = 0; i < count; i++) {
            float decayed = g[i] + weightDecay * w[i];
            float velocity = momentum * v[i] + decayed;
            v[i] = velocity;
            w[i] -= rate * (decayed + momentum * velocity);
        }
    }
}

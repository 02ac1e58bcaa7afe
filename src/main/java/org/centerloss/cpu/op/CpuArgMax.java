package org.centerloss.cpu.op;

import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;

/** Index of the largest logit, rows in parallel. A value that is not a number is never larger. */
public final class CpuArgMax extends CpuOp implements ArgMax {
    private final int samples;
    private final int classes;

    /** One row for each task. */
    private final float[][] row;

    private final IntConsumer runTask = this::runTask;

    // The arguments of the run in progress.
    private CpuTensor logits;
    private int[] prediction;

    public CpuArgMax(CpuDevice device, int samples, int classes) {
        super(device, "arg max [%d, %d]".formatted(samples, classes));
        this.samples = samples;
        this.classes = classes;
        row = new float[Math.min(samples, 4 * device.threads().count())][classes];
        holds((long) Float.BYTES * row.length * classes);
    }

    @Override
    public void forward(Tensor z, IntTensor out) {
        checkOpen();
        logits = plain(z, "logits", samples, classes);
        prediction = integers(out, "prediction", samples);
        device.threads().run(row.length, runTask);
    }

    private void runTask(int task) {
        float[] z = row[task];
        int end = (int) ((task + 1L) * samples / row.length);
        for (int i = (int) ((long) task * samples / row.length); i < end; i++) {
            logits.buffer().get(i * classes, z);
            int best = 0;
            for (int j = 1; j < classes; j++) {
                if (z[j] > z[best]) {
                    best = j;
                }
            }
            prediction[i] = best;
        }
    }
}

package org.centerloss.cpu.op;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.distance.SamplesByClass;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.SoftmaxCrossEntropy;

/** Softmax cross-entropy in double from float logits, rows in parallel. */
public final class CpuSoftmaxCrossEntropy extends CpuOp implements SoftmaxCrossEntropy {
    private final int samples;
    private final int classes;

    /** One row for each task. */
    private final float[][] row;

    private final double[][] exponential;
    private final double[] lossOf;
    private final IntConsumer runTask = this::runTask;

    // The arguments of the run in progress.
    private CpuTensor logits;
    private int[] labels;
    private CpuTensor dLogits;
    private double factor;

    public CpuSoftmaxCrossEntropy(CpuDevice device, int samples, int classes) {
        super(device, "softmax cross-entropy [%d, %d]".formatted(samples, classes));
        this.samples = samples;
        this.classes = classes;
        int tasks = Math.min(samples, 4 * device.threads().count());
        row = new float[tasks][classes];
        exponential = new double[tasks][classes];
        lossOf = new double[samples];
        holds((long) tasks * classes * (Float.BYTES + Double.BYTES) + 8L * samples);
    }

    @Override
    public void forward(Tensor z, IntTensor y, Tensor loss) {
        run(z, y, loss, null, 0);
    }

    @Override
    public void forwardBackward(Tensor z, IntTensor y, double scale, Tensor loss, Tensor gradient) {
        run(z, y, loss, plain(gradient, "dLogits", samples, classes), scale);
    }

    private void run(Tensor z, IntTensor y, Tensor loss, CpuTensor gradient, double scale) {
        checkOpen();
        logits = plain(z, "logits", samples, classes);
        labels = integers(y, "labels", samples);
        CpuTensor result = plain(loss, "loss", 1);
        dLogits = gradient;
        factor = scale / samples;
        device.threads().run(row.length, runTask);
        double sum = 0;
        for (double term : lossOf) {
            sum += term;
        }
        result.buffer().put(0, (float) (sum / samples));
    }

    private void runTask(int task) {
        int end = (int) ((task + 1L) * samples / row.length);
        for (int i = (int) ((long) task * samples / row.length); i < end; i++) {
            runRow(i, row[task], exponential[task]);
        }
    }

    private void runRow(int i, float[] z, double[] e) {
        if (!SamplesByClass.isClass(labels[i], classes)) {
            lossOf[i] = Double.NaN;
            if (dLogits != null) {
                Arrays.fill(z, Float.NaN);
                dLogits.buffer().put(i * classes, z);
            }
            return;
        }
        logits.buffer().get(i * classes, z);
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : z) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (int j = 0; j < classes; j++) {
            e[j] = Math.exp((double) z[j] - largest);
            sum += e[j];
        }
        lossOf[i] = Math.log(sum) - ((double) z[labels[i]] - largest);
        if (dLogits != null) {
            e[labels[i]] -= sum;
            double scaled = factor / sum;
            for (int j = 0; j < classes; j++) {
                z[j] = (float) (scaled * e[j]);
            }
            dLogits.buffer().put(i * classes, z);
        }
    }
}

package org.centerloss.cpu.distance;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterSpread;

/** Center spread in double from float differences, the rows of centers in parallel. */
public final class CpuCenterSpread extends CpuOp implements CenterSpread {
    private final int classes;
    private final int features;
    private final float[] centers;

    /** Σ_{j≠i} log ‖c_i − c_j‖² of each center. */
    private final double[] sumOf;

    /** One row for each task. */
    private final double[][] gradientRow;

    private final IntConsumer runTask = this::runTask;

    // The arguments of the run in progress.
    private CpuTensor dCenters;
    private double factor;

    public CpuCenterSpread(CpuDevice device, int classes, int features) {
        super(device, "center spread [%d, %d]".formatted(classes, features));
        this.classes = classes;
        this.features = features;
        centers = new float[Math.multiplyExact(classes, features)];
        sumOf = new double[classes];
        int tasks = Math.min(classes, 4 * device.threads().count());
        gradientRow = new double[tasks][features];
        holds(
                (long) Float.BYTES * centers.length
                        + (long) Double.BYTES * (classes + (long) tasks * features));
    }

    @Override
    public void forward(Tensor c, Tensor value) {
        run(c, 0, value, null);
    }

    @Override
    public void forwardBackward(Tensor c, double scale, Tensor value, Tensor gradient) {
        run(c, scale, value, plain(gradient, "dCenters", classes, features));
    }

    private void run(Tensor c, double scale, Tensor value, CpuTensor gradient) {
        checkOpen();
        CpuTensor source = plain(c, "centers", classes, features);
        CpuTensor result = plain(value, "value", 1);
        source.buffer().get(0, centers);
        dCenters = gradient;
        factor = scale * 4 / classes;
        device.threads().run(gradientRow.length, runTask);
        double sum = 0;
        for (double term : sumOf) {
            sum += term;
        }
        result.buffer().put(0, (float) (sum / classes));
    }

    private void runTask(int task) {
        double[] gradient = gradientRow[task];
        int end = (int) ((task + 1L) * classes / gradientRow.length);
        for (int i = (int) ((long) task * classes / gradientRow.length); i < end; i++) {
            Arrays.fill(gradient, 0);
            sumOf[i] = 0;
            for (int j = 0; j < classes; j++) {
                if (i != j) {
                    addPair(i, j, gradient);
                }
            }
            for (int k = 0; dCenters != null && k < features; k++) {
                int at = i * features + k;
                dCenters.buffer().put(at, (float) (dCenters.buffer().get(at) + gradient[k]));
            }
        }
    }

    private void addPair(int i, int j, double[] gradient) {
        int a = i * features;
        int b = j * features;
        double distance = 0;
        for (int k = 0; k < features; k++) {
            double difference = (double) centers[a + k] - centers[b + k];
            distance += difference * difference;
        }
        sumOf[i] += Math.log(distance);
        if (dCenters != null) {
            double weight = factor / distance;
            for (int k = 0; k < features; k++) {
                gradient[k] += weight * ((double) centers[a + k] - centers[b + k]);
            }
        }
    }
}

package org.centerloss.cpu.distance;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/**
 * The nearest center as PyTorch code composes it: a matrix of all distances [m, C], then the
 * smallest of each row. What {@link CpuNearestCenter} is measured against.
 */
final class CpuNearestCenterComposed extends CpuOp implements NearestCenter {
    private final int samples;
    private final int features;
    private final int classes;
    private final CpuComposedDistances distances;
    private final CpuComposedMatrix.RowPass argMin = this::argMin;
    private int[] nearest;
    private CpuTensor smallest;

    CpuNearestCenterComposed(CpuDevice device, int samples, int features, int classes) {
        super(
                device,
                "composed nearest center [%d, %d], %d classes"
                        .formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        distances = new CpuComposedDistances(this, samples, classes, features);
    }

    @Override
    public void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance) {
        checkOpen();
        CpuTensor points = plain(x, "x", samples, features);
        CpuTensor c = plain(centers, "centers", classes, features);
        nearest = integers(prediction, "prediction", samples);
        smallest = plain(squaredDistance, "squaredDistance", samples);
        distances.run(points, c);
        distances.matrix().visit(argMin);
    }

    private void argMin(int row, float[] values) {
        int best = 0;
        for (int j = 1; j < values.length; j++) {
            if (values[j] < values[best]) {
                best = j;
            }
        }
        nearest[row] = best;
        smallest.buffer().put(row, values[best]);
    }
}

package org.centerloss.cpu.distance;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.CpuProduct;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/**
 * The center update as PyTorch code composes it: samples are added up by class by a product with
 * their one-hot labels [m, C]. What {@link CpuCenterUpdate} is measured against.
 */
final class CpuCenterUpdateComposed extends CpuOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final CpuComposedMatrix oneHot;
    private final CpuComposedSums counts;
    private final CpuProduct product;
    private final NativeMemory sums;
    private final float[] sum;
    private final float[] center;
    private final CpuComposedMatrix.RowPass mark = this::mark;
    private int[] classOf;

    CpuCenterUpdateComposed(
            CpuDevice device, int samples, int features, int classes, double alpha) {
        super(
                device,
                "composed center update [%d, %d], %d classes"
                        .formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = (float) alpha;
        oneHot = new CpuComposedMatrix(this, samples, classes);
        counts = CpuComposedSums.ofColumns(this, samples, classes);
        product = new CpuProduct(this, classes, features, samples, true, false);
        sums = memory((long) Float.BYTES * classes * features);
        sum = new float[features];
        center = new float[features];
        holds(2L * Float.BYTES * features);
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        checkOpen();
        CpuTensor points = plain(x, "x", samples, features);
        CpuTensor c = plain(centers, "centers", classes, features);
        classOf = integers(labels, "labels", samples);
        oneHot.become(null, mark);
        float[] count = counts.of(oneHot);
        product.run(oneHot.pointer(), points.pointer(), sums.pointer());
        for (int j = 0; j < classes; j++) {
            c.buffer().get(j * features, center);
            sums.floats().get(j * features, sum);
            for (int k = 0; k < features; k++) {
                center[k] -= alpha * (count[j] * center[k] - sum[k]) / (1 + count[j]);
            }
            c.buffer().put(j * features, center);
        }
    }

    private void mark(int row, float[] values) {
        if (LabelOrder.isClass(classOf[row], classes)) {
            values[classOf[row]] = 1f;
        }
    }
}

package org.centerloss.cpu.distance;

import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;

import java.util.Arrays;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuElementwise;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

/**
 * Center loss as PyTorch code composes it, with the distances of all samples to all centers in
 * memory, [m, C], and a mask that keeps one in a row. What {@link CpuCenterLoss} is measured
 * against.
 */
final class CpuCenterLossComposed extends CpuOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;
    private final CpuComposedDistances distances;
    private final CpuComposedMatrix terms;
    private final CpuElementwise timesAlpha;
    private final CpuElementwise exponential;
    private final CpuComposedSums rowSums;
    private final CpuComposedGradient ofSamples;
    private final CpuComposedGradient ofCenters;
    private final CpuComposedMatrix.RowPass mask = this::mask;
    private final CpuComposedMatrix.RowPass oneHot = this::oneHot;

    /** The gradient of a sample whose label is no class. */
    private final float[] nothing;

    private int[] classOf;

    CpuCenterLossComposed(
            CpuDevice device, int samples, int features, int classes, Attraction attraction) {
        super(
                device,
                "composed center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
        distances = new CpuComposedDistances(this, samples, classes, features);
        terms = new CpuComposedMatrix(this, samples, classes);
        double alpha = attraction.alpha();
        timesAlpha = new CpuElementwise(this, samples, classes, dnnl_eltwise_linear, alpha, 0);
        exponential = new CpuElementwise(this, samples, classes, dnnl_eltwise_exp, 0, 0);
        rowSums = CpuComposedSums.ofRows(this, samples, classes);
        ofSamples = CpuComposedGradient.ofRows(this, samples, classes, features);
        ofCenters = CpuComposedGradient.ofColumns(this, samples, classes, features);
        nothing = new float[features];
        Arrays.fill(nothing, Float.NaN);
        holds((long) Float.BYTES * features);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        checkOpen();
        CpuTensor result = plain(loss, "loss", 1);
        prepare(x, labels, centers, true);
        sum(result);
    }

    @Override
    public void forwardBackward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor loss,
            Tensor dx,
            Tensor dCenters) {
        forward(x, labels, centers, loss);
        pull(x, centers, scale, accumulate, dx, dCenters);
    }

    /** Where the slope is 1 everywhere, no distance is needed. */
    @Override
    public void backward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        checkOpen();
        prepare(x, labels, centers, attraction.exponential());
        if (attraction.exponential()) {
            exponentials();
        }
        pull(x, centers, scale, accumulate, dx, dCenters);
    }

    private void prepare(Tensor x, IntTensor labels, Tensor centers, boolean withDistances) {
        CpuTensor points = plain(x, "x", samples, features);
        CpuTensor c = plain(centers, "centers", classes, features);
        classOf = integers(labels, "labels", samples);
        if (withDistances) {
            distances.run(points, c);
        }
    }

    private void exponentials() {
        timesAlpha.run(distances.matrix().pointer(), terms.pointer());
        exponential.run(terms.pointer(), terms.pointer());
        terms.become(terms, mask);
    }

    private void sum(CpuTensor result) {
        if (attraction.exponential()) {
            exponentials();
        } else {
            terms.become(distances.matrix(), mask);
        }
        double sum = 0;
        float[] ofRows = rowSums.of(terms);
        for (int i = 0; i < samples; i++) {
            sum += isClass(i) ? ofRows[i] : Double.NaN;
        }
        result.buffer().put(0, (float) (sum / samples));
    }

    /** With the exponentials in {@link #terms}, where there are any. */
    private void pull(
            Tensor x,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        CpuTensor points = plain(x, "x", samples, features);
        CpuTensor c = plain(centers, "centers", classes, features);
        CpuTensor gradient = plain(dx, "dx", samples, features);
        CpuTensor centerGradient =
                dCenters == null ? null : plain(dCenters, "dCenters", classes, features);
        double factor = scale * 2 / samples;
        if (attraction.exponential()) {
            factor *= attraction.alpha();
        } else {
            terms.become(null, oneHot);
        }
        ofSamples.run(terms, points, c, factor, accumulate, gradient);
        for (int i = 0; i < samples; i++) {
            if (!isClass(i)) {
                gradient.buffer().put(i * features, nothing);
            }
        }
        if (centerGradient != null) {
            ofCenters.run(terms, c, points, factor, true, centerGradient);
        }
    }

    private boolean isClass(int row) {
        return LabelOrder.isClass(classOf[row], classes);
    }

    private void mask(int row, float[] values) {
        float own = isClass(row) ? values[classOf[row]] : 0;
        Arrays.fill(values, 0f);
        if (isClass(row)) {
            values[classOf[row]] = own;
        }
    }

    private void oneHot(int row, float[] values) {
        if (isClass(row)) {
            values[classOf[row]] = 1f;
        }
    }
}

package org.centerloss.cpu.distance;

import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_log;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuElementwise;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Pairwise repulsion as PyTorch code composes it, with distances and terms of all pairs in memory,
 * [m, m]. The logarithm is that of 1 + s, which forgets an s below 1e-7. What {@link
 * CpuPairwiseRepulsion} is measured against.
 */
final class CpuPairwiseRepulsionComposed extends CpuOp implements PairwiseRepulsion {
    private final int samples;
    private final int features;
    private final Potential potential;
    private final PairPotential slopes;
    private final CpuComposedDistances distances;
    private final CpuComposedMatrix terms;
    private final CpuElementwise plusOne;
    private final CpuElementwise logarithm;
    private final CpuComposedSums rowSums;
    private final CpuComposedGradient gradient;
    private final LabelOrder order;

    /** The class of each sample, as the number of its first sample in label order. */
    private final float[] classOf;

    private final CpuComposedMatrix.RowPass truncate = this::truncate;
    private final CpuComposedMatrix.RowPass weigh = this::weigh;
    private final CpuComposedMatrix.RowPass mask = this::mask;

    CpuPairwiseRepulsionComposed(CpuDevice device, int samples, int features, Potential potential) {
        super(device, "composed pairwise repulsion [%d, %d]".formatted(samples, features));
        this.samples = samples;
        this.features = features;
        this.potential = potential;
        slopes = new PairPotential(potential, samples);
        distances = new CpuComposedDistances(this, samples, samples, features);
        terms = new CpuComposedMatrix(this, samples, samples);
        plusOne = new CpuElementwise(this, samples, samples, dnnl_eltwise_linear, 1, 1);
        logarithm = new CpuElementwise(this, samples, samples, dnnl_eltwise_log, 0, 0);
        rowSums = CpuComposedSums.ofRows(this, samples, samples);
        gradient = CpuComposedGradient.ofRows(this, samples, samples, features);
        order = new LabelOrder(samples);
        classOf = new float[samples];
        holds(LabelOrder.bytes(samples) + 2L * Float.BYTES * samples);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor value) {
        checkOpen();
        CpuTensor result = plain(value, "value", 1);
        measure(x, labels);
        sum(result);
    }

    @Override
    public void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        checkOpen();
        CpuTensor slope = plain(dx, "dx", samples, features);
        pull(measure(x, labels), scale, accumulate, slope);
    }

    @Override
    public void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx) {
        checkOpen();
        CpuTensor result = plain(value, "value", 1);
        CpuTensor slope = plain(dx, "dx", samples, features);
        CpuTensor points = measure(x, labels);
        sum(result);
        pull(points, scale, accumulate, slope);
    }

    private CpuTensor measure(Tensor x, IntTensor labels) {
        CpuTensor points = plain(x, "x", samples, features);
        order.sort(integers(labels, "labels", samples));
        for (int position = 0; position < samples; position++) {
            classOf[order.samples[position]] = order.first[position];
        }
        distances.run(points, points);
        return points;
    }

    private void sum(CpuTensor result) {
        CpuComposedMatrix from = distances.matrix();
        if (potential.kind() == Potential.Kind.LOGARITHMIC) {
            plusOne.run(from.pointer(), terms.pointer());
            logarithm.run(terms.pointer(), terms.pointer());
            from = terms;
        } else if (potential.kind() == Potential.Kind.TRUNCATED) {
            terms.become(from, truncate);
            from = terms;
        }
        terms.become(from, mask);
        double sum = 0;
        for (float rowSum : rowSums.of(terms)) {
            sum += rowSum;
        }
        result.buffer().put(0, (float) (sum / samples));
    }

    private void pull(CpuTensor x, double scale, boolean accumulate, CpuTensor dx) {
        terms.become(distances.matrix(), weigh);
        terms.become(terms, mask);
        gradient.run(terms, x, x, scale * 4 / samples, accumulate, dx);
    }

    private void truncate(int row, float[] values) {
        float margin = (float) potential.margin();
        for (int j = 0; j < values.length; j++) {
            values[j] = Math.min(values[j], margin);
        }
    }

    private void weigh(int row, float[] values) {
        slopes.weigh(values);
    }

    private void mask(int row, float[] values) {
        mask(classOf[row], classOf, values);
    }

    /** Multiplies by 0 or 1, as PyTorch does, by arithmetic that C2 vectorises. */
    private static void mask(float own, float[] classOf, float[] values) {
        for (int j = 0; j < values.length; j++) {
            values[j] *= Math.min(1f, Math.abs(classOf[j] - own));
        }
    }
}

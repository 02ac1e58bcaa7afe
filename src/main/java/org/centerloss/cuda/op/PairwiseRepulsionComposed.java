package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Pairwise repulsion as PyTorch code composes it, with distances and terms of all pairs in memory,
 * [m, m]. What {@link PairwiseRepulsionKernel} is measured against.
 */
final class PairwiseRepulsionComposed extends CudaOp implements PairwiseRepulsion {
    private final int samples;
    private final int features;
    private final Potential potential;
    private final DeviceMemory norms;
    private final ComposedMatrix distances;
    private final ComposedMatrix terms;
    private final PartialSums rowSums;
    private final ComposedGradient gradient;

    PairwiseRepulsionComposed(CudaDevice device, int samples, int features, Potential potential) {
        super(device, "composed pairwise repulsion [%d, %d]".formatted(samples, features));
        this.samples = samples;
        this.features = features;
        this.potential = potential;
        norms = ComposedMatrix.norms(this, samples);
        distances = new ComposedMatrix(this, samples, samples, features);
        terms = new ComposedMatrix(this, samples, samples, features);
        rowSums = new PartialSums(this, samples);
        gradient = new ComposedGradient(this, samples, features);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor value) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor result = plain(value, "value", 1);
        distances.distances(points, norms, points, norms);
        sum(classOf, result);
    }

    @Override
    public void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor slope = plain(dx, "dx", samples, features);
        distances.distances(points, norms, points, norms);
        pull(points, classOf, scale, accumulate, slope);
    }

    @Override
    public void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor result = plain(value, "value", 1);
        CudaTensor slope = plain(dx, "dx", samples, features);
        distances.distances(points, norms, points, norms);
        sum(classOf, result);
        pull(points, classOf, scale, accumulate, slope);
    }

    private void sum(CudaIntTensor labels, CudaTensor result) {
        map(KernelFunction.COMPOSED_VALUES, labels);
        terms.rowSums(rowSums.memory());
        rowSums.sum(1.0 / samples, result);
    }

    private void pull(
            CudaTensor x, CudaIntTensor labels, double scale, boolean accumulate, CudaTensor dx) {
        map(KernelFunction.COMPOSED_SLOPES, labels);
        gradient.ofRows(terms, null, x, x, scale * 4 / samples, accumulate, dx);
    }

    private void map(KernelFunction function, CudaIntTensor labels) {
        terms.map(
                function, distances, PairwiseRepulsionKernel.number(potential), potential.margin());
        terms.mask(terms, labels, labels);
    }
}

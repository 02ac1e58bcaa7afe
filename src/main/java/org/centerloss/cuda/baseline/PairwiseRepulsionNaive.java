package org.centerloss.cuda.baseline;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.op.PairwiseRepulsionKernel;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Pairwise repulsion as its formula stands, with values and weights of all pairs in memory, [m, m].
 */
final class PairwiseRepulsionNaive extends CudaOp implements PairwiseRepulsion {
    private static final int THREADS = 256;

    private final int samples;
    private final int features;
    private final Potential potential;
    private final PartialSums rowSums;
    private final DeviceMemory values;
    private final DeviceMemory weights;
    private final Kernel pairs;
    private final Kernel rows;
    private final Kernel dxKernel;

    PairwiseRepulsionNaive(CudaDevice device, int samples, int features, Potential potential) {
        super(device, "naive pairwise repulsion [%d, %d]".formatted(samples, features));
        this.samples = samples;
        this.features = features;
        this.potential = potential;
        rowSums = new PartialSums(this, samples);
        values = workspace((long) Float.BYTES * samples * samples);
        weights = workspace((long) Float.BYTES * samples * samples);
        pairs = kernel(KernelFunction.PAIRWISE_REPULSION_PAIRS_NAIVE);
        rows = kernel(KernelFunction.PAIRWISE_REPULSION_ROWS_NAIVE);
        dxKernel = kernel(KernelFunction.PAIRWISE_REPULSION_DX_NAIVE);
    }

    private static Grid threads(long count) {
        return Grid.of(Grid.blocks(count, THREADS), THREADS);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor value) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor result = plain(value, "value", 1);
        launchPairs(points, classOf, values, null);
        sum(result);
    }

    @Override
    public void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        launchPairs(points, classOf, null, weights);
        launchGradient(points, scale, accumulate, gradient);
    }

    @Override
    public void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor result = plain(value, "value", 1);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        launchPairs(points, classOf, values, weights);
        sum(result);
        launchGradient(points, scale, accumulate, gradient);
    }

    private void launchPairs(
            CudaTensor x, CudaIntTensor labels, DeviceMemory valueOf, DeviceMemory weightOf) {
        pairs.launch(
                threads((long) samples * samples),
                x,
                labels,
                samples,
                features,
                PairwiseRepulsionKernel.number(potential),
                (float) potential.margin(),
                valueOf,
                weightOf);
    }

    private void sum(CudaTensor result) {
        rows.launch(threads(samples), values, samples, rowSums.memory());
        rowSums.sum(1.0 / samples, result);
    }

    private void launchGradient(CudaTensor x, double scale, boolean accumulate, CudaTensor dx) {
        dxKernel.launch(
                threads((long) samples * features),
                x,
                weights,
                samples,
                features,
                (float) (scale * 4 / samples),
                accumulate ? 1 : 0,
                dx);
    }
}

package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PairGrid;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Pairwise repulsion in {@code kernels/pairwise_repulsion.cu}, in one pass over the pairs for value
 * and gradient and without an m×m matrix.
 */
public final class PairwiseRepulsionKernel extends CudaOp implements PairwiseRepulsion {
    private static final int FINISH_THREADS = 256;

    private final int samples;
    private final int features;
    private final Potential potential;
    private final PairGrid grid;
    private final PartialSums sums;

    /** A gradient [m, d] for each split of the columns. */
    private final DeviceMemory gradients;

    private final Kernel pairs;
    private final Kernel finish;

    public PairwiseRepulsionKernel(
            CudaDevice device, int samples, int features, Potential potential) {
        super(device, "pairwise repulsion [%d, %d]".formatted(samples, features));
        this.samples = samples;
        this.features = features;
        this.potential = potential;
        grid = PairGrid.of(samples, samples, features);
        sums = new PartialSums(this, grid.rowBlocks() * grid.splits());
        gradients = workspace((long) Float.BYTES * grid.splits() * samples * features);
        pairs = kernel(pairsFunction(features));
        finish = kernel(KernelFunction.PAIRWISE_REPULSION_FINISH);
    }

    private static KernelFunction pairsFunction(int features) {
        if (features <= 2) {
            return KernelFunction.PAIRWISE_REPULSION_D2;
        }
        if (features <= 4) {
            return KernelFunction.PAIRWISE_REPULSION_D4;
        }
        if (features <= PairGrid.FEW_FEATURES) {
            return KernelFunction.PAIRWISE_REPULSION_D16;
        }
        if (features <= 32) {
            return KernelFunction.PAIRWISE_REPULSION_D32;
        }
        return features <= 64
                ? KernelFunction.PAIRWISE_REPULSION_D64
                : KernelFunction.PAIRWISE_REPULSION_D128;
    }

    /** The number by which the kernels know a potential. */
    public static int number(Potential potential) {
        return switch (potential.kind()) {
            case LOGARITHMIC -> 0;
            case TRUNCATED -> 1;
            case RAW -> 2;
        };
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor value) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor result = plain(value, "value", 1);
        launch(grid.forward(), points, classOf, sums.memory(), null);
        sums.sum(1.0 / samples, result);
    }

    @Override
    public void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        launch(grid.backward(features), points, classOf, null, gradients);
        finish(scale, accumulate, gradient);
    }

    @Override
    public void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor result = plain(value, "value", 1);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        launch(grid.backward(features), points, classOf, sums.memory(), gradients);
        sums.sum(1.0 / samples, result);
        finish(scale, accumulate, gradient);
    }

    private void launch(
            Grid blocks,
            CudaTensor x,
            CudaIntTensor labels,
            DeviceMemory partialSums,
            DeviceMemory partialGradients) {
        pairs.launch(
                blocks,
                x,
                labels,
                samples,
                features,
                grid.columnsPerSplit(),
                number(potential),
                (float) potential.margin(),
                partialSums,
                partialGradients);
    }

    private void finish(double scale, boolean accumulate, CudaTensor dx) {
        long size = (long) samples * features;
        finish.launch(
                Grid.of(Grid.blocks(size, FINISH_THREADS), FINISH_THREADS),
                gradients,
                grid.splits(),
                size,
                (float) (scale * 4 / samples),
                accumulate ? 1 : 0,
                dx);
    }
}

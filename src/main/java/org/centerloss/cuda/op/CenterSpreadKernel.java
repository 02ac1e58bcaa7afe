package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PairGrid;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterSpread;

/** Class-center spread in {@code kernels/center_spread.cu}. */
public final class CenterSpreadKernel extends CudaOp implements CenterSpread {
    private static final int FINISH_THREADS = 256;

    private final int classes;
    private final int features;
    private final PairGrid grid;
    private final PartialSums sums;

    /** A gradient [C, d] for each split of the columns. */
    private final DeviceMemory gradients;

    private final Kernel pairs;
    private final Kernel finish;

    public CenterSpreadKernel(CudaDevice device, int classes, int features) {
        super(device, "center spread [%d, %d]".formatted(classes, features));
        this.classes = classes;
        this.features = features;
        grid = PairGrid.of(classes, classes, features);
        sums = new PartialSums(this, grid.rowBlocks() * grid.splits());
        gradients = workspace((long) Float.BYTES * grid.splits() * classes * features);
        pairs =
                kernel(
                        features <= PairGrid.FEW_FEATURES
                                ? KernelFunction.CENTER_SPREAD_D16
                                : KernelFunction.CENTER_SPREAD_D128);
        finish = kernel(KernelFunction.CENTER_SPREAD_FINISH);
    }

    @Override
    public void forward(Tensor centers, Tensor value) {
        checkOpen();
        CudaTensor points = plain(centers, "centers", classes, features);
        CudaTensor result = plain(value, "value", 1);
        launch(grid.forward(), points, null);
        sums.sum(1.0 / classes, result);
    }

    @Override
    public void forwardBackward(Tensor centers, double scale, Tensor value, Tensor dCenters) {
        checkOpen();
        CudaTensor points = plain(centers, "centers", classes, features);
        CudaTensor result = plain(value, "value", 1);
        CudaTensor gradient = plain(dCenters, "dCenters", classes, features);
        launch(grid.backward(features), points, gradients);
        sums.sum(1.0 / classes, result);
        long size = (long) classes * features;
        finish.launch(
                Grid.of(Grid.blocks(size, FINISH_THREADS), FINISH_THREADS),
                gradients,
                grid.splits(),
                size,
                (float) (scale * 4 / classes),
                gradient);
    }

    private void launch(Grid blocks, CudaTensor centers, DeviceMemory partialGradients) {
        pairs.launch(
                blocks,
                centers,
                classes,
                features,
                grid.columnsPerSplit(),
                sums.memory(),
                partialGradients);
    }
}

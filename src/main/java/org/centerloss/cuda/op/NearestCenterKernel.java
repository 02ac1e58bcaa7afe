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
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/**
 * Nearest center in {@code kernels/nearest_center.cu}. Squared distances are float32: all of those
 * beyond its range are equal, infinite.
 */
public final class NearestCenterKernel extends CudaOp implements NearestCenter {
    private static final int FINISH_THREADS = 256;

    private final int samples;
    private final int features;
    private final int classes;
    private final PairGrid grid;

    /** The nearest among the centers of each split, [splits, m]. */
    private final DeviceMemory distances;

    private final DeviceMemory indices;
    private final Kernel pairs;
    private final Kernel finish;

    public NearestCenterKernel(CudaDevice device, int samples, int features, int classes) {
        super(device, "nearest center [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        grid = PairGrid.of(samples, classes, features);
        distances = workspace((long) Float.BYTES * grid.splits() * samples);
        indices = workspace((long) Integer.BYTES * grid.splits() * samples);
        pairs = kernel(pairsFunction(features));
        finish = kernel(KernelFunction.NEAREST_CENTER_FINISH);
    }

    private static KernelFunction pairsFunction(int features) {
        if (features <= 4) {
            return KernelFunction.NEAREST_CENTER_D4;
        }
        return features <= PairGrid.FEW_FEATURES
                ? KernelFunction.NEAREST_CENTER_D16
                : KernelFunction.NEAREST_CENTER_D128;
    }

    @Override
    public void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaIntTensor nearest = integers(prediction, "prediction", samples);
        CudaTensor distance = plain(squaredDistance, "squaredDistance", samples);
        pairs.launch(
                grid.forward(),
                points,
                c,
                samples,
                features,
                classes,
                grid.columnsPerSplit(),
                distances,
                indices);
        finish.launch(
                Grid.of(Grid.blocks(samples, FINISH_THREADS), FINISH_THREADS),
                distances,
                indices,
                grid.splits(),
                samples,
                nearest,
                distance);
    }
}

package org.centerloss.cuda.baseline;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/** Nearest center with all distances in memory, [m, C]. */
final class NearestCenterNaive extends CudaOp implements NearestCenter {
    private static final int THREADS = 256;

    private final int samples;
    private final int features;
    private final int classes;
    private final DeviceMemory distances;
    private final Kernel pairs;
    private final Kernel rows;

    NearestCenterNaive(CudaDevice device, int samples, int features, int classes) {
        super(
                device,
                "naive nearest center [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        distances = workspace((long) Float.BYTES * samples * classes);
        pairs = kernel(KernelFunction.NEAREST_CENTER_PAIRS_NAIVE);
        rows = kernel(KernelFunction.NEAREST_CENTER_ROWS_NAIVE);
    }

    @Override
    public void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaIntTensor nearest = integers(prediction, "prediction", samples);
        CudaTensor distance = plain(squaredDistance, "squaredDistance", samples);
        pairs.launch(
                Grid.of(Grid.blocks((long) samples * classes, THREADS), THREADS),
                points,
                c,
                samples,
                features,
                classes,
                distances);
        rows.launch(
                Grid.of(Grid.blocks(samples, THREADS), THREADS),
                distances,
                samples,
                classes,
                nearest,
                distance);
    }
}

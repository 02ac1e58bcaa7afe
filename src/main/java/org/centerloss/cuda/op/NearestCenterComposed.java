package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.RowTeams;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/**
 * The nearest center as PyTorch code composes it: a matrix of all distances [m, C], then the
 * smallest of each row. What {@link NearestCenterKernel} is measured against.
 */
final class NearestCenterComposed extends CudaOp implements NearestCenter {
    private final int samples;
    private final int features;
    private final int classes;
    private final DeviceMemory sampleNorms;
    private final DeviceMemory centerNorms;
    private final ComposedMatrix distances;
    private final Kernel argMin;

    NearestCenterComposed(CudaDevice device, int samples, int features, int classes) {
        super(
                device,
                "composed nearest center [%d, %d], %d classes"
                        .formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        sampleNorms = ComposedMatrix.norms(this, samples);
        centerNorms = ComposedMatrix.norms(this, classes);
        distances = new ComposedMatrix(this, samples, classes, features);
        argMin =
                kernel(
                        RowTeams.areWarps(classes)
                                ? KernelFunction.COMPOSED_ARG_MIN_WARP
                                : KernelFunction.COMPOSED_ARG_MIN_BLOCK);
    }

    @Override
    public void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaIntTensor classOf = integers(prediction, "prediction", samples);
        CudaTensor smallest = plain(squaredDistance, "squaredDistance", samples);
        distances.distances(points, sampleNorms, c, centerNorms);
        argMin.launch(
                RowTeams.grid(samples, classes),
                distances.memory(),
                samples,
                classes,
                classOf,
                smallest);
    }
}

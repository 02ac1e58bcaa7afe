package org.centerloss.cuda.baseline;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

/**
 * Center loss as its formula stands, one thread per element; every element of dCenters looks at
 * every label.
 */
final class CenterLossNaive extends CudaOp implements CenterLoss {
    private static final int THREADS = 256;

    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final PartialSums values;
    private final DeviceMemory slopes;
    private final Kernel distances;
    private final Kernel dxKernel;
    private final Kernel dCentersKernel;

    CenterLossNaive(
            CudaDevice device, int samples, int features, int classes, Attraction attraction) {
        super(
                device,
                "naive center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        alpha = (float) attraction.alpha();
        values = new PartialSums(this, samples);
        slopes = workspace((long) Float.BYTES * samples);
        distances = kernel(KernelFunction.CENTER_LOSS_DISTANCES_NAIVE);
        dxKernel = kernel(KernelFunction.CENTER_LOSS_DX_NAIVE);
        dCentersKernel = kernel(KernelFunction.CENTER_LOSS_DCENTERS_NAIVE);
    }

    private static Grid threads(long count) {
        return Grid.of(Grid.blocks(count, THREADS), THREADS);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaTensor result = plain(loss, "loss", 1);
        launchDistances(points, classOf, c);
        values.sum(1.0 / samples, result);
    }

    private void launchDistances(CudaTensor points, CudaIntTensor classOf, CudaTensor c) {
        distances.launch(
                threads(samples),
                points,
                classOf,
                c,
                samples,
                features,
                classes,
                alpha,
                values.memory(),
                slopes);
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
        checkOpen();
        CudaTensor result = plain(loss, "loss", 1);
        backward(x, labels, centers, scale, accumulate, dx, dCenters);
        values.sum(1.0 / samples, result);
    }

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
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        CudaTensor centerGradient =
                dCenters == null ? null : plain(dCenters, "dCenters", classes, features);
        float factor = (float) (scale * 2 / samples);
        launchDistances(points, classOf, c);
        dxKernel.launch(
                threads((long) samples * features),
                points,
                classOf,
                c,
                slopes,
                samples,
                features,
                classes,
                factor,
                accumulate ? 1 : 0,
                gradient);
        if (centerGradient != null) {
            dCentersKernel.launch(
                    threads((long) classes * features),
                    points,
                    classOf,
                    c,
                    slopes,
                    samples,
                    features,
                    classes,
                    factor,
                    centerGradient);
        }
    }
}

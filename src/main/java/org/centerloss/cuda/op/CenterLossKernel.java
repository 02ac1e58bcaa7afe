package org.centerloss.cuda.op;

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
 * Center loss in {@code kernels/center_loss.cu}: x is read once, each present center once, and the
 * cost does not depend on the number of classes.
 */
public final class CenterLossKernel extends CudaOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final SamplesByClass order;
    private final Grid grid;
    private final PartialSums losses;
    private final Kernel forward;
    private final Kernel forwardBackward;
    private final Kernel classSums;

    public CenterLossKernel(
            CudaDevice device, int samples, int features, int classes, Attraction attraction) {
        super(device, "center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        alpha = (float) attraction.alpha();
        order = new SamplesByClass(this, samples, features);
        grid = order.chunks(attraction.exponential() ? 1 : order.slices());
        losses = new PartialSums(this, Math.multiplyExact(grid.x(), grid.y()));
        forward = kernel(KernelFunction.CENTER_LOSS_FORWARD);
        forwardBackward = kernel(KernelFunction.CENTER_LOSS_FORWARD_BACKWARD);
        classSums = kernel(KernelFunction.CENTER_LOSS_CLASS_SUMS);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaTensor result = plain(loss, "loss", 1);
        order.sort(classOf);
        forward.launch(
                grid,
                points,
                c,
                order.order(),
                samples,
                features,
                classes,
                order.width(),
                order.chunk(),
                alpha,
                losses.memory());
        losses.sum(1.0 / samples, result);
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
        runBackward(x, labels, centers, scale, accumulate, losses.memory(), dx, dCenters);
        losses.sum(1.0 / samples, result);
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
        runBackward(x, labels, centers, scale, accumulate, null, dx, dCenters);
    }

    private void runBackward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            DeviceMemory partialLosses,
            Tensor dx,
            Tensor dCenters) {
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        CudaTensor centerGradient =
                dCenters == null ? null : plain(dCenters, "dCenters", classes, features);
        float factor = (float) (scale * 2 / samples);
        order.sort(classOf);
        forwardBackward.launch(
                grid,
                points,
                c,
                order.order(),
                samples,
                features,
                classes,
                order.width(),
                order.chunk(),
                alpha,
                factor,
                accumulate ? 1 : 0,
                gradient,
                centerGradient,
                order.sums(),
                partialLosses);
        if (centerGradient != null && order.severalChunks()) {
            classSums.launch(
                    order.classSums(),
                    order.order(),
                    order.sums(),
                    features,
                    classes,
                    order.chunk(),
                    factor,
                    centerGradient);
        }
    }
}

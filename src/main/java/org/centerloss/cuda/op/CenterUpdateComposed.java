package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/**
 * The center update as PyTorch code composes it: samples are added up by class by a product with
 * their one-hot labels [m, C]. What {@link CenterUpdateKernel} is measured against.
 */
final class CenterUpdateComposed extends CudaOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final ComposedMatrix oneHot;
    private final DeviceMemory counts;
    private final DeviceMemory sums;
    private final Kernel step;

    CenterUpdateComposed(CudaDevice device, int samples, int features, int classes, double alpha) {
        super(
                device,
                "composed center update [%d, %d], %d classes"
                        .formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = (float) alpha;
        oneHot = new ComposedMatrix(this, samples, classes, features);
        counts = workspace((long) Float.BYTES * classes);
        sums = workspace((long) Float.BYTES * classes * features);
        step = kernel(KernelFunction.COMPOSED_CENTER_STEP);
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        oneHot.mask(null, classOf, null);
        oneHot.columnSums(counts);
        oneHot.transposedTimes(points, sums);
        step.launch(
                ComposedMatrix.threads((long) classes * features),
                counts,
                sums,
                classes,
                features,
                alpha,
                c);
    }
}

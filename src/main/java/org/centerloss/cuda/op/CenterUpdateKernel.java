package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/** Moves the centers of the classes that are present, {@code kernels/center_update.cu}. */
public final class CenterUpdateKernel extends CudaOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final SamplesByClass order;
    private final Kernel update;
    private final Kernel classSums;

    public CenterUpdateKernel(
            CudaDevice device, int samples, int features, int classes, double alpha) {
        super(device, "center update [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = (float) alpha;
        order = new SamplesByClass(this, samples, features);
        update = kernel(KernelFunction.CENTER_UPDATE);
        classSums = kernel(KernelFunction.CENTER_UPDATE_CLASS_SUMS);
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        order.sort(classOf);
        update.launch(
                order.chunks(order.slices()),
                points,
                order.order(),
                samples,
                features,
                classes,
                order.width(),
                order.chunk(),
                alpha,
                c,
                order.sums());
        if (order.severalChunks()) {
            classSums.launch(
                    order.classSums(),
                    order.order(),
                    order.sums(),
                    features,
                    classes,
                    order.chunk(),
                    alpha,
                    c);
        }
    }
}

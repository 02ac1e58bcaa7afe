package org.centerloss.device.cuda;

import org.centerloss.device.CenterUpdate;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Moves the centers of the classes that are present, {@code kernels/center_update.cu}. Samples
 * whose label is no class are ignored.
 */
final class CenterUpdateKernel extends CudaOp implements CenterUpdate {
    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final ClassOrder order;
    private final Kernel update;
    private final Kernel classSums;

    CenterUpdateKernel(CudaDevice device, int samples, int features, int classes, double alpha) {
        super(device, "center update [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = (float) alpha;
        order = new ClassOrder(this, samples, features);
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

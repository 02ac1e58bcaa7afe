package org.centerloss.cuda.baseline;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;

/**
 * The center update as its formula stands: one thread per element of the centers, which looks at
 * every label.
 */
final class CenterUpdateNaive extends CudaOp implements CenterUpdate {
    private static final int THREADS = 256;

    private final int samples;
    private final int features;
    private final int classes;
    private final float alpha;
    private final Kernel update;

    CenterUpdateNaive(CudaDevice device, int samples, int features, int classes, double alpha) {
        super(
                device,
                "naive center update [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.alpha = (float) alpha;
        update = kernel(KernelFunction.CENTER_UPDATE_NAIVE);
    }

    @Override
    public void update(Tensor x, IntTensor labels, Tensor centers) {
        checkOpen();
        update.launch(
                Grid.of(Grid.blocks((long) classes * features, THREADS), THREADS),
                plain(x, "x", samples, features),
                integers(labels, "labels", samples),
                samples,
                features,
                classes,
                alpha,
                plain(centers, "centers", classes, features));
    }
}

package org.centerloss.device.cuda;

import org.centerloss.device.ArgMax;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/** Index of the largest logit, {@code kernels/arg_max.cu}. */
final class ArgMaxKernel extends CudaOp implements ArgMax {
    private final int samples;
    private final int classes;
    private final Kernel rows;

    ArgMaxKernel(CudaDevice device, int samples, int classes) {
        super(device, "arg max [%d, %d]".formatted(samples, classes));
        this.samples = samples;
        this.classes = classes;
        rows =
                kernel(
                        RowTeams.areWarps(classes)
                                ? KernelFunction.ARG_MAX_WARP
                                : KernelFunction.ARG_MAX_BLOCK);
    }

    @Override
    public void forward(Tensor logits, IntTensor prediction) {
        checkOpen();
        rows.launch(
                RowTeams.grid(samples, classes),
                plain(logits, "logits", samples, classes),
                samples,
                classes,
                integers(prediction, "prediction", samples));
    }
}

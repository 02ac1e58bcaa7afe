package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.RowTeams;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;

/** Index of the largest logit, {@code kernels/arg_max.cu}. */
public final class ArgMaxKernel extends CudaOp implements ArgMax {
    private final int samples;
    private final int classes;
    private final Kernel rows;

    public ArgMaxKernel(CudaDevice device, int samples, int classes) {
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

package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.cuda.runtime.RowTeams;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.SoftmaxCrossEntropy;

/**
 * Softmax cross-entropy in {@code kernels/softmax_cross_entropy.cu}. A label that is no class makes
 * the loss and the row of the gradient NaN.
 */
public final class SoftmaxCrossEntropyKernel extends CudaOp implements SoftmaxCrossEntropy {
    private final int samples;
    private final int classes;
    private final Grid grid;
    private final PartialSums losses;
    private final Kernel rows;

    public SoftmaxCrossEntropyKernel(CudaDevice device, int samples, int classes) {
        super(device, "softmax cross-entropy [%d, %d]".formatted(samples, classes));
        this.samples = samples;
        this.classes = classes;
        grid = RowTeams.grid(samples, classes);
        losses = new PartialSums(this, grid.x());
        rows =
                kernel(
                        RowTeams.areWarps(classes)
                                ? KernelFunction.SOFTMAX_CROSS_ENTROPY_WARP
                                : KernelFunction.SOFTMAX_CROSS_ENTROPY_BLOCK);
    }

    @Override
    public void forward(Tensor logits, IntTensor labels, Tensor loss) {
        run(logits, labels, 0, loss, null);
    }

    @Override
    public void forwardBackward(
            Tensor logits, IntTensor labels, double scale, Tensor loss, Tensor dLogits) {
        run(logits, labels, scale, loss, plain(dLogits, "dLogits", samples, classes));
    }

    private void run(
            Tensor logits, IntTensor labels, double scale, Tensor loss, CudaTensor dLogits) {
        checkOpen();
        CudaTensor z = plain(logits, "logits", samples, classes);
        CudaIntTensor y = integers(labels, "labels", samples);
        CudaTensor result = plain(loss, "loss", 1);
        rows.launch(
                grid, z, y, samples, classes, (float) (scale / samples), dLogits, losses.memory());
        losses.sum(1.0 / samples, result);
    }
}

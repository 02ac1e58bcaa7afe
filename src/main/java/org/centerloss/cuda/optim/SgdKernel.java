package org.centerloss.cuda.optim;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Sgd;

/** {@code kernels/sgd.cu}. */
public final class SgdKernel extends CudaOp implements Sgd {
    private final int size;
    private final float momentum;
    private final float weightDecay;
    private final int nesterov;
    private final Grid grid;
    private final Kernel kernel;

    public SgdKernel(
            CudaDevice device, int size, double momentum, double weightDecay, boolean nesterov) {
        super(device, "sgd [" + size + "]");
        this.size = size;
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        this.nesterov = nesterov ? 1 : 0;
        grid = planned(() -> Grid.overQuads(size));
        kernel = kernel(KernelFunction.SGD_STEP);
    }

    @Override
    public void step(Tensor weights, Tensor gradients, Tensor velocity, Tensor learningRate) {
        checkOpen();
        kernel.launch(
                grid,
                plain(weights, "weights", size),
                plain(gradients, "gradients", size),
                plain(velocity, "velocity", size),
                plain(learningRate, "learningRate", 1),
                momentum,
                weightDecay,
                nesterov,
                size);
    }
}

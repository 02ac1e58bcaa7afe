package org.centerloss.device.cuda;

import org.centerloss.device.Sgd;
import org.centerloss.device.Tensor;

/** {@code kernels/sgd.cu}. */
final class SgdKernel extends CudaOp implements Sgd {
    private final int size;
    private final float momentum;
    private final float weightDecay;
    private final int nesterov;
    private final Grid grid;
    private final Kernel kernel;

    SgdKernel(CudaDevice device, int size, double momentum, double weightDecay, boolean nesterov) {
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

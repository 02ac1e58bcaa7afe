package org.centerloss.cuda.optim;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;

/** {@code kernels/adam_w.cu}. */
public final class AdamWKernel extends CudaOp implements AdamW {
    private final int size;
    private final Hyperparameters hyperparameters;
    private final Grid grid;
    private final Kernel kernel;

    public AdamWKernel(CudaDevice device, int size, Hyperparameters hyperparameters) {
        super(device, "adamw [" + size + "]");
        this.size = size;
        this.hyperparameters = hyperparameters;
        grid = planned(() -> Grid.overQuads(size));
        kernel = kernel(KernelFunction.ADAM_W_STEP);
    }

    @Override
    public void step(
            Tensor weights, Tensor gradients, Tensor expAvg, Tensor expAvgSq, Tensor coefficients) {
        checkOpen();
        kernel.launch(
                grid,
                plain(weights, "weights", size),
                plain(gradients, "gradients", size),
                plain(expAvg, "expAvg", size),
                plain(expAvgSq, "expAvgSq", size),
                plain(coefficients, "coefficients", COEFFICIENTS),
                (float) hyperparameters.beta1(),
                (float) (1 - hyperparameters.beta1()),
                (float) hyperparameters.beta2(),
                (float) (1 - hyperparameters.beta2()),
                (float) hyperparameters.epsilon(),
                size);
    }
}

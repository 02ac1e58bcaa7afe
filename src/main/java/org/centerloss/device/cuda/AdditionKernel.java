package org.centerloss.device.cuda;

import java.util.Arrays;
import org.centerloss.device.Addition;
import org.centerloss.device.Tensor;

/** {@code kernels/addition.cu}. */
final class AdditionKernel extends CudaOp implements Addition {
    private final int[] shape;
    private final int size;
    private final Grid grid;
    private final Kernel kernel;

    AdditionKernel(CudaDevice device, int... shape) {
        super(device, "addition " + Arrays.toString(shape));
        this.shape = shape;
        size = planned(() -> CudaTensor.product(shape));
        grid = planned(() -> Grid.overQuads(size));
        kernel = kernel(KernelFunction.ADDITION_FORWARD);
    }

    @Override
    public void forward(Tensor a, Tensor b, Tensor out) {
        checkOpen();
        kernel.launch(
                grid,
                activation(a, "a", shape),
                activation(b, "b", shape),
                activation(out, "out", shape),
                size);
    }
}

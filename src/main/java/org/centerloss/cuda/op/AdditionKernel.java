package org.centerloss.cuda.op;

import java.util.Arrays;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.Addition;

/** {@code kernels/addition.cu}. */
public final class AdditionKernel extends CudaOp implements Addition {
    private final int[] shape;
    private final int size;
    private final Grid grid;
    private final Kernel kernel;

    public AdditionKernel(CudaDevice device, int... shape) {
        super(device, "addition " + Arrays.toString(shape));
        this.shape = shape;
        size = planned(() -> TensorForm.elements(shape));
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

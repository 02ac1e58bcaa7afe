package org.centerloss.cuda.op;

import java.util.Arrays;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.Prelu;

/** {@code kernels/prelu.cu}. */
public final class PreluKernel extends CudaOp implements Prelu {
    private final int[] shape;
    private final int size;
    private final Grid grid;
    private final Kernel forward;
    private final Kernel backward;
    private final PartialSums slopeGradients;

    public PreluKernel(CudaDevice device, int... sizes) {
        super(device, "prelu " + Arrays.toString(Prelu.checkedShape(sizes)));
        shape = sizes.clone();
        size = planned(() -> TensorForm.elements(shape));
        grid = planned(() -> Grid.overQuads(size));
        forward = kernel(KernelFunction.PRELU_FORWARD);
        backward = kernel(KernelFunction.PRELU_BACKWARD);
        slopeGradients = new PartialSums(this, grid.x());
    }

    private CudaTensor elements(Tensor tensor, String argument) {
        return shape.length == 4
                ? activation(tensor, argument, shape)
                : plain(tensor, argument, shape);
    }

    @Override
    public void forward(Tensor x, Tensor slope, Tensor y) {
        checkOpen();
        forward.launch(grid, elements(x, "x"), plain(slope, "slope", 1), elements(y, "y"), size);
    }

    @Override
    public void backward(Tensor x, Tensor dy, Tensor slope, Tensor dx, Tensor dSlope) {
        checkOpen();
        CudaTensor result = plain(dSlope, "dSlope", 1);
        backward.launch(
                grid,
                elements(x, "x"),
                elements(dy, "dy"),
                plain(slope, "slope", 1),
                elements(dx, "dx"),
                slopeGradients.memory(),
                size);
        slopeGradients.sum(1, result);
    }
}

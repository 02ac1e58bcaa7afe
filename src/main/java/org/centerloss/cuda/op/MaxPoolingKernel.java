package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.MaxPooling;

/** {@code kernels/max_pooling.cu}. */
public final class MaxPoolingKernel extends CudaOp implements MaxPooling {
    private static final int THREADS = 256;

    private final Shape shape;
    private final int[] xShape;
    private final int[] yShape;
    private final int xSize;
    private final int ySize;
    private final Kernel forward;
    private final Kernel backward;

    /** Where in its window each result was found, a byte each; null in inference. */
    private final DeviceMemory places;

    public MaxPoolingKernel(CudaDevice device, Shape shape) {
        super(device, "max pooling " + shape);
        this.shape = shape;
        int[] in = {shape.batch(), shape.channels(), shape.height(), shape.width()};
        int[] out = {shape.batch(), shape.channels(), shape.outHeight(), shape.outWidth()};
        xShape = in;
        yShape = out;
        xSize = planned(() -> TensorForm.elements(in));
        ySize = planned(() -> TensorForm.elements(out));
        forward = kernel(KernelFunction.MAX_POOLING_FORWARD);
        backward = kernel(KernelFunction.MAX_POOLING_BACKWARD);
        places = shape.training() ? workspace(ySize) : null;
    }

    private static Grid over(int size) {
        return Grid.of(Grid.blocks(size, THREADS), THREADS);
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        checkOpen();
        forward.launch(
                over(ySize),
                activation(x, "x", xShape),
                ySize,
                shape.height(),
                shape.width(),
                shape.outHeight(),
                shape.outWidth(),
                shape.kernel(),
                shape.stride(),
                shape.padding(),
                activation(y, "y", yShape),
                places);
    }

    @Override
    public void backward(Tensor x, Tensor y, Tensor dy, Tensor dx) {
        checkOpen();
        shape.requireTraining();
        activation(x, "x", xShape);
        activation(y, "y", yShape);
        backward.launch(
                over(xSize),
                activation(dy, "dy", yShape),
                places,
                xSize,
                shape.height(),
                shape.width(),
                shape.outHeight(),
                shape.outWidth(),
                shape.kernel(),
                shape.stride(),
                shape.padding(),
                activation(dx, "dx", xShape));
    }
}

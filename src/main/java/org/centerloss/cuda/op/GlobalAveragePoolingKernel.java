package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.Planes;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GlobalAveragePooling;

/** {@code kernels/global_average_pooling.cu}. */
public final class GlobalAveragePoolingKernel extends CudaOp implements GlobalAveragePooling {
    private final int[] xShape;
    private final int[] yShape;
    private final int planes;
    private final int pixels;
    private final Grid grid;
    private final Kernel forward;
    private final Kernel backward;

    public GlobalAveragePoolingKernel(
            CudaDevice device, int batch, int channels, int height, int width) {
        super(
                device,
                "global average pooling [%d, %d, %d, %d]"
                        .formatted(batch, channels, height, width));
        xShape = new int[] {batch, channels, height, width};
        yShape = new int[] {batch, channels};
        planes = batch * channels;
        pixels = height * width;
        grid = planned(() -> Planes.grid(batch, channels));
        forward = kernel(KernelFunction.GLOBAL_AVERAGE_POOLING_FORWARD);
        backward = kernel(KernelFunction.GLOBAL_AVERAGE_POOLING_BACKWARD);
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        checkOpen();
        forward.launch(grid, activation(x, "x", xShape), planes, pixels, plain(y, "y", yShape));
    }

    @Override
    public void backward(Tensor dy, Tensor dx) {
        checkOpen();
        backward.launch(
                grid, plain(dy, "dy", yShape), planes, pixels, activation(dx, "dx", xShape));
    }
}

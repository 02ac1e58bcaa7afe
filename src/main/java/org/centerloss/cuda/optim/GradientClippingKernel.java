package org.centerloss.cuda.optim;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GradientClipping;

/** {@code kernels/gradient_clipping.cu}. */
public final class GradientClippingKernel extends CudaOp implements GradientClipping {
    /** So many that they fill any GPU, and so few that each of them can add up all partial sums. */
    private static final int MOST_BLOCKS = 1024;

    private final int size;
    private final double maxNorm;
    private final Grid grid;
    private final Kernel squares;
    private final Kernel scale;
    private final DeviceMemory partials;

    public GradientClippingKernel(CudaDevice device, int size, double maxNorm) {
        super(device, "gradient clipping [" + size + "]");
        this.size = size;
        this.maxNorm = maxNorm;
        Grid whole = planned(() -> Grid.overQuads(size));
        grid = Grid.of(Math.min(whole.x(), MOST_BLOCKS), whole.threads());
        squares = kernel(KernelFunction.GRADIENT_CLIPPING_SQUARES);
        scale = kernel(KernelFunction.GRADIENT_CLIPPING_SCALE);
        partials = workspace((long) Double.BYTES * grid.x());
    }

    @Override
    public void clip(Tensor gradients, Tensor norm) {
        checkOpen();
        CudaTensor g = plain(gradients, "gradients", size);
        CudaTensor result = plain(norm, "norm", 1);
        squares.launch(grid, g, size, partials);
        scale.launch(grid, partials, maxNorm, size, g, result);
    }
}

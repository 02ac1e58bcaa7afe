package org.centerloss.cuda.runtime;

import java.util.Arrays;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Flatten;

/** A copy: activations lie in the order of the rows already. */
public final class CudaFlatten extends CudaOp implements Flatten {
    private final int[] shape;
    private final int[] flattened;

    public CudaFlatten(CudaDevice device, int batch, int channels, int height, int width) {
        this(
                device,
                Flatten.flattened(batch, channels, height, width),
                batch,
                channels,
                height,
                width);
    }

    private CudaFlatten(CudaDevice device, int[] flattened, int... shape) {
        super(device, "flatten " + Arrays.toString(shape));
        this.shape = shape;
        this.flattened = flattened;
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        checkOpen();
        plain(y, "y", flattened).copyElements(activation(x, "x", shape));
    }

    @Override
    public void backward(Tensor dy, Tensor dx) {
        checkOpen();
        activation(dx, "dx", shape).copyElements(plain(dy, "dy", flattened));
    }
}

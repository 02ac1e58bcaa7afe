package org.centerloss.cpu.onednn;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Flatten;

/**
 * Reorders by oneDNN between the layout of activations and the plain one, which is that of rows; on
 * the way back, padded channels become zeros.
 */
public final class CpuFlatten extends CpuOp implements Flatten {
    private final int[] shape;
    private final int[] flattened;
    private final Primitive forward;
    private final Primitive backward;

    public CpuFlatten(CpuDevice device, int batch, int channels, int height, int width) {
        this(
                device,
                Flatten.flattened(batch, channels, height, width),
                batch,
                channels,
                height,
                width);
    }

    private CpuFlatten(CpuDevice device, int[] flattened, int... shape) {
        super(device, "flatten " + Arrays.toString(shape));
        this.shape = shape;
        this.flattened = flattened;
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc activation = layouts.activation(shape);
            dnnl_memory_desc plain = layouts.plain(shape);
            forward = reorder(activation, plain);
            backward = reorder(plain, activation);
        }
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        checkOpen();
        forward.set(0, activation(x, "x", shape).pointer())
                .set(1, plain(y, "y", flattened).pointer())
                .run();
    }

    @Override
    public void backward(Tensor dy, Tensor dx) {
        checkOpen();
        backward.set(0, plain(dy, "dy", flattened).pointer())
                .set(1, activation(dx, "dx", shape).pointer())
                .run();
    }
}

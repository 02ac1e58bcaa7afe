package org.centerloss.cpu.op;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.OneDnn;
import org.centerloss.cpu.onednn.Primitive;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;

/** The residual connection's sum by oneDNN. */
public final class CpuAddition extends CpuOp implements Addition {
    private final int[] shape;
    private final Primitive sum;

    public CpuAddition(CpuDevice device, int... shape) {
        super(device, "addition " + Arrays.toString(shape));
        this.shape = shape;
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc layout = layouts.activation(shape);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_binary_primitive_desc_create(
                            plan,
                            device.oneDnn().engine(),
                            dnnl_binary_add,
                            layout,
                            layout,
                            layout,
                            device.oneDnn().attributes()),
                    name());
            sum = primitive("forward", plan, DNNL_ARG_SRC_0, DNNL_ARG_SRC_1, DNNL_ARG_DST);
        }
    }

    @Override
    public void forward(Tensor a, Tensor b, Tensor out) {
        checkOpen();
        CpuTensor first = activation(a, "a", shape);
        CpuTensor second = activation(b, "b", shape);
        // oneDNN may write its result over the first summand, but not over the second.
        boolean swap = out == b;
        sum.set(0, (swap ? second : first).pointer())
                .set(1, (swap ? first : second).pointer())
                .set(2, activation(out, "out", shape).pointer())
                .run();
    }
}

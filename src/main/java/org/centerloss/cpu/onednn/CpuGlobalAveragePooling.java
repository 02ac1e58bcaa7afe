package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_primitive_desc_create;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GlobalAveragePooling;

/** Global average pooling by oneDNN: one window as large as the image. */
public final class CpuGlobalAveragePooling extends CpuOp implements GlobalAveragePooling {
    private final int[] xShape;
    private final int[] yShape;
    private final Primitive forward;
    private final Primitive backward;
    private final Weights mean;
    private final Weights meanGradient;

    public CpuGlobalAveragePooling(CpuDevice device, int... shape) {
        super(device, "global average pooling " + Arrays.toString(shape));
        xShape = shape;
        yShape = new int[] {shape[0], shape[1]};
        int[] pooledShape = {shape[0], shape[1], 1, 1};
        long[] window = {shape[2], shape[3]};
        long[] none = {0, 0};
        OneDnn dnn = device.oneDnn();
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc x = layouts.activation(xShape);
            dnnl_memory_desc pooled = layouts.activation(pooledShape);
            dnnl_memory_desc plain = layouts.plain(pooledShape);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_pooling_forward_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_forward_training,
                            dnnl_pooling_avg_exclude_padding,
                            x,
                            pooled,
                            window,
                            window,
                            none,
                            none,
                            none,
                            dnn.attributes()),
                    name());
            forward = primitive("forward", plan, DNNL_ARG_SRC, DNNL_ARG_DST);
            dnnl_primitive_desc backwardPlan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_pooling_backward_primitive_desc_create(
                            backwardPlan,
                            dnn.engine(),
                            dnnl_pooling_avg_exclude_padding,
                            x,
                            pooled,
                            window,
                            window,
                            none,
                            none,
                            none,
                            plan,
                            dnn.attributes()),
                    name());
            backward = primitive("backward", backwardPlan, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC);
            mean = Weights.outOf(this, pooled, plain);
            meanGradient = Weights.into(this, plain, pooled);
        }
    }

    @Override
    public void forward(Tensor x, Tensor y) {
        checkOpen();
        CpuTensor result = plain(y, "y", yShape);
        forward.set(0, activation(x, "x", xShape).pointer()).set(1, mean.target(result)).run();
        mean.store(result);
    }

    @Override
    public void backward(Tensor dy, Tensor dx) {
        checkOpen();
        backward.set(0, meanGradient.load(plain(dy, "dy", yShape)))
                .set(1, activation(dx, "dx", xShape).pointer())
                .run();
    }
}

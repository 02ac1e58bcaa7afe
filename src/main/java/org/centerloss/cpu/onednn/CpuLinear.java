package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_data_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_forward_primitive_desc_create;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Linear;

/** Fully connected layer by oneDNN, on plain tensors throughout. */
public final class CpuLinear extends CpuOp implements Linear {
    private final int[] xShape;
    private final int[] weightShape;
    private final int[] biasShape;
    private final int[] yShape;
    private final Primitive forward;
    private final Primitive backwardData;
    private final Primitive backwardWeights;

    public CpuLinear(CpuDevice device, int samples, int inFeatures, int outFeatures) {
        super(device, "linear %d×%d→%d".formatted(samples, inFeatures, outFeatures));
        xShape = new int[] {samples, inFeatures};
        weightShape = new int[] {outFeatures, inFeatures};
        biasShape = new int[] {outFeatures};
        yShape = new int[] {samples, outFeatures};
        OneDnn dnn = device.oneDnn();
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc x = layouts.plain(xShape);
            dnnl_memory_desc weight = layouts.plain(weightShape);
            dnnl_memory_desc bias = layouts.plain(biasShape);
            dnnl_memory_desc y = layouts.plain(yShape);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_inner_product_forward_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_forward_training,
                            x,
                            weight,
                            bias,
                            y,
                            dnn.attributes()),
                    name());
            forward =
                    primitive(
                            "forward",
                            plan,
                            DNNL_ARG_SRC,
                            DNNL_ARG_WEIGHTS,
                            DNNL_ARG_BIAS,
                            DNNL_ARG_DST);
            dnnl_primitive_desc dataPlan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_inner_product_backward_data_primitive_desc_create(
                            dataPlan, dnn.engine(), x, weight, y, plan, dnn.attributes()),
                    name());
            backwardData =
                    primitive(
                            "backward data",
                            dataPlan,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_WEIGHTS,
                            DNNL_ARG_DIFF_SRC);
            dnnl_primitive_desc weightsPlan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_inner_product_backward_weights_primitive_desc_create(
                            weightsPlan, dnn.engine(), x, weight, bias, y, plan, dnn.attributes()),
                    name());
            backwardWeights =
                    primitive(
                            "backward weights",
                            weightsPlan,
                            DNNL_ARG_SRC,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_DIFF_WEIGHTS,
                            DNNL_ARG_DIFF_BIAS);
        }
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        checkOpen();
        forward.set(0, plain(x, "x", xShape).pointer())
                .set(1, plain(weight, "weight", weightShape).pointer())
                .set(2, plain(bias, "bias", biasShape).pointer())
                .set(3, plain(y, "y", yShape).pointer())
                .run();
    }

    @Override
    public void backward(
            Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias) {
        checkOpen();
        CpuTensor gradient = plain(dy, "dy", yShape);
        CpuTensor weights = plain(weight, "weight", weightShape);
        backwardWeights
                .set(0, plain(x, "x", xShape).pointer())
                .set(1, gradient.pointer())
                .set(2, plain(dWeight, "dWeight", weightShape).pointer())
                .set(3, plain(dBias, "dBias", biasShape).pointer())
                .run();
        if (dx != null) {
            backwardData
                    .set(0, gradient.pointer())
                    .set(1, weights.pointer())
                    .set(2, plain(dx, "dx", xShape).pointer())
                    .run();
        }
    }
}

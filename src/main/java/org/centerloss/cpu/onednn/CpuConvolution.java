package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_data_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;

/** Convolution by oneDNN. Activations stay in the device's layout; only weights are reordered. */
public final class CpuConvolution extends CpuOp implements Convolution {
    private final Shape shape;
    private final int[] xShape;
    private final int[] yShape;
    private final int[] weightShape;
    private final int[] biasShape;

    private final Primitive forward;
    private final Primitive backwardData;

    /** Null without a bias. */
    private final ChannelSums biasGradient;

    private final Primitive backwardWeights;
    private final Weights forwardWeights;
    private final Weights backwardDataWeights;
    private final Weights weightGradients;

    public CpuConvolution(CpuDevice device, Shape shape) {
        super(device, "convolution " + shape);
        this.shape = shape;
        xShape = new int[] {shape.batch(), shape.inChannels(), shape.height(), shape.width()};
        yShape =
                new int[] {shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth()};
        weightShape =
                new int[] {shape.outChannels(), shape.inChannels(), shape.kernel(), shape.kernel()};
        biasShape = new int[] {shape.outChannels()};
        long[] strides = {shape.stride(), shape.stride()};
        long[] dilates = {0, 0};
        long[] paddingBefore = {shape.padding(), shape.padding()};
        long[] paddingAfter = {
            paddingAfter(shape, shape.height(), shape.outHeight()),
            paddingAfter(shape, shape.width(), shape.outWidth())
        };
        biasGradient = shape.bias() ? new ChannelSums(this, yShape) : null;
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc x = layouts.activation(xShape);
            dnnl_memory_desc y = layouts.activation(yShape);
            dnnl_memory_desc any = layouts.any(weightShape);
            dnnl_memory_desc weight = layouts.plain(weightShape);
            dnnl_memory_desc bias = shape.bias() ? layouts.plain(biasShape) : null;
            OneDnn dnn = device.oneDnn();

            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_convolution_forward_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_forward_training,
                            dnnl_convolution_direct,
                            x,
                            any,
                            bias,
                            y,
                            strides,
                            dilates,
                            paddingBefore,
                            paddingAfter,
                            dnn.attributes()),
                    name());
            int[] arguments = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS};
            forward = primitive("forward", plan, Arrays.copyOf(arguments, shape.bias() ? 4 : 3));
            forwardWeights = Weights.into(this, weight, forward.layout(DNNL_ARG_WEIGHTS));

            plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_convolution_backward_data_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_convolution_direct,
                            x,
                            any,
                            y,
                            strides,
                            dilates,
                            paddingBefore,
                            paddingAfter,
                            forward.description(),
                            dnn.attributes()),
                    name());
            backwardData =
                    primitive(
                            "backward data",
                            plan,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_WEIGHTS,
                            DNNL_ARG_DIFF_SRC);
            backwardDataWeights = Weights.into(this, weight, backwardData.layout(DNNL_ARG_WEIGHTS));

            plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_convolution_backward_weights_primitive_desc_create(
                            plan,
                            dnn.engine(),
                            dnnl_convolution_direct,
                            x,
                            any,
                            null,
                            y,
                            strides,
                            dilates,
                            paddingBefore,
                            paddingAfter,
                            forward.description(),
                            dnn.attributes()),
                    name());
            backwardWeights =
                    primitive(
                            "backward weights",
                            plan,
                            DNNL_ARG_SRC,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_DIFF_WEIGHTS);
            weightGradients =
                    Weights.outOf(this, backwardWeights.layout(DNNL_ARG_DIFF_WEIGHTS), weight);
        }
    }

    /**
     * Padding below or right of the image. Where the stride leaves rows over it is less than that
     * above, for oneDNN wants the windows to fill the padded image exactly.
     */
    private static long paddingAfter(Shape shape, int size, int outSize) {
        return (outSize - 1L) * shape.stride() + shape.kernel() - size - shape.padding();
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        checkOpen();
        shape.checkBias("bias", bias);
        if (bias != null) {
            forward.set(3, plain(bias, "bias", biasShape).pointer());
        }
        forward.set(0, activation(x, "x", xShape).pointer())
                .set(1, forwardWeights.load(plain(weight, "weight", weightShape)))
                .set(2, activation(y, "y", yShape).pointer())
                .run();
    }

    @Override
    public void backward(
            Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias) {
        checkOpen();
        shape.checkBias("dBias", dBias);
        CpuTensor gradient = activation(dy, "dy", yShape);
        CpuTensor plainGradient = plain(dWeight, "dWeight", weightShape);
        CpuTensor plainWeight = plain(weight, "weight", weightShape);
        backwardWeights
                .set(0, activation(x, "x", xShape).pointer())
                .set(1, gradient.pointer())
                .set(2, weightGradients.target(plainGradient))
                .run();
        weightGradients.store(plainGradient);
        if (dBias != null) {
            biasGradient.compute(gradient, plain(dBias, "dBias", biasShape).buffer());
        }
        if (dx != null) {
            backwardData
                    .set(0, gradient.pointer())
                    .set(1, backwardDataWeights.load(plainWeight))
                    .set(2, activation(dx, "dx", xShape).pointer())
                    .run();
        }
    }
}

package org.centerloss.device.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fuse_norm_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.device.BatchNormalization;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/** Batch normalisation by oneDNN, which keeps the ReLU's mask as bits for the way back. */
final class CpuBatchNormalization extends CpuOp implements BatchNormalization {
    private final int[] xShape;
    private final int[] channelShape;

    /** Unbiased variance / biased variance. */
    private final double unbiasing;

    private final Primitive forwardTraining;
    private final Primitive forwardInference;
    private final Primitive backward;

    /** Mean and variance of the last training pass, and the ReLU's mask (null without ReLU). */
    private final NativeMemory mean;

    private final NativeMemory variance;
    private final NativeMemory mask;
    private final FloatBuffer meanValues;
    private final FloatBuffer varianceValues;
    private boolean trained;

    CpuBatchNormalization(CpuDevice device, Shape shape) {
        super(device, "batch normalization " + shape);
        xShape = new int[] {shape.batch(), shape.channels(), shape.height(), shape.width()};
        channelShape = new int[] {shape.channels()};
        double values = (double) shape.batch() * shape.height() * shape.width();
        unbiasing = values > 1 ? values / (values - 1) : 1;
        int flags = dnnl_use_scale | dnnl_use_shift | (shape.relu() ? dnnl_fuse_norm_relu : 0);
        try (Layouts layouts = new Layouts(device)) {
            dnnl_memory_desc x = layouts.activation(xShape);
            dnnl_primitive_desc training = forwardPlan(x, dnnl_forward_training, flags);
            forwardTraining =
                    primitive(
                            "forward",
                            training,
                            DNNL_ARG_SRC,
                            DNNL_ARG_SCALE,
                            DNNL_ARG_SHIFT,
                            DNNL_ARG_DST,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE,
                            DNNL_ARG_WORKSPACE);
            forwardInference =
                    primitive(
                            "inference",
                            forwardPlan(x, dnnl_forward_inference, flags | dnnl_use_global_stats),
                            DNNL_ARG_SRC,
                            DNNL_ARG_SCALE,
                            DNNL_ARG_SHIFT,
                            DNNL_ARG_DST,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_batch_normalization_backward_primitive_desc_create(
                            plan,
                            device.oneDnn().engine(),
                            dnnl_backward,
                            x,
                            x,
                            x,
                            (float) EPSILON,
                            flags,
                            training,
                            device.oneDnn().attributes()),
                    name());
            backward =
                    primitive(
                            "backward",
                            plan,
                            DNNL_ARG_SRC,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_SCALE,
                            DNNL_ARG_DIFF_SRC,
                            DNNL_ARG_DIFF_SCALE,
                            DNNL_ARG_DIFF_SHIFT,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE,
                            DNNL_ARG_WORKSPACE);
        }
        mean = memory(forwardTraining.bytes(DNNL_ARG_MEAN));
        variance = memory(forwardTraining.bytes(DNNL_ARG_VARIANCE));
        mask = memory(forwardTraining.bytes(DNNL_ARG_WORKSPACE));
        meanValues = mean.pointer().asBuffer();
        varianceValues = variance.pointer().asBuffer();
        forwardTraining.set(4, mean.pointer()).set(5, variance.pointer()).set(6, mask.pointer());
        backward.set(6, mean.pointer()).set(7, variance.pointer()).set(8, mask.pointer());
    }

    private dnnl_primitive_desc forwardPlan(dnnl_memory_desc x, int kind, int flags) {
        dnnl_primitive_desc plan = new dnnl_primitive_desc();
        OneDnn.check(
                dnnl_batch_normalization_forward_primitive_desc_create(
                        plan,
                        device.oneDnn().engine(),
                        kind,
                        x,
                        x,
                        (float) EPSILON,
                        flags,
                        device.oneDnn().attributes()),
                name());
        return plan;
    }

    @Override
    public void forwardTraining(
            Tensor x, Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, Tensor y) {
        checkOpen();
        FloatBuffer movedMean = plain(runningMean, "runningMean", channelShape).buffer();
        FloatBuffer movedVariance = plain(runningVar, "runningVar", channelShape).buffer();
        forwardTraining
                .set(0, activation(x, "x", xShape).pointer())
                .set(1, plain(gamma, "gamma", channelShape).pointer())
                .set(2, plain(beta, "beta", channelShape).pointer())
                .set(3, activation(y, "y", xShape).pointer())
                .run();
        trained = true;
        move(movedMean, meanValues, 1);
        move(movedVariance, varianceValues, unbiasing);
    }

    private void move(FloatBuffer running, FloatBuffer batch, double factor) {
        for (int c = 0; c < channelShape[0]; c++) {
            double next = (1 - MOMENTUM) * running.get(c) + MOMENTUM * factor * batch.get(c);
            running.put(c, (float) next);
        }
    }

    @Override
    public void forwardInference(
            Tensor x, Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, Tensor y) {
        checkOpen();
        forwardInference
                .set(0, activation(x, "x", xShape).pointer())
                .set(1, plain(gamma, "gamma", channelShape).pointer())
                .set(2, plain(beta, "beta", channelShape).pointer())
                .set(3, activation(y, "y", xShape).pointer())
                .set(4, plain(runningMean, "runningMean", channelShape).pointer())
                .set(5, plain(runningVar, "runningVar", channelShape).pointer())
                .run();
    }

    @Override
    public void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gamma, Tensor dx, Tensor dGamma, Tensor dBeta) {
        checkOpen();
        if (!trained) {
            throw new DeviceException(name() + ": backward before forwardTraining");
        }
        activation(y, "y", xShape);
        backward.set(0, activation(x, "x", xShape).pointer())
                .set(1, activation(dy, "dy", xShape).pointer())
                .set(2, plain(gamma, "gamma", channelShape).pointer())
                .set(3, activation(dx, "dx", xShape).pointer())
                .set(4, plain(dGamma, "dGamma", channelShape).pointer())
                .set(5, plain(dBeta, "dBeta", channelShape).pointer())
                .run();
    }
}

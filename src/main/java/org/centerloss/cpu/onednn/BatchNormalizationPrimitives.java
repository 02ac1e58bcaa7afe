package org.centerloss.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fuse_norm_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.op.BatchNormalization;

/**
 * What {@link CpuBatchNormalization} asks of oneDNN, with the vectors that stay between its passes.
 * In training every image's channels are channels of their own, [1, n·c, h, w]; inference takes the
 * batch as it is.
 */
final class BatchNormalizationPrimitives {
    private static final int AFFINE = dnnl_use_scale | dnnl_use_shift;
    private static final int GIVEN_STATISTICS = AFFINE | dnnl_use_global_stats;

    private final CpuOp op;

    // [image, stored channel]; padding stays 0, as x is 0 there.
    final NativeMemory imageMean;
    final NativeMemory imageVariance;
    final NativeMemory mean;
    final NativeMemory variance;
    final NativeMemory gamma;
    final NativeMemory beta;
    final NativeMemory imageDGamma;
    final NativeMemory imageDBeta;
    final NativeMemory slope;
    final NativeMemory shift;

    /** From x to the images' moments; y is overwritten with what is not needed. */
    final Primitive moments;

    /** From x to y, with mean, variance, gamma and beta. */
    final Primitive normalize;

    /**
     * Likewise, with a ReLU that takes what is not a number for 0, and whose mask is kept. Null
     * where no ReLU follows at once.
     */
    final Primitive normalizeRelu;

    /** From x to y; its further arguments are mean, variance, gamma and beta of the batch. */
    final Primitive infer;

    /**
     * Likewise, with a ReLU that takes what is not a number for 0. Null where no ReLU follows at
     * once.
     */
    final Primitive inferRelu;

    /** From x and dy to dx and the images' dGamma and dBeta, with the mask where there is one. */
    final Primitive backward;

    /** dx += x·slope + shift, per channel. Arguments: x, dx. */
    final Primitive correct;

    /**
     * @param op owns the primitives
     * @param block neighbouring channels that are stored together
     * @param channels of all images, as they are stored
     */
    BatchNormalizationPrimitives(
            CpuOp op, BatchNormalization.Shape shape, int block, int channels) {
        this.op = op;
        long bytes = (long) Float.BYTES * channels;
        imageMean = op.memory(bytes);
        imageVariance = op.memory(bytes);
        mean = op.memory(bytes);
        variance = op.memory(bytes);
        gamma = op.memory(bytes);
        beta = op.memory(bytes);
        imageDGamma = op.memory(bytes);
        imageDBeta = op.memory(bytes);
        slope = op.memory(bytes);
        shift = op.memory(bytes);
        int h = shape.height();
        int w = shape.width();
        boolean masks = shape.epilogue() == BatchNormalization.Epilogue.RELU;
        try (Layouts layouts = new Layouts(op.device);
                PostOps accumulate =
                        PostOps.sumThenAdd(op.device, layouts.plain(1, channels, 1, 1))) {
            dnnl_memory_desc x = layouts.blocked(block, 1, channels, h, w);
            dnnl_memory_desc batch = layouts.activation(shape.batch(), shape.channels(), h, w);
            moments =
                    op.primitive(
                            "moments",
                            forwardPlan(x, dnnl_forward_training, 0),
                            DNNL_ARG_SRC,
                            DNNL_ARG_DST,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE);
            normalize = normalization("forward", x, dnnl_forward_training, GIVEN_STATISTICS);
            normalizeRelu =
                    !masks
                            ? null
                            : op.primitive(
                                    "forward and relu",
                                    forwardPlan(
                                            x,
                                            dnnl_forward_training,
                                            GIVEN_STATISTICS | dnnl_fuse_norm_relu),
                                    DNNL_ARG_SRC,
                                    DNNL_ARG_DST,
                                    DNNL_ARG_MEAN,
                                    DNNL_ARG_VARIANCE,
                                    DNNL_ARG_SCALE,
                                    DNNL_ARG_SHIFT,
                                    DNNL_ARG_WORKSPACE);
            infer = normalization("inference", batch, dnnl_forward_inference, GIVEN_STATISTICS);
            inferRelu =
                    !masks
                            ? null
                            : normalization(
                                    "inference and relu",
                                    batch,
                                    dnnl_forward_inference,
                                    GIVEN_STATISTICS | dnnl_fuse_norm_relu);
            backward =
                    op.primitive(
                            "backward",
                            backwardPlan(x, masks ? AFFINE | dnnl_fuse_norm_relu : AFFINE),
                            DNNL_ARG_SRC,
                            DNNL_ARG_DIFF_DST,
                            DNNL_ARG_DIFF_SRC,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE,
                            DNNL_ARG_SCALE,
                            DNNL_ARG_DIFF_SCALE,
                            DNNL_ARG_DIFF_SHIFT,
                            DNNL_ARG_WORKSPACE);
            dnnl_primitive_desc plan = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_binary_primitive_desc_create(
                            plan,
                            op.device.oneDnn().engine(),
                            dnnl_binary_mul,
                            x,
                            layouts.blocked(block, 1, channels, 1, 1),
                            x,
                            accumulate.attributes()),
                    op.name());
            correct =
                    op.primitive(
                            "correction",
                            plan,
                            DNNL_ARG_SRC_0,
                            DNNL_ARG_DST,
                            DNNL_ARG_SRC_1,
                            PostOps.ADDEND);
        }
        setVectors();
    }

    private void setVectors() {
        moments.set(2, imageMean.pointer()).set(3, imageVariance.pointer());
        setStatistics(normalize);
        backward.set(3, mean.pointer())
                .set(4, variance.pointer())
                .set(5, gamma.pointer())
                .set(6, imageDGamma.pointer())
                .set(7, imageDBeta.pointer());
        correct.set(2, slope.pointer()).set(3, shift.pointer());
        if (normalizeRelu != null) {
            NativeMemory mask = op.memory(normalizeRelu.bytes(DNNL_ARG_WORKSPACE));
            setStatistics(normalizeRelu).set(6, mask.pointer());
            backward.set(8, mask.pointer());
        }
    }

    private Primitive setStatistics(Primitive primitive) {
        return primitive
                .set(2, mean.pointer())
                .set(3, variance.pointer())
                .set(4, gamma.pointer())
                .set(5, beta.pointer());
    }

    private Primitive normalization(String pass, dnnl_memory_desc x, int kind, int flags) {
        return op.primitive(
                pass,
                forwardPlan(x, kind, flags),
                DNNL_ARG_SRC,
                DNNL_ARG_DST,
                DNNL_ARG_MEAN,
                DNNL_ARG_VARIANCE,
                DNNL_ARG_SCALE,
                DNNL_ARG_SHIFT);
    }

    private dnnl_primitive_desc forwardPlan(dnnl_memory_desc x, int kind, int flags) {
        dnnl_primitive_desc plan = new dnnl_primitive_desc();
        OneDnn dnn = op.device.oneDnn();
        OneDnn.check(
                dnnl_batch_normalization_forward_primitive_desc_create(
                        plan,
                        dnn.engine(),
                        kind,
                        x,
                        x,
                        (float) BatchNormalization.EPSILON,
                        flags,
                        dnn.attributes()),
                op.name());
        return plan;
    }

    private dnnl_primitive_desc backwardPlan(dnnl_memory_desc x, int flags) {
        dnnl_primitive_desc forward = forwardPlan(x, dnnl_forward_training, flags);
        dnnl_primitive_desc plan = new dnnl_primitive_desc();
        OneDnn dnn = op.device.oneDnn();
        OneDnn.check(
                dnnl_batch_normalization_backward_primitive_desc_create(
                        plan,
                        dnn.engine(),
                        dnnl_backward,
                        x,
                        x,
                        x,
                        (float) BatchNormalization.EPSILON,
                        flags,
                        forward,
                        dnn.attributes()),
                op.name());
        dnnl_primitive_desc_destroy(forward);
        return plan;
    }
}

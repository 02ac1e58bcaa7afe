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

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.op.ImageVectors;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.Layouts;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;

/**
 * Batch normalisation by oneDNN, one image at a time.
 *
 * <p>Asked for a batch, oneDNN adds all pixels of a channel in one float32 chain. At the network's
 * sizes that costs 10⁻⁵ of relative accuracy, more than all other operations together. So it is
 * handed each image's channels as channels of their own: a batch [n, c, h, w] is, in the same
 * memory, [1, n·c, h, w]. Its sums are then short, they are joined here in float64, and an image is
 * still in the cache when it is read again.
 *
 * <p>Forward: each image's mean and variance; joined, the batch's; normalise with those. Backward:
 * with g = dy·[y &gt; 0] and N values per channel, dx = gamma/√(variance + epsilon) · (g − Σg/N −
 * x̂·Σ(g·x̂)/N). oneDNN gives each image's sums and a dx with them in place of the batch's, which a
 * second pass dx += x·slope + shift puts right.
 */
public final class CpuBatchNormalization extends CpuOp implements BatchNormalization {
    private final int[] xShape;
    private final int[] channelShape;
    private final int batch;
    private final int channels;

    /** Channels of an image as they are stored, padding included. */
    private final int stored;

    private final double pixels;
    private final ImageVectors vectors;

    private final Primitive moments;
    private final Primitive normalize;
    private final Primitive infer;
    private final Primitive backward;
    private final Primitive correct;

    /** The mask of the ReLU; empty without. */
    private final NativeMemory mask;

    // [image, stored channel]; padding stays 0, as x is 0 there.
    private final NativeMemory imageMean;
    private final NativeMemory imageVariance;
    private final NativeMemory mean;
    private final NativeMemory variance;
    private final NativeMemory gamma;
    private final NativeMemory beta;
    private final NativeMemory imageDGamma;
    private final NativeMemory imageDBeta;
    private final NativeMemory slope;
    private final NativeMemory shift;

    // Copies on the Java heap of two such memories.
    private final float[] first;
    private final float[] second;

    // Per stored channel: sums of the two copies, and what follows from them.
    private final double[] sums;
    private final double[] moreSums;
    private final double[] average;
    private final double[] inverseDeviation;
    private final double[] scales;
    private final float[] vector;
    private boolean trained;

    public CpuBatchNormalization(CpuDevice device, Shape shape) {
        super(device, "batch normalization " + shape);
        batch = shape.batch();
        channels = shape.channels();
        xShape = new int[] {batch, channels, shape.height(), shape.width()};
        channelShape = new int[] {channels};
        pixels = (double) shape.height() * shape.width();
        int block = device.channelBlock(channels);
        stored = (channels + block - 1) / block * block;
        vectors = new ImageVectors(batch, stored);
        int all = batch * stored;
        int affine = dnnl_use_scale | dnnl_use_shift;
        int relu = shape.relu() ? dnnl_fuse_norm_relu : 0;
        try (Layouts layouts = new Layouts(device);
                PostOps accumulate = PostOps.sumThenAdd(device, layouts.plain(1, all, 1, 1))) {
            dnnl_memory_desc x = layouts.blocked(block, 1, all, shape.height(), shape.width());
            moments =
                    primitive(
                            "moments",
                            forwardPlan(x, dnnl_forward_training, 0),
                            DNNL_ARG_SRC,
                            DNNL_ARG_DST,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE);
            normalize =
                    primitive(
                            "forward",
                            forwardPlan(
                                    x,
                                    dnnl_forward_training,
                                    affine | relu | dnnl_use_global_stats),
                            DNNL_ARG_SRC,
                            DNNL_ARG_DST,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE,
                            DNNL_ARG_SCALE,
                            DNNL_ARG_SHIFT,
                            DNNL_ARG_WORKSPACE);
            infer =
                    primitive(
                            "inference",
                            forwardPlan(
                                    layouts.activation(xShape),
                                    dnnl_forward_inference,
                                    affine | relu | dnnl_use_global_stats),
                            DNNL_ARG_SRC,
                            DNNL_ARG_DST,
                            DNNL_ARG_MEAN,
                            DNNL_ARG_VARIANCE,
                            DNNL_ARG_SCALE,
                            DNNL_ARG_SHIFT);
            backward =
                    primitive(
                            "backward",
                            backwardPlan(x, affine | relu),
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
                            device.oneDnn().engine(),
                            dnnl_binary_mul,
                            x,
                            layouts.blocked(block, 1, all, 1, 1),
                            x,
                            accumulate.attributes()),
                    name());
            correct =
                    primitive(
                            "correction",
                            plan,
                            DNNL_ARG_SRC_0,
                            DNNL_ARG_SRC_1,
                            DNNL_ARG_DST,
                            PostOps.ADDEND);
        }
        long bytes = (long) Float.BYTES * all;
        imageMean = memory(bytes);
        imageVariance = memory(bytes);
        mean = memory(bytes);
        variance = memory(bytes);
        gamma = memory(bytes);
        beta = memory(bytes);
        imageDGamma = memory(bytes);
        imageDBeta = memory(bytes);
        slope = memory(bytes);
        shift = memory(bytes);
        first = new float[all];
        second = new float[all];
        sums = new double[stored];
        moreSums = new double[stored];
        average = new double[stored];
        inverseDeviation = new double[stored];
        scales = new double[stored];
        vector = new float[stored];
        holds(2 * bytes + (5L * Double.BYTES + Float.BYTES) * stored);
        mask = memory(normalize.bytes(DNNL_ARG_WORKSPACE));
        moments.set(2, imageMean.pointer()).set(3, imageVariance.pointer());
        normalize
                .set(2, mean.pointer())
                .set(3, variance.pointer())
                .set(4, gamma.pointer())
                .set(5, beta.pointer())
                .set(6, mask.pointer());
        backward.set(3, mean.pointer())
                .set(4, variance.pointer())
                .set(5, gamma.pointer())
                .set(6, imageDGamma.pointer())
                .set(7, imageDBeta.pointer())
                .set(8, mask.pointer());
        correct.set(1, slope.pointer()).set(3, shift.pointer());
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

    private dnnl_primitive_desc backwardPlan(dnnl_memory_desc x, int flags) {
        dnnl_primitive_desc forward = forwardPlan(x, dnnl_forward_training, flags);
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
                        forward,
                        device.oneDnn().attributes()),
                name());
        dnnl_primitive_desc_destroy(forward);
        return plan;
    }

    @Override
    public void forwardTraining(
            Tensor x,
            Tensor gammas,
            Tensor betas,
            Tensor runningMean,
            Tensor runningVar,
            Tensor y) {
        checkOpen();
        CpuTensor input = activation(x, "x", xShape);
        CpuTensor output = activation(y, "y", xShape);
        FloatBuffer movedMean = plain(runningMean, "runningMean", channelShape).buffer();
        FloatBuffer movedVariance = plain(runningVar, "runningVar", channelShape).buffer();
        // Only the moments count; what it writes to y is overwritten below.
        moments.set(0, input.pointer()).set(1, output.pointer()).run();
        imageMean.floats().get(0, first);
        imageVariance.floats().get(0, second);
        double count = batch * pixels;
        double unbiasing = count > 1 ? count / (count - 1) : 1;
        vectors.add(first, sums);
        for (int c = 0; c < channels; c++) {
            average[c] = sums[c] / batch;
        }
        vectors.add(second, sums);
        vectors.addSquaredDistances(first, average, sums);
        for (int c = 0; c < channels; c++) {
            double spread = sums[c] / batch;
            inverseDeviation[c] = 1 / Math.sqrt((float) spread + EPSILON);
            vector[c] = (float) spread;
            move(movedMean, c, average[c]);
            move(movedVariance, c, spread * unbiasing);
        }
        vectors.repeat(vector, second);
        for (int c = 0; c < channels; c++) {
            vector[c] = (float) average[c];
        }
        vectors.repeat(vector, first);
        mean.floats().put(0, first);
        variance.floats().put(0, second);
        repeat(plain(gammas, "gamma", channelShape).buffer(), gamma);
        repeat(plain(betas, "beta", channelShape).buffer(), beta);
        normalize.set(0, input.pointer()).set(1, output.pointer()).run();
        trained = true;
    }

    private static void move(FloatBuffer running, int channel, double batch) {
        double moved = (1 - MOMENTUM) * running.get(channel) + MOMENTUM * batch;
        running.put(channel, (float) moved);
    }

    /** Gives every image the values of a parameter [channels]. */
    private void repeat(FloatBuffer parameter, NativeMemory to) {
        parameter.get(0, vector, 0, channels);
        vectors.repeat(vector, first);
        to.floats().put(0, first);
    }

    @Override
    public void forwardInference(
            Tensor x,
            Tensor gammas,
            Tensor betas,
            Tensor runningMean,
            Tensor runningVar,
            Tensor y) {
        checkOpen();
        infer.set(0, activation(x, "x", xShape).pointer())
                .set(1, activation(y, "y", xShape).pointer())
                .set(2, plain(runningMean, "runningMean", channelShape).pointer())
                .set(3, plain(runningVar, "runningVar", channelShape).pointer())
                .set(4, plain(gammas, "gamma", channelShape).pointer())
                .set(5, plain(betas, "beta", channelShape).pointer())
                .run();
    }

    @Override
    public void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gammas, Tensor dx, Tensor dGamma, Tensor dBeta) {
        checkOpen();
        if (!trained) {
            throw new DeviceException(name() + ": backward without a forwardTraining before it");
        }
        CpuTensor input = activation(x, "x", xShape);
        CpuTensor gradient = activation(dx, "dx", xShape);
        activation(y, "y", xShape);
        backward.set(0, input.pointer())
                .set(1, activation(dy, "dy", xShape).pointer())
                .set(2, gradient.pointer())
                .run();
        join(
                plain(gammas, "gamma", channelShape).buffer(),
                plain(dGamma, "dGamma", channelShape).buffer(),
                plain(dBeta, "dBeta", channelShape).buffer());
        correct.set(0, input.pointer()).set(2, gradient.pointer()).run();
    }

    /**
     * Adds the images' sums, and finds how far each image's dx is from what the batch's sums give.
     */
    private void join(FloatBuffer gammas, FloatBuffer dGamma, FloatBuffer dBeta) {
        imageDGamma.floats().get(0, first);
        imageDBeta.floats().get(0, second);
        vectors.add(first, sums);
        vectors.add(second, moreSums);
        for (int c = 0; c < channels; c++) {
            dGamma.put(c, (float) sums[c]);
            dBeta.put(c, (float) moreSums[c]);
            sums[c] /= batch;
            moreSums[c] /= batch;
            scales[c] = gammas.get(c) * inverseDeviation[c] / pixels;
        }
        int at = 0;
        for (int image = 0; image < batch; image++) {
            for (int c = 0; c < stored; c++) {
                correct(at++, c);
            }
        }
        slope.floats().put(0, first);
        shift.floats().put(0, second);
    }

    /** Turns an image's sums into the slope and the shift of its correction. */
    private void correct(int at, int c) {
        double scale = scales[c];
        double perX = scale * (first[at] - sums[c]) * inverseDeviation[c];
        second[at] = (float) (scale * (second[at] - moreSums[c]) - perX * average[c]);
        first[at] = (float) perX;
    }
}

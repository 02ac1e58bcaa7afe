package org.centerloss.cpu.onednn;

import java.nio.FloatBuffer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.op.ImageVectors;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
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
 *
 * <p>oneDNN's ReLU makes 0 of what is not a number. It is used where nothing is added before it and
 * all numbers are finite: in training, the statistics tell, in inference a look at x before.
 */
public final class CpuBatchNormalization extends CpuOp implements BatchNormalization {
    private final Shape shape;
    private final int[] xShape;
    private final int[] channelShape;
    private final int batch;
    private final int channels;

    /** Channels of an image as they are stored, padding included. */
    private final int stored;

    private final double pixels;
    private final ImageVectors vectors;

    private final BatchNormalizationPrimitives primitives;

    /** Null without a ReLU. */
    private final ReluPasses relu;

    /** Null where no ReLU follows at once, or an image is a single number. */
    private final FiniteCheck finiteCheck;

    // Copies on the Java heap of two of oneDNN's vectors: [image, stored channel].
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
        this.shape = shape;
        batch = shape.batch();
        channels = shape.channels();
        xShape = new int[] {batch, channels, shape.height(), shape.width()};
        channelShape = new int[] {channels};
        pixels = (double) shape.height() * shape.width();
        int block = device.channelBlock(channels);
        stored = (channels + block - 1) / block * block;
        vectors = new ImageVectors(batch, stored);
        int all = batch * stored;
        primitives = new BatchNormalizationPrimitives(this, shape, block, all);
        int imageSize = stored * shape.height() * shape.width();
        relu = shape.relu() ? new ReluPasses(this, (long) batch * imageSize) : null;
        finiteCheck =
                primitives.inferRelu == null || imageSize == 1
                        ? null
                        : new FiniteCheck(this, batch, imageSize);
        first = new float[all];
        second = new float[all];
        sums = new double[stored];
        moreSums = new double[stored];
        average = new double[stored];
        inverseDeviation = new double[stored];
        scales = new double[stored];
        vector = new float[stored];
        holds(2L * Float.BYTES * all + (5L * Double.BYTES + Float.BYTES) * stored);
    }

    @Override
    public void forwardTraining(
            Tensor x,
            Tensor gammas,
            Tensor betas,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y) {
        checkOpen();
        shape.checkAddend(z, y);
        CpuTensor input = activation(x, "x", xShape);
        CpuTensor addend = shape.adds() ? activation(z, "z", xShape) : null;
        CpuTensor output = activation(y, "y", xShape);
        FloatBuffer movedMean = plain(runningMean, "runningMean", channelShape).buffer();
        FloatBuffer movedVariance = plain(runningVar, "runningVar", channelShape).buffer();
        // Only the moments count; what it writes to y is overwritten below.
        primitives.moments.set(0, input.pointer()).set(1, output.pointer()).run();
        primitives.imageMean.floats().get(0, first);
        primitives.imageVariance.floats().get(0, second);
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
        primitives.mean.floats().put(0, first);
        primitives.variance.floats().put(0, second);
        FloatBuffer factors = plain(gammas, "gamma", channelShape).buffer();
        FloatBuffer shifts = plain(betas, "beta", channelShape).buffer();
        repeat(factors, primitives.gamma);
        repeat(shifts, primitives.beta);
        boolean finite = true;
        for (int c = 0; c < channels; c++) {
            finite &= finite(average[c], inverseDeviation[c], factors.get(c), shifts.get(c));
        }
        if (primitives.normalizeRelu != null) {
            primitives.normalizeRelu.set(0, input.pointer()).set(1, output.pointer()).run();
        }
        // What is not a number was lost: then once more, and the ReLU apart.
        if (primitives.normalizeRelu == null || !finite) {
            primitives.normalize.set(0, input.pointer()).set(1, output.pointer()).run();
            if (relu != null) {
                relu.forward(output, addend);
            }
        }
        trained = true;
    }

    /** Whether a finite x of a channel is a number when it is normalised. */
    private static boolean finite(
            double average, double inverseDeviation, float factor, float shift) {
        // An infinite variance leaves an inverse deviation of 0.
        return inverseDeviation > 0
                && Float.isFinite((float) average)
                && Float.isFinite((float) (factor * inverseDeviation))
                && Float.isFinite(shift);
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
            Tensor z,
            Tensor y) {
        checkOpen();
        shape.checkAddend(z, y);
        CpuTensor input = activation(x, "x", xShape);
        CpuTensor addend = shape.adds() ? activation(z, "z", xShape) : null;
        CpuTensor output = activation(y, "y", xShape);
        CpuTensor means = plain(runningMean, "runningMean", channelShape);
        CpuTensor variances = plain(runningVar, "runningVar", channelShape);
        CpuTensor factors = plain(gammas, "gamma", channelShape);
        CpuTensor shifts = plain(betas, "beta", channelShape);
        boolean fused = finiteCheck != null && finiteCheck.passes(input);
        for (int c = 0; c < channels; c++) {
            double inverse = 1 / Math.sqrt(variances.buffer().get(c) + EPSILON);
            fused &=
                    finite(
                            means.buffer().get(c),
                            inverse,
                            factors.buffer().get(c),
                            shifts.buffer().get(c));
        }
        (fused ? primitives.inferRelu : primitives.infer)
                .set(0, input.pointer())
                .set(1, output.pointer())
                .set(2, means.pointer())
                .set(3, variances.pointer())
                .set(4, factors.pointer())
                .set(5, shifts.pointer())
                .run();
        if (relu != null && !fused) {
            relu.forward(output, addend);
        }
    }

    @Override
    public void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gammas, Tensor dx, Tensor dGamma, Tensor dBeta) {
        checkOpen();
        shape.checkGradients(dy, dx);
        if (!trained) {
            throw new DeviceException(name() + ": backward without a forwardTraining before it");
        }
        CpuTensor input = activation(x, "x", xShape);
        CpuTensor gradient = activation(dx, "dx", xShape);
        CpuTensor output = activation(y, "y", xShape);
        CpuTensor outputGradient = activation(dy, "dy", xShape);
        if (shape.adds()) {
            relu.backward(output, outputGradient);
        }
        primitives
                .backward
                .set(0, input.pointer())
                .set(1, outputGradient.pointer())
                .set(2, gradient.pointer())
                .run();
        join(
                plain(gammas, "gamma", channelShape).buffer(),
                plain(dGamma, "dGamma", channelShape).buffer(),
                plain(dBeta, "dBeta", channelShape).buffer());
        primitives.correct.set(0, input.pointer()).set(1, gradient.pointer()).run();
    }

    /**
     * Adds the images' sums, and finds how far each image's dx is from what the batch's sums give.
     */
    private void join(FloatBuffer gammas, FloatBuffer dGamma, FloatBuffer dBeta) {
        primitives.imageDGamma.floats().get(0, first);
        primitives.imageDBeta.floats().get(0, second);
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
        primitives.slope.floats().put(0, first);
        primitives.shift.floats().put(0, second);
    }

    /** Turns an image's sums into the slope and the shift of its correction. */
    private void correct(int at, int c) {
        double scale = scales[c];
        double perX = scale * (first[at] - sums[c]) * inverseDeviation[c];
        second[at] = (float) (scale * (second[at] - moreSums[c]) - perX * average[c]);
        first[at] = (float) perX;
    }
}

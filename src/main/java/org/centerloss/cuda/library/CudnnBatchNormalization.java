package org.centerloss.cuda.library;

import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.Planes;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;

/**
 * Batch normalisation by cuDNN in training, and by {@code kernels/batch_normalization.cu} in
 * inference, where y may be x.
 *
 * <p>cuDNN fuses a ReLU only for half-precision images with channels last, so here it is a call of
 * its own, in place: over y on the way forward, over dy on the way back.
 */
public final class CudnnBatchNormalization extends CudaOp implements BatchNormalization {
    private static final int MODE = cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL;

    private final Shape shape;
    private final int[] xShape;
    private final int channels;

    /** Whether a channel has a single value, of which cuDNN's unbiased variance is 0 / 0. */
    private final boolean single;

    private final Cudnn cudnn;
    private final cudnnTensorDescriptor image;
    private final cudnnTensorDescriptor channel;

    /** Null without a ReLU. */
    private final cudnnActivationDescriptor relu;

    /** Of the last training pass. */
    private final DeviceMemory mean;

    private final DeviceMemory inverseDeviation;
    private final Grid grid;
    private final Kernel inference;

    public CudnnBatchNormalization(CudaDevice device, Shape shape) {
        super(device, "batch normalization " + shape);
        this.shape = shape;
        channels = shape.channels();
        xShape = new int[] {shape.batch(), channels, shape.height(), shape.width()};
        single = (long) shape.batch() * shape.height() * shape.width() == 1;
        cudnn = planned(() -> device.libraries().cudnn());
        image = own(() -> Cudnn.tensor(xShape)).handle();
        channel = own(() -> Cudnn.channels(channels)).handle();
        relu = shape.relu() ? own(Cudnn::relu).handle() : null;
        mean = workspace(Float.BYTES * (long) channels);
        inverseDeviation = workspace(Float.BYTES * (long) channels);
        grid = planned(() -> Planes.grid(shape.batch(), channels));
        inference = kernel(KernelFunction.BATCH_NORMALIZATION_INFERENCE);
    }

    @Override
    public void forwardTraining(
            Tensor x, Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, Tensor y) {
        checkOpen();
        Pointer from = activation(x, "x", xShape).address();
        Pointer scale = plain(gamma, "gamma", channels).address();
        Pointer shift = plain(beta, "beta", channels).address();
        Pointer average = plain(runningMean, "runningMean", channels).address();
        Pointer variance = plain(runningVar, "runningVar", channels).address();
        Pointer to = activation(y, "y", xShape).address();
        cudnn.submit(
                name() + " forward",
                () ->
                        JCudnn.cudnnBatchNormalizationForwardTraining(
                                cudnn.handle(),
                                MODE,
                                HostScalar.ONE,
                                HostScalar.ZERO,
                                image,
                                from,
                                image,
                                to,
                                channel,
                                scale,
                                shift,
                                MOMENTUM,
                                single ? null : average,
                                single ? null : variance,
                                EPSILON,
                                address(mean),
                                address(inverseDeviation)));
        if (single) {
            moveStatistics(from, average, variance);
        }
        if (relu != null) {
            cudnn.submit(
                    name() + " relu",
                    () ->
                            JCudnn.cudnnActivationForward(
                                    cudnn.handle(),
                                    relu,
                                    HostScalar.ONE,
                                    image,
                                    to,
                                    HostScalar.ZERO,
                                    image,
                                    to));
        }
    }

    /** Towards a mean of x and a variance of 0. */
    private void moveStatistics(Pointer x, Pointer average, Pointer variance) {
        cudnn.submit(
                name() + " running mean",
                () ->
                        JCudnn.cudnnAddTensor(
                                cudnn.handle(),
                                HostScalar.of(MOMENTUM),
                                channel,
                                x,
                                HostScalar.of(1 - MOMENTUM),
                                channel,
                                average));
        cudnn.submit(
                name() + " running variance",
                () ->
                        JCudnn.cudnnScaleTensor(
                                cudnn.handle(), channel, variance, HostScalar.of(1 - MOMENTUM)));
    }

    @Override
    public void forwardInference(
            Tensor x, Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVar, Tensor y) {
        checkOpen();
        inference.launch(
                grid,
                activation(x, "x", xShape),
                plain(gamma, "gamma", channels),
                plain(beta, "beta", channels),
                plain(runningMean, "runningMean", channels),
                plain(runningVar, "runningVar", channels),
                (float) EPSILON,
                shape.relu() ? 1 : 0,
                shape.batch() * channels,
                channels,
                shape.height() * shape.width(),
                activation(y, "y", xShape));
    }

    @Override
    public void backward(
            Tensor x, Tensor y, Tensor dy, Tensor gamma, Tensor dx, Tensor dGamma, Tensor dBeta) {
        checkOpen();
        Pointer from = activation(x, "x", xShape).address();
        Pointer result = activation(y, "y", xShape).address();
        Pointer slope = activation(dy, "dy", xShape).address();
        Pointer scale = plain(gamma, "gamma", channels).address();
        Pointer to = activation(dx, "dx", xShape).address();
        Pointer scaleSlope = plain(dGamma, "dGamma", channels).address();
        Pointer shiftSlope = plain(dBeta, "dBeta", channels).address();
        if (relu != null) {
            // The ReLU's input is gone, but its result is positive in the same places.
            cudnn.submit(
                    name() + " relu backward",
                    () ->
                            JCudnn.cudnnActivationBackward(
                                    cudnn.handle(),
                                    relu,
                                    HostScalar.ONE,
                                    image,
                                    result,
                                    image,
                                    slope,
                                    image,
                                    result,
                                    HostScalar.ZERO,
                                    image,
                                    slope));
        }
        cudnn.submit(
                name() + " backward",
                () ->
                        JCudnn.cudnnBatchNormalizationBackward(
                                cudnn.handle(),
                                MODE,
                                HostScalar.ONE,
                                HostScalar.ZERO,
                                HostScalar.ONE,
                                HostScalar.ZERO,
                                image,
                                from,
                                image,
                                slope,
                                image,
                                to,
                                channel,
                                scale,
                                scaleSlope,
                                shiftSlope,
                                EPSILON,
                                address(mean),
                                address(inverseDeviation)));
    }
}

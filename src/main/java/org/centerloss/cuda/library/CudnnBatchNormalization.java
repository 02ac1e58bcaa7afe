package org.centerloss.cuda.library;

import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.Planes;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.BatchNormalization;

/**
 * Batch normalisation by cuDNN in training, and by {@code kernels/batch_normalization.cu} in
 * inference, where y may be x.
 *
 * <p>cuDNN fuses what follows only for half-precision images with channels last, so here it is a
 * kernel of our own, in place: over y on the way forward, over dy on the way back.
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

    /** Of the last training pass. */
    private final DeviceMemory mean;

    private final DeviceMemory inverseDeviation;
    private final int size;
    private final Grid planes;
    private final Grid quads;
    private final Kernel inference;

    /** Null without a ReLU. */
    private final Kernel relu;

    /** Null without a ReLU. */
    private final Kernel reluBackward;

    public CudnnBatchNormalization(CudaDevice device, Shape shape) {
        super(device, "batch normalization " + shape);
        this.shape = shape;
        channels = shape.channels();
        xShape = new int[] {shape.batch(), channels, shape.height(), shape.width()};
        single = (long) shape.batch() * shape.height() * shape.width() == 1;
        cudnn = planned(() -> device.libraries().cudnn());
        image = own(() -> Cudnn.tensor(xShape)).handle();
        channel = own(() -> Cudnn.channels(channels)).handle();
        mean = workspace(Float.BYTES * (long) channels);
        inverseDeviation = workspace(Float.BYTES * (long) channels);
        size = planned(() -> TensorForm.elements(xShape));
        planes = planned(() -> Planes.grid(shape.batch(), channels));
        quads = planned(() -> Grid.overQuads(size));
        inference = kernel(KernelFunction.BATCH_NORMALIZATION_INFERENCE);
        relu = shape.relu() ? kernel(KernelFunction.BATCH_NORMALIZATION_RELU) : null;
        reluBackward =
                shape.relu() ? kernel(KernelFunction.BATCH_NORMALIZATION_RELU_BACKWARD) : null;
    }

    @Override
    public void forwardTraining(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y) {
        checkOpen();
        shape.checkAddend(z, y);
        Pointer from = activation(x, "x", xShape).address();
        Pointer scale = plain(gamma, "gamma", channels).address();
        Pointer shift = plain(beta, "beta", channels).address();
        Pointer average = plain(runningMean, "runningMean", channels).address();
        Pointer variance = plain(runningVar, "runningVar", channels).address();
        CudaTensor addend = addend(z);
        CudaTensor result = activation(y, "y", xShape);
        Pointer to = result.address();
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
            relu.launch(quads, result, addend, size);
        }
    }

    /** Null where nothing is added. */
    private CudaTensor addend(Tensor z) {
        return shape.adds() ? activation(z, "z", xShape) : null;
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
            Tensor x,
            Tensor gamma,
            Tensor beta,
            Tensor runningMean,
            Tensor runningVar,
            Tensor z,
            Tensor y) {
        checkOpen();
        shape.checkAddend(z, y);
        inference.launch(
                planes,
                activation(x, "x", xShape),
                plain(gamma, "gamma", channels),
                plain(beta, "beta", channels),
                plain(runningMean, "runningMean", channels),
                plain(runningVar, "runningVar", channels),
                (float) EPSILON,
                addend(z),
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
        shape.checkGradients(dy, dx);
        Pointer from = activation(x, "x", xShape).address();
        CudaTensor result = activation(y, "y", xShape);
        CudaTensor outputGradient = activation(dy, "dy", xShape);
        Pointer slope = outputGradient.address();
        Pointer scale = plain(gamma, "gamma", channels).address();
        Pointer to = activation(dx, "dx", xShape).address();
        Pointer scaleSlope = plain(dGamma, "dGamma", channels).address();
        Pointer shiftSlope = plain(dBeta, "dBeta", channels).address();
        if (reluBackward != null) {
            // The ReLU's input is gone, but its result is positive in the same places.
            reluBackward.launch(quads, result, outputGradient, size);
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

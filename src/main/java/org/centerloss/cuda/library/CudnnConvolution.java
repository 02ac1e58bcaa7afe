package org.centerloss.cuda.library;

import java.util.Arrays;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;

/** Convolution by cuDNN, with algorithms that are chosen when it is made. */
public final class CudnnConvolution extends CudaOp implements Convolution {
    /** What describes a convolution to cuDNN. */
    public record Plan(
            cudnnTensorDescriptor x,
            cudnnFilterDescriptor weight,
            cudnnConvolutionDescriptor convolution,
            cudnnTensorDescriptor y) {}

    private final Shape shape;
    private final int[] xShape;
    private final int[] yShape;
    private final int[] weightShape;
    private final int[] biasShape;
    private final Cudnn cudnn;
    private final Plan plan;

    /** Null without a bias. */
    private final cudnnTensorDescriptor channels;

    private final ConvolutionAlgorithms algorithms;

    /** Null where no algorithm needs one. */
    private final DeviceMemory workspace;

    public CudnnConvolution(CudaDevice device, Shape shape) {
        super(device, "convolution " + shape);
        this.shape = shape;
        xShape = new int[] {shape.batch(), shape.inChannels(), shape.height(), shape.width()};
        yShape =
                new int[] {shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth()};
        weightShape =
                new int[] {shape.outChannels(), shape.inChannels(), shape.kernel(), shape.kernel()};
        biasShape = new int[] {shape.outChannels()};
        cudnn = planned(() -> device.libraries().cudnn());
        plan =
                new Plan(
                        own(() -> Cudnn.tensor(xShape)).handle(),
                        own(() -> Cudnn.filter(shape)).handle(),
                        own(() -> descriptor(shape)).handle(),
                        own(() -> Cudnn.tensor(yShape)).handle());
        channels = shape.bias() ? own(() -> Cudnn.channels(shape.outChannels())).handle() : null;
        algorithms = planned(this::chooseAlgorithms);
        workspace =
                algorithms.workspaceBytes() == 0 ? null : workspace(algorithms.workspaceBytes());
    }

    private Descriptor<cudnnConvolutionDescriptor> descriptor(Shape shape) {
        Descriptor<cudnnConvolutionDescriptor> exact = Cudnn.convolution(shape);
        return device.settings().tf32()
                ? exact.with(
                        made ->
                                JCudnn.cudnnSetConvolutionMathType(
                                        made, cudnnMathType.CUDNN_DEFAULT_MATH))
                : exact;
    }

    private ConvolutionAlgorithms chooseAlgorithms() {
        int[][] found = new int[4][1];
        Cudnn.call(
                name(),
                () ->
                        JCudnn.cudnnGetConvolution2dForwardOutputDim(
                                plan.convolution,
                                plan.x,
                                plan.weight,
                                found[0],
                                found[1],
                                found[2],
                                found[3]));
        int[] shape = Arrays.stream(found).mapToInt(dimension -> dimension[0]).toArray();
        if (!Arrays.equals(shape, yShape)) {
            throw new DeviceException(
                    "cuda: %s: cuDNN makes the result %s, expected %s"
                            .formatted(name(), Arrays.toString(shape), Arrays.toString(yShape)));
        }
        ConvolutionAlgorithms chosen =
                ConvolutionAlgorithms.choose(name(), cudnn, plan, device.settings());
        device.settings().details().accept(name() + ": " + chosen);
        return chosen;
    }

    private Pointer workspaceAddress() {
        return workspace == null ? new Pointer() : address(workspace);
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        checkOpen();
        Pointer from = activation(x, "x", xShape).address();
        Pointer filter = plain(weight, "weight", weightShape).address();
        shape.checkBias("bias", bias);
        Pointer shift = bias == null ? null : plain(bias, "bias", biasShape).address();
        Pointer to = activation(y, "y", yShape).address();
        cudnn.submit(
                name() + " forward",
                () ->
                        JCudnn.cudnnConvolutionForward(
                                cudnn.handle(),
                                HostScalar.ONE,
                                plan.x,
                                from,
                                plan.weight,
                                filter,
                                plan.convolution,
                                algorithms.forward(),
                                workspaceAddress(),
                                algorithms.workspaceBytes(),
                                HostScalar.ZERO,
                                plan.y,
                                to));
        if (shift != null) {
            cudnn.submit(
                    name() + " bias",
                    () ->
                            JCudnn.cudnnAddTensor(
                                    cudnn.handle(),
                                    HostScalar.ONE,
                                    channels,
                                    shift,
                                    HostScalar.ONE,
                                    plan.y,
                                    to));
        }
    }

    @Override
    public void backward(
            Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias) {
        checkOpen();
        Pointer from = activation(x, "x", xShape).address();
        Pointer slope = activation(dy, "dy", yShape).address();
        Pointer filter = plain(weight, "weight", weightShape).address();
        Pointer filterSlope = plain(dWeight, "dWeight", weightShape).address();
        shape.checkBias("dBias", dBias);
        Pointer shiftSlope = dBias == null ? null : plain(dBias, "dBias", biasShape).address();
        cudnn.submit(
                name() + " backward filter",
                () ->
                        JCudnn.cudnnConvolutionBackwardFilter(
                                cudnn.handle(),
                                HostScalar.ONE,
                                plan.x,
                                from,
                                plan.y,
                                slope,
                                plan.convolution,
                                algorithms.backwardFilter(),
                                workspaceAddress(),
                                algorithms.workspaceBytes(),
                                HostScalar.ZERO,
                                plan.weight,
                                filterSlope));
        if (shiftSlope != null) {
            cudnn.submit(
                    name() + " backward bias",
                    () ->
                            JCudnn.cudnnConvolutionBackwardBias(
                                    cudnn.handle(),
                                    HostScalar.ONE,
                                    plan.y,
                                    slope,
                                    HostScalar.ZERO,
                                    channels,
                                    shiftSlope));
        }
        if (dx != null) {
            Pointer to = activation(dx, "dx", xShape).address();
            cudnn.submit(
                    name() + " backward data",
                    () ->
                            JCudnn.cudnnConvolutionBackwardData(
                                    cudnn.handle(),
                                    HostScalar.ONE,
                                    plan.weight,
                                    filter,
                                    plan.y,
                                    slope,
                                    plan.convolution,
                                    algorithms.backwardData(),
                                    workspaceAddress(),
                                    algorithms.workspaceBytes(),
                                    HostScalar.ZERO,
                                    plan.x,
                                    to));
        }
    }
}

package org.centerloss.cuda.library;

import java.util.Arrays;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import jcuda.runtime.cudaStream_t;
import org.centerloss.cuda.driver.Closing;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.cuda.driver.CudaStream;
import org.centerloss.cuda.driver.NativeLibraries;
import org.centerloss.device.DeviceException;
import org.centerloss.device.op.Convolution;

/** cuDNN 9, bound to a device's stream, and its descriptors. */
public final class Cudnn implements AutoCloseable {
    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;
    private static final int NCHW = cudnnTensorFormat.CUDNN_TENSOR_NCHW;

    private final cudnnHandle handle = new cudnnHandle();
    private final CudaStream stream;

    Cudnn(CudaStream stream) {
        NativeLibraries.loadCudnn();
        this.stream = stream;
        call("cuDNN", () -> JCudnn.cudnnCreate(handle));
        try {
            call(
                    "cuDNN, stream",
                    () -> JCudnn.cudnnSetStream(handle, new cudaStream_t(stream.handle())));
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(this);
            throw e;
        }
    }

    /** Such as 9.5.1. */
    public static String version() {
        long version = JCudnn.cudnnGetVersion();
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }

    public cudnnHandle handle() {
        return handle;
    }

    /**
     * Makes a call that queues work.
     *
     * @param operation what is queued, for messages
     */
    void submit(String operation, Cuda.Call call) {
        stream.submit(operation, () -> check(operation, call.run()));
    }

    /** Makes a call that queues nothing. */
    static void call(String operation, Cuda.Call call) {
        check(operation, call.run());
    }

    /** The names are the library's own: JCudnn knows those of cuDNN 8. */
    private static int check(String operation, int status) {
        if (status != 0) {
            String name = JCudnn.cudnnGetErrorString(status);
            throw new DeviceException("cuda: %s: %s: %s".formatted(operation, name, remedy(name)));
        }
        return status;
    }

    private static String remedy(String name) {
        if (name.contains("ALLOCATION_FAILED")) {
            return "not enough memory; use smaller batches or end other programs on the GPU";
        }
        if (name.contains("NOT_INITIALIZED")
                || name.contains("SUBLIBRARY")
                || name.contains("INCOMPATIBLE")) {
            return "cuDNN, its parts and the driver do not fit together; install cuDNN 9 for CUDA 12";
        }
        if (name.contains("NOT_SUPPORTED")) {
            return "cuDNN cannot do this on this GPU; use --device cpu";
        }
        if (name.contains("BAD_PARAM")) {
            return "a mistake of this program; please report it with this line";
        }
        return "run again with --sync to see which call it was";
    }

    /** A float32 tensor, packed NCHW. */
    public static Descriptor<cudnnTensorDescriptor> tensor(int... shape) {
        return Descriptor.of(
                "tensor descriptor " + Arrays.toString(shape),
                new cudnnTensorDescriptor(),
                JCudnn::cudnnCreateTensorDescriptor,
                JCudnn::cudnnDestroyTensorDescriptor,
                made ->
                        JCudnn.cudnnSetTensor4dDescriptor(
                                made, NCHW, FLOAT, shape[0], shape[1], shape[2], shape[3]));
    }

    /** A value for each channel. */
    public static Descriptor<cudnnTensorDescriptor> channels(int c) {
        return tensor(1, c, 1, 1);
    }

    /** Weights of a convolution. */
    public static Descriptor<cudnnFilterDescriptor> filter(Convolution.Shape shape) {
        return Descriptor.of(
                "filter descriptor " + shape,
                new cudnnFilterDescriptor(),
                JCudnn::cudnnCreateFilterDescriptor,
                JCudnn::cudnnDestroyFilterDescriptor,
                made ->
                        JCudnn.cudnnSetFilter4dDescriptor(
                                made,
                                FLOAT,
                                NCHW,
                                shape.outChannels(),
                                shape.inChannels(),
                                shape.kernel(),
                                shape.kernel()));
    }

    /** Cross-correlation in float32: every other mathematics lets cuDNN round to TF32. */
    public static Descriptor<cudnnConvolutionDescriptor> convolution(Convolution.Shape shape) {
        Descriptor<cudnnConvolutionDescriptor> descriptor =
                Descriptor.of(
                        "convolution descriptor " + shape,
                        new cudnnConvolutionDescriptor(),
                        JCudnn::cudnnCreateConvolutionDescriptor,
                        JCudnn::cudnnDestroyConvolutionDescriptor,
                        made ->
                                JCudnn.cudnnSetConvolution2dDescriptor(
                                        made,
                                        shape.padding(),
                                        shape.padding(),
                                        shape.stride(),
                                        shape.stride(),
                                        1,
                                        1,
                                        cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                                        FLOAT));
        return descriptor.with(
                made -> JCudnn.cudnnSetConvolutionMathType(made, cudnnMathType.CUDNN_FMA_MATH));
    }

    @Override
    public void close() {
        call("cuDNN, end", () -> JCudnn.cudnnDestroy(handle));
    }
}

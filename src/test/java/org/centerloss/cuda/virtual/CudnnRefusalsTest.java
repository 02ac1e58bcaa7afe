package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the virtual cuDNN checks when work is queued, each with a call that breaks one rule. */
@VirtualGpu
class CudnnRefusalsTest {
    private static final String BAD = "CUDNN_STATUS_BAD_PARAM";
    private static final String NOT_SUPPORTED = "CUDNN_STATUS_NOT_SUPPORTED";
    private static final int SPATIAL = 1;
    private static final int WITH_WORKSPACE = 1;
    private static final long WORKSPACE_BYTES = 4 * 9 * 2 * 16;
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});
    private static final Pointer NULL = new Pointer();

    private final cudnnHandle handle = new cudnnHandle();

    /** Images [2, 2, 4, 4], as the convolution's result; a value per channel; none at all. */
    private final cudnnTensorDescriptor image = new cudnnTensorDescriptor();

    private final cudnnTensorDescriptor channel = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor unset = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
    private VirtualContext gpu;
    private CUdeviceptr x;
    private CUdeviceptr w;
    private CUdeviceptr y;
    private CUdeviceptr z;
    private CUdeviceptr channels;
    private CUdeviceptr workspace;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
        VirtualGpu.Controls.loadMathLibraries();
        assertEquals(0, JCudnn.cudnnCreate(handle));
        JCudnn.cudnnCreateTensorDescriptor(unset);
        JCudnn.cudnnCreateTensorDescriptor(image);
        JCudnn.cudnnCreateTensorDescriptor(channel);
        JCudnn.cudnnCreateFilterDescriptor(filter);
        JCudnn.cudnnCreateConvolutionDescriptor(convolution);
        JCudnn.cudnnSetTensor4dDescriptor(image, 0, 0, 2, 2, 4, 4);
        JCudnn.cudnnSetTensor4dDescriptor(channel, 0, 0, 1, 2, 1, 1);
        JCudnn.cudnnSetFilter4dDescriptor(filter, 0, 0, 2, 2, 3, 3);
        JCudnn.cudnnSetConvolution2dDescriptor(convolution, 1, 1, 1, 1, 1, 1, 1, 0);
        x = gpu.zeros(4 * 64);
        w = gpu.zeros(4 * 36);
        y = gpu.zeros(4 * 64);
        z = gpu.zeros(4 * 64);
        channels = gpu.zeros(4 * 64);
        workspace = gpu.zeros(WORKSPACE_BYTES);
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private static void assertStatus(String name, int status) {
        assertEquals(name, JCudnn.cudnnGetErrorString(status));
    }

    /** One of the values that there is room for per channel. */
    private Pointer values(int index) {
        return channels.withByteOffset(16L * index);
    }

    private int convolve(Pointer alpha, Pointer from, int algorithm, Pointer memory, Pointer to) {
        return JCudnn.cudnnConvolutionForward(
                handle,
                alpha,
                image,
                from,
                filter,
                w,
                convolution,
                algorithm,
                memory,
                WORKSPACE_BYTES,
                ZERO,
                image,
                to);
    }

    @Test
    void pointersOfAConvolution() {
        assertEquals(0, convolve(ONE, x, WITH_WORKSPACE, workspace, y));
        assertEquals(0, convolve(ONE, x, 0, NULL, y));
        assertStatus(BAD, convolve(NULL, x, 0, NULL, y));
        assertStatus(BAD, convolve(ONE, NULL, 0, NULL, y));
        assertStatus(BAD, convolve(ONE, x, 0, NULL, NULL));
        assertStatus(BAD, convolve(ONE, x.withByteOffset(4), 0, NULL, y));
        assertStatus(BAD, convolve(ONE, x, 0, NULL, x));
        assertStatus(BAD, convolve(ONE, x, 0, NULL, x.withByteOffset(16)));
        assertStatus(BAD, convolve(ONE, x, WITH_WORKSPACE, NULL, y));
        assertStatus(BAD, convolve(ONE, x, WITH_WORKSPACE, y, y));
        assertStatus(BAD, convolve(ONE, x, WITH_WORKSPACE, x, y));
    }

    @Test
    void algorithmsOfAConvolution() {
        assertStatus(BAD, convolve(ONE, x, 99, workspace, y));
        assertStatus(NOT_SUPPORTED, convolve(ONE, x, 2, workspace, y));
        long[] bytes = new long[1];
        assertEquals(0, workspaceSize(WITH_WORKSPACE, image, bytes));
        assertEquals(WORKSPACE_BYTES, bytes[0]);
        assertStatus(BAD, workspaceSize(99, image, bytes));
        assertStatus(NOT_SUPPORTED, workspaceSize(2, image, bytes));
        assertStatus(BAD, workspaceSize(0, channel, bytes));
        assertStatus(BAD, workspaceSize(0, unset, bytes));
    }

    private int workspaceSize(int algorithm, cudnnTensorDescriptor result, long[] bytes) {
        return JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                handle, image, filter, convolution, result, algorithm, bytes);
    }

    @Test
    void theGradientOfABias() {
        assertEquals(0, biasGradient(channel, values(0)));
        assertStatus(BAD, biasGradient(image, values(0)));
        assertStatus(BAD, biasGradient(channel, NULL));
        assertStatus(BAD, biasGradient(channel, x));
    }

    private int biasGradient(cudnnTensorDescriptor result, Pointer to) {
        return JCudnn.cudnnConvolutionBackwardBias(handle, ONE, image, x, ZERO, result, to);
    }

    private int normalize(
            int mode, cudnnTensorDescriptor result, Pointer to, Pointer variance, Pointer saved) {
        return normalize(mode, result, channel, 1e-5, to, variance, saved);
    }

    private int normalize(
            int mode,
            cudnnTensorDescriptor result,
            cudnnTensorDescriptor perChannel,
            double epsilon,
            Pointer to,
            Pointer variance,
            Pointer saved) {
        return JCudnn.cudnnBatchNormalizationForwardTraining(
                handle,
                mode,
                ONE,
                ZERO,
                image,
                x,
                result,
                to,
                perChannel,
                values(0),
                values(1),
                0.1,
                values(2),
                variance,
                epsilon,
                values(4),
                saved);
    }

    @Test
    void batchNormalization() {
        assertEquals(0, normalize(SPATIAL, image, y, values(3), values(5)));
        assertStatus(NOT_SUPPORTED, normalize(0, image, y, values(3), values(5)));
        assertStatus(BAD, normalize(SPATIAL, channel, y, values(3), values(5)));
        assertStatus(BAD, normalize(SPATIAL, unset, y, values(3), values(5)));
        assertStatus(BAD, normalize(SPATIAL, image, x, values(3), values(5)));
        assertStatus(BAD, normalize(SPATIAL, image, y, NULL, values(5)));
        assertStatus(BAD, normalize(SPATIAL, image, y, values(3), NULL));
        assertStatus(BAD, normalize(SPATIAL, image, y, values(2), values(5)));
        assertStatus(BAD, normalize(SPATIAL, image, image, 1e-5, y, values(3), values(5)));
        assertStatus(BAD, normalize(SPATIAL, image, channel, -1, y, values(3), values(5)));
    }

    private int normalizeBackward(cudnnTensorDescriptor slope, Pointer to, Pointer saved) {
        return JCudnn.cudnnBatchNormalizationBackward(
                handle, SPATIAL, ONE, ZERO, ONE, ZERO, image, x, slope, y, image, to, channel,
                values(0), values(1), values(2), 1e-5, saved, values(4));
    }

    @Test
    void batchNormalizationBackward() {
        assertEquals(0, normalizeBackward(image, z, values(3)));
        assertStatus(BAD, normalizeBackward(channel, z, values(3)));
        assertStatus(BAD, normalizeBackward(image, y, values(3)));
        assertStatus(BAD, normalizeBackward(image, x, values(3)));
        assertStatus(BAD, normalizeBackward(image, z, values(1)));
        assertStatus(NOT_SUPPORTED, normalizeBackward(image, z, NULL));
    }

    @Test
    void additionAndScaling() {
        assertEquals(0, JCudnn.cudnnAddTensor(handle, ONE, channel, w, ONE, image, y));
        assertStatus(NOT_SUPPORTED, JCudnn.cudnnAddTensor(handle, ONE, image, x, ONE, image, y));
        assertStatus(BAD, JCudnn.cudnnAddTensor(handle, ONE, channel, y, ONE, image, y));
        assertEquals(0, JCudnn.cudnnScaleTensor(handle, image, y, ONE));
        assertStatus(BAD, JCudnn.cudnnScaleTensor(handle, unset, y, ONE));
        assertStatus(BAD, JCudnn.cudnnScaleTensor(handle, image, y, NULL));
    }

    @Test
    void aStreamThatIsGone() {
        CUstream stream = new CUstream();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        assertEquals(0, JCudnn.cudnnSetStream(handle, new cudaStream_t(stream)));
        JCudaDriver.cuStreamDestroy(stream);
        assertStatus("CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER", convolve(ONE, x, 0, NULL, y));
    }

    @Test
    void aHandleThatIsGone() {
        assertEquals(0, JCudnn.cudnnDestroy(handle));
        assertStatus(BAD, convolve(ONE, x, 0, NULL, y));
        assertStatus(BAD, JCudnn.cudnnDestroy(handle));
    }
}

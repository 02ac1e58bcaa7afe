package org.centerloss.cuda.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.cuda.driver.CudaStream;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.MemoryPlan;
import org.centerloss.device.DeviceException;
import org.centerloss.device.op.Convolution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Mistakes in calling cuDNN, each of which the virtual GPU must find. A fault breaks the context,
 * so every test has its own.
 */
@VirtualGpu
class CudnnConvolutionTest {
    private static final Convolution.Shape SHAPE = new Convolution.Shape(2, 3, 6, 5, 4, 3, 1, 1);
    private static final int X = 2 * 3 * 6 * 5;
    private static final int WEIGHTS = 4 * 3 * 3 * 3;
    private static final int Y = 2 * 4 * 6 * 5;
    private static final long ENOUGH = 1 << 20;
    private static final int WITH_WORKSPACE =
            cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;

    private final CUcontext context = new CUcontext();
    private CudaStream stream;
    private Cudnn cudnn;
    private DeviceMemory x;
    private DeviceMemory weight;
    private DeviceMemory y;
    private DeviceMemory workspace;

    @BeforeEach
    void open() {
        Cuda.initialize();
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuCtxCreate(context, 0, device);
        stream = new CudaStream(false);
        cudnn = new Cudnn(stream);
        x = random("x", X);
        weight = random("weight", WEIGHTS);
        y = memory("y", Float.BYTES * Y);
        workspace = memory("workspace", ENOUGH);
    }

    @AfterEach
    void close() {
        VirtualGpu.Controls.load().vgpuSetSeed(0);
        JCudaDriver.cuCtxDestroy(context);
    }

    private DeviceMemory memory(String name, long bytes) {
        return new DeviceMemory(
                new MemoryPlan(stream), name, bytes, DeviceMemory.Content.UNDEFINED);
    }

    private DeviceMemory random(String name, int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        DeviceMemory memory = memory(name, Float.BYTES * size);
        JCudaDriver.cuMemcpyHtoD(memory.address(), Pointer.to(values), Float.BYTES * size);
        // The copy runs on another stream, and returns before it has reached the GPU.
        JCudaDriver.cuCtxSynchronize();
        return memory;
    }

    private float[] forward(Pointer from, cudnnTensorDescriptor yShape, int math, long bytes) {
        try (var xDescriptor = Cudnn.tensor(2, 3, 6, 5);
                var filter = Cudnn.filter(SHAPE);
                var convolution = Cudnn.convolution(SHAPE)) {
            cudnnConvolutionDescriptor descriptor = convolution.handle();
            JCudnn.cudnnSetConvolutionMathType(descriptor, math);
            cudnn.submit(
                    "forward",
                    () ->
                            JCudnn.cudnnConvolutionForward(
                                    cudnn.handle(),
                                    HostScalar.ONE,
                                    xDescriptor.handle(),
                                    from,
                                    filter.handle(),
                                    weight.address(),
                                    descriptor,
                                    WITH_WORKSPACE,
                                    workspace.address(),
                                    bytes,
                                    HostScalar.ZERO,
                                    yShape,
                                    y.address()));
        }
        float[] result = new float[Y];
        stream.synchronize("forward");
        JCudaDriver.cuMemcpyDtoH(Pointer.to(result), y.address(), Float.BYTES * Y);
        return result;
    }

    private float[] forward(Pointer from, int math) {
        try (var shape = Cudnn.tensor(2, 4, 6, 5)) {
            return forward(from, shape.handle(), math, ENOUGH);
        }
    }

    private static void assertRefused(String status, Runnable call) {
        String message = assertThrows(DeviceException.class, call::run).getMessage();
        assertTrue(message.startsWith("cuda: forward: " + status + ": "), message);
        assertEquals(1, message.lines().count(), message);
    }

    private void assertFault(String words, Pointer from) {
        DeviceException e =
                assertThrows(
                        DeviceException.class, () -> forward(from, cudnnMathType.CUDNN_FMA_MATH));
        assertTrue(e.getMessage().contains("CUDA_ERROR_"), e.getMessage());
        String fault = VirtualGpu.Controls.load().vgpuLastFault();
        assertTrue(fault.contains("cudnnConvolutionForward") && fault.contains(words), fault);
    }

    @Test
    void aDescriptorOfAnotherShapeIsRefused() {
        for (int[] wrong : new int[][] {{2, 4, 6, 6}, {2, 3, 6, 5}, {1, 4, 6, 5}, {2, 4, 5, 6}}) {
            try (var shape = Cudnn.tensor(wrong)) {
                assertRefused(
                        "CUDNN_STATUS_BAD_PARAM",
                        () ->
                                forward(
                                        x.address(),
                                        shape.handle(),
                                        cudnnMathType.CUDNN_FMA_MATH,
                                        ENOUGH));
            }
        }
    }

    @Test
    void aDescriptorThatWasDestroyedIsRefused() {
        Descriptor<cudnnTensorDescriptor> shape = Cudnn.tensor(2, 4, 6, 5);
        shape.close();
        assertRefused(
                "CUDNN_STATUS_BAD_PARAM",
                () -> forward(x.address(), shape.handle(), cudnnMathType.CUDNN_FMA_MATH, ENOUGH));
    }

    @Test
    void aWorkspaceThatIsTooSmallIsRefused() {
        try (var shape = Cudnn.tensor(2, 4, 6, 5)) {
            assertRefused(
                    "CUDNN_STATUS_BAD_PARAM",
                    () -> forward(x.address(), shape.handle(), cudnnMathType.CUDNN_FMA_MATH, 64));
        }
    }

    @Test
    void theResultIsRightWhereNothingIsWrong() {
        float[] exact = forward(x.address(), cudnnMathType.CUDNN_FMA_MATH);
        VirtualGpu.Controls.load().vgpuSetSeed(5);
        assertArrayEquals(exact, forward(x.address(), cudnnMathType.CUDNN_FMA_MATH));
    }

    @Test
    void mathematicsThatAllowsTf32LosesDigits() {
        float[] exact = forward(x.address(), cudnnMathType.CUDNN_FMA_MATH);
        float[] rounded = forward(x.address(), cudnnMathType.CUDNN_DEFAULT_MATH);
        double difference = 0;
        for (int i = 0; i < Y; i++) {
            difference = Math.max(difference, Math.abs(exact[i] - rounded[i]));
        }
        assertTrue(difference > 1e-4 && difference < 1e-1, "difference: " + difference);
    }

    @Test
    void memoryThatWasFreedIsAFault() {
        Pointer stale = x.address();
        x.close();
        assertFault("freed", stale);
    }

    @Test
    void hostMemoryIsRefused() {
        // JCudnn hands no host memory over where the GPU's is meant.
        Pointer host = Pointer.to(ByteBuffer.allocateDirect(Float.BYTES * X));
        assertRefused("CUDNN_STATUS_BAD_PARAM", () -> forward(host, cudnnMathType.CUDNN_FMA_MATH));
    }

    @Test
    void memoryThatNothingWroteIsAFault() {
        assertFault("nothing", memory("fresh", Float.BYTES * X).address());
    }

    @Test
    void memoryThatIsTooShortIsAFault() {
        assertFault("end", random("short", X - 1).address());
    }

    @Test
    void algorithmsThatAddInAnyOrderGiveOtherBits() {
        float[][] sums = new float[2][];
        for (int order = 0; order < 2; order++) {
            VirtualGpu.Controls.load().vgpuSetSeed(order);
            sums[order] = backwardFilter(0);
        }
        assertFalse(Arrays.equals(sums[0], sums[1]));
    }

    @Test
    void aHandleCannotBeMadeWhileAProgramIsRecorded() {
        String message =
                assertThrows(
                                DeviceException.class,
                                () -> {
                                    try (var libraries = new MathLibraries(stream, false)) {
                                        stream.record(libraries::cudnn, new HashMap<>());
                                    }
                                })
                        .getMessage();
        assertTrue(message.contains("recorded in a program"), message);
    }

    private float[] backwardFilter(int algorithm) {
        try (var xDescriptor = Cudnn.tensor(2, 3, 6, 5);
                var filter = Cudnn.filter(SHAPE);
                var convolution = Cudnn.convolution(SHAPE);
                var yDescriptor = Cudnn.tensor(2, 4, 6, 5);
                DeviceMemory dy = random("dy", Y);
                DeviceMemory gradient = memory("dWeight", Float.BYTES * WEIGHTS)) {
            cudnn.submit(
                    "backward filter",
                    () ->
                            JCudnn.cudnnConvolutionBackwardFilter(
                                    cudnn.handle(),
                                    HostScalar.ONE,
                                    xDescriptor.handle(),
                                    x.address(),
                                    yDescriptor.handle(),
                                    dy.address(),
                                    convolution.handle(),
                                    algorithm,
                                    workspace.address(),
                                    ENOUGH,
                                    HostScalar.ZERO,
                                    filter.handle(),
                                    gradient.address()));
            stream.synchronize("backward filter");
            float[] result = new float[WEIGHTS];
            JCudaDriver.cuMemcpyDtoH(Pointer.to(result), gradient.address(), Float.BYTES * WEIGHTS);
            return result;
        }
    }
}

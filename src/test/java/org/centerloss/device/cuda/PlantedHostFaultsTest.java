package org.centerloss.device.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasOperation;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnTensorFormat;
import org.centerloss.device.Addition;
import org.centerloss.device.Convolution;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Linear;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mistakes of the host, planted into operations that are in use: each must be refused by the
 * library's own status, or be a fault of the virtual GPU that says what is wrong.
 */
@VirtualGpu
class PlantedHostFaultsTest {
    private static final Convolution.Shape SHAPE = new Convolution.Shape(2, 3, 6, 5, 4, 3, 1, 1);
    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;
    private static final int NCHW = cudnnTensorFormat.CUDNN_TENSOR_NCHW;
    private static final int CORRELATION = cudnnConvolutionMode.CUDNN_CROSS_CORRELATION;

    private CudaDevice device;
    private Convolution convolution;
    private CudnnConvolution.Plan plan;
    private Tensor x;
    private Tensor weight;
    private Tensor bias;
    private Tensor y;

    @BeforeEach
    void open() {
        device = new CudaDevice(0, false);
        convolution = device.convolution(SHAPE);
        plan = PlantedHostFault.plan(convolution);
        x = device.activation(2, 3, 6, 5);
        weight = device.tensor(4, 3, 3, 3);
        bias = device.tensor(4);
        y = device.activation(2, 4, 6, 5);
        bias.write(new float[] {1, 2, 3, 4});
        forward();
        assertEquals(4, y.toFloats()[2 * 4 * 6 * 5 - 1]);
    }

    /** A fault leaves a context that refuses everything, its end in order too. */
    @AfterEach
    void close() {
        assertThrows(DeviceException.class, device::close, "what the tests leave open");
    }

    private void forward() {
        convolution.forward(x, weight, bias, y);
    }

    private static void assertRefused(String status, Runnable call) {
        String message = assertThrows(DeviceException.class, call::run).getMessage();
        assertTrue(message.contains(": " + status + ": "), message);
        assertEquals(1, message.lines().count(), message);
    }

    /** Expects a fault, whose words name the guilty call. */
    private void assertFault(String status, Runnable calls, String... words) {
        assertRefused(
                status,
                () -> {
                    calls.run();
                    device.synchronize();
                });
        String fault = VirtualGpu.Controls.load().vgpuLastFault();
        for (String expected : words) {
            assertTrue(fault.contains(expected), () -> expected + " not in: " + fault);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 2, 1", "2, 1, 1", "1, 1, 2"})
    void anotherPaddingStrideOrDilationInTheDescriptorIsRefused(
            int padding, int stride, int dilation) {
        JCudnn.cudnnSetConvolution2dDescriptor(
                plan.convolution(),
                padding,
                padding,
                stride,
                stride,
                dilation,
                dilation,
                CORRELATION,
                FLOAT);
        assertRefused("CUDNN_STATUS_BAD_PARAM", this::forward);
    }

    @Test
    void imagesWithChannelsLastInTheDescriptorAreRefused() {
        int last = cudnnTensorFormat.CUDNN_TENSOR_NHWC;
        JCudnn.cudnnSetTensor4dDescriptor(plan.x(), last, FLOAT, 2, 3, 6, 5);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void filtersWithChannelsLastInTheDescriptorAreRefused() {
        int last = cudnnTensorFormat.CUDNN_TENSOR_NHWC;
        JCudnn.cudnnSetFilter4dDescriptor(plan.weight(), FLOAT, last, 4, 3, 3, 3);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void halfPrecisionInTheDescriptorIsRefused() {
        int half = cudnnDataType.CUDNN_DATA_HALF;
        JCudnn.cudnnSetTensor4dDescriptor(plan.y(), NCHW, half, 2, 4, 6, 5);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void aFilterThatIsTurnedAroundIsRefused() {
        int turned = cudnnConvolutionMode.CUDNN_CONVOLUTION;
        JCudnn.cudnnSetConvolution2dDescriptor(plan.convolution(), 1, 1, 1, 1, 1, 1, turned, FLOAT);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void heightAndWidthInTheWrongOrderAreRefused() {
        JCudnn.cudnnSetTensor4dDescriptor(plan.x(), NCHW, FLOAT, 2, 3, 5, 6);
        assertRefused("CUDNN_STATUS_BAD_PARAM", this::forward);
    }

    @Test
    void aWorkspaceSaidToBeTooSmallIsRefused() {
        ConvolutionAlgorithms right =
                (ConvolutionAlgorithms) PlantedHostFault.get(convolution, "algorithms");
        ConvolutionAlgorithms wrong =
                new ConvolutionAlgorithms(
                        right.forward(),
                        right.backwardData(),
                        right.backwardFilter(),
                        right.workspaceBytes() - Float.BYTES);
        PlantedHostFault.set(convolution, "algorithms", wrong);
        assertRefused("CUDNN_STATUS_BAD_PARAM", this::forward);
    }

    @Test
    void aWorkspaceThatIsSmallerThanSaidIsAFault() {
        Object small = PlantedHostFault.get(device.tensor(16), "memory");
        PlantedHostFault.set(convolution, "workspace", small);
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                this::forward,
                "cudnnConvolutionForward writes",
                "reach over the end of the allocation of 64 bytes");
    }

    @Test
    void aWorkspaceThatTheOperationFreedIsNamed() {
        ((DeviceMemory) PlantedHostFault.get(convolution, "workspace")).close();
        String message = assertThrows(DeviceException.class, this::forward).getMessage();
        assertTrue(message.contains("memory of convolution") && message.contains("was freed"));
    }

    @Test
    void aWorkspaceThatIsFreedUnseenIsAFault() {
        DeviceMemory workspace = (DeviceMemory) PlantedHostFault.get(convolution, "workspace");
        JCudaDriver.cuMemFree(workspace.address());
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                this::forward,
                "cudnnConvolutionForward writes",
                "which was freed");
    }

    @Test
    void aGraphWhoseTensorIsGoneIsAFault() {
        Program program = device.record(this::forward);
        program.run();
        // Without its own checks, the program trusts the addresses that it recorded.
        ((Map<?, ?>) PlantedHostFault.get(program, "checks")).clear();
        x.close();
        x = device.activation(2, 3, 6, 5);
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                program::run,
                "cudnnConvolutionForward reads",
                "which was freed");
    }

    @Test
    void hostMemoryAsAKernelsParameterIsAFault() {
        Addition addition = device.addition(1, 1, 1, 2);
        Tensor a = device.activation(1, 1, 1, 2);
        ByteBuffer host = ByteBuffer.allocateDirect(Float.BYTES * 2);
        PlantedHostFault.point(((CudaTensor) a).address(), host);
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                () -> addition.forward(a, a, y(1, 1, 1, 2)),
                "addition_forward",
                "in no device allocation (a host pointer?)");
    }

    private Tensor y(int... shape) {
        return device.activation(shape[0], shape[1], shape[2], shape[3]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostMemoryAsAnOperandOfALibraryIsAFault(boolean cudnn) {
        Tensor operand = cudnn ? weight : device.tensor(3, 2);
        ByteBuffer host = ByteBuffer.allocateDirect(Float.BYTES * 4 * 27);
        PlantedHostFault.point(((CudaTensor) operand).address(), host);
        Linear linear = device.linear(1, 2, 3);
        Runnable call =
                cudnn
                        ? this::forward
                        : () ->
                                linear.forward(
                                        device.tensor(1, 2),
                                        operand,
                                        device.tensor(3),
                                        device.tensor(1, 3));
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                call,
                cudnn ? "cudnnConvolutionForward reads" : "cublasSgemm reads",
                "in no device allocation (a host pointer?)");
    }

    /**
     * What {@link CublasLinear} asks for, [out, samples] = weight · x, with a row of another
     * length.
     */
    private void product(int in, int out, int samples, int rowLength) {
        Tensor matrix = device.tensor(out, in);
        Tensor from = device.tensor(samples, in);
        Tensor to = device.tensor(samples, out);
        Cublas cublas = device.libraries().cublas();
        cublas.submit(
                "product",
                () ->
                        JCublas2.cublasSgemm(
                                cublas.handle(),
                                cublasOperation.CUBLAS_OP_T,
                                cublasOperation.CUBLAS_OP_N,
                                out,
                                samples,
                                in,
                                HostScalar.ONE,
                                ((CudaTensor) matrix).address(),
                                rowLength,
                                ((CudaTensor) from).address(),
                                in,
                                HostScalar.ZERO,
                                ((CudaTensor) to).address(),
                                out));
    }

    @Test
    void aLeadingDimensionThatIsTooSmallIsRefused() {
        product(5, 3, 2, 5);
        assertRefused("CUBLAS_STATUS_INVALID_VALUE", () -> product(5, 3, 2, 3));
    }

    @Test
    void aLeadingDimensionThatIsTooLargeIsAFault() {
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                () -> product(3, 5, 2, 5),
                "cublasSgemm reads",
                "reach over the end");
    }

    @Test
    void pinnedMemoryThatIsReadWithoutWaitingHoldsWhatItHeld() {
        PinnedMemory host = new PinnedMemory(Float.BYTES);
        host.floats().put(0, -1);
        y.write(new float[2 * 4 * 6 * 5]);
        device.stream()
                .submit(
                        "read",
                        () ->
                                JCudaDriver.cuMemcpyDtoHAsync(
                                        host.pointer(),
                                        ((CudaTensor) y).address(),
                                        Float.BYTES,
                                        device.stream().handle()));
        assertEquals(-1, host.floats().get(0));
        device.synchronize();
        assertEquals(0, host.floats().get(0));
    }

    @Test
    void pinnedMemoryThatIsFilledAgainWithoutWaitingArrivesTwice() {
        PinnedMemory host = new PinnedMemory(Float.BYTES);
        for (int i = 0; i < 2; i++) {
            host.floats().put(0, 7 + i);
            DeviceAddress to = ((CudaTensor) bias).address().plus(Float.BYTES * i);
            device.stream()
                    .submit(
                            "write",
                            () ->
                                    JCudaDriver.cuMemcpyHtoDAsync(
                                            to,
                                            host.pointer(),
                                            Float.BYTES,
                                            device.stream().handle()));
        }
        assertArrayEquals(new float[] {8, 8, 3, 4}, bias.toFloats());
    }

    @Test
    void workQueuedByAnotherThreadIsRefused() {
        // Operations check their thread themselves; this call goes round that.
        Runnable zero = () -> device.stream().submit("zero", this::zero);
        CompletionException e =
                assertThrows(
                        CompletionException.class, () -> CompletableFuture.runAsync(zero).join());
        assertTrue(e.getMessage().contains("cuda: zero: CUDA_ERROR_INVALID_CONTEXT: "));
        assertTrue(e.getMessage().contains("driven by the thread that opened it"), e.toString());
    }

    private int zero() {
        DeviceMemory workspace = (DeviceMemory) PlantedHostFault.get(convolution, "workspace");
        return JCudaDriver.cuMemsetD32Async(workspace.address(), 0, 1, device.stream().handle());
    }
}

package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.PinnedMemory;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.Linear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes with memory, time and threads. */
@VirtualGpu
class PlantedMemoryFaultsTest extends ConvolutionInUse {
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
        PlantedHostFault.point(a, host);
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                () -> addition.forward(a, a, device.activation(1, 1, 1, 2)),
                "addition_forward",
                "in no device allocation (a host pointer?)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostMemoryAsAnOperandOfALibraryIsAFault(boolean cudnn) {
        Tensor operand = cudnn ? weight : device.tensor(3, 2);
        ByteBuffer host = ByteBuffer.allocateDirect(Float.BYTES * 4 * 27);
        PlantedHostFault.point(operand, host);
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

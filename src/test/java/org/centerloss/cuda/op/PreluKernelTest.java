package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Prelu;
import org.junit.jupiter.api.Test;

/** What PReLU moves through memory. */
@VirtualGpu
class PreluKernelTest {
    private static final double MOST_SECTORS = 1.1;

    @Test
    void elementsAreMovedOnceAndTheSlopeOncePerThread() {
        int size = 3 * 17 * 13 * 11;
        int threads = size / 4 + size % 4;
        int blocks = (threads + 255) / 256;
        try (CudaDevice device = new CudaDevice(0, false);
                Prelu prelu = device.prelu(3, 17, 13, 11);
                Tensor x = device.activation(3, 17, 13, 11);
                Tensor y = device.activation(3, 17, 13, 11);
                Tensor slope = device.tensor(1)) {
            KernelCounters forward = KernelCounters.of(device, () -> prelu.forward(x, slope, y));
            assertMoves(forward, "prelu_forward", 4L * size + 4L * threads, 4L * size);
            KernelCounters backward =
                    KernelCounters.of(device, () -> prelu.backward(x, y, slope, y, slope));
            assertMoves(
                    backward, "prelu_backward", 8L * size + 4L * threads, 4L * size + 4L * blocks);
            assertEquals(4L * blocks, backward.of("sum_partials", "globalBytesRead"));
        }
    }

    private static void assertMoves(
            KernelCounters counters, String kernel, long bytesRead, long bytesWritten) {
        assertEquals(1, counters.of(kernel, "launches"));
        assertEquals(bytesRead, counters.of(kernel, "globalBytesRead"));
        assertEquals(bytesWritten, counters.of(kernel, "globalBytesWritten"));
        assertTrue(counters.sectorFactor(kernel) <= MOST_SECTORS);
    }
}

package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.MaxPooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What max pooling moves through memory. */
@VirtualGpu
class MaxPoolingKernelTest {
    private static final int BATCH = 3;
    private static final int CHANNELS = 5;
    private static final int PLANES = BATCH * CHANNELS;

    /**
     * @param asked elements of a plane of x in its windows, one counted in each window that holds
     *     it: (2 + 3·13)² where windows of 3 overlap in 28 pixels
     */
    @ParameterizedTest
    @CsvSource({"28, 2, 0, 784", "28, 3, 1, 1681", "27, 2, 0, 676"})
    void resultsAreWrittenOnceAndWindowsAreRead(int side, int kernel, int padding, int asked) {
        try (CudaDevice device = new CudaDevice(0, false);
                MaxPooling training = device.maxPooling(shape(side, kernel, padding, true));
                MaxPooling inference = device.maxPooling(shape(side, kernel, padding, false));
                Tensor x = device.activation(BATCH, CHANNELS, side, side);
                Tensor y = device.activation(BATCH, CHANNELS, side / 2, side / 2)) {
            long in = PLANES * (long) side * side;
            long out = PLANES * (long) (side / 2) * (side / 2);
            long windows = (long) PLANES * asked;
            String name = "max_pooling_forward";
            KernelCounters counters = KernelCounters.of(device, () -> inference.forward(x, y));
            assertMoves(counters, name, 4 * windows, 4 * out);
            counters = KernelCounters.of(device, () -> training.forward(x, y));
            assertMoves(counters, name, 4 * windows, 5 * out);
            counters = KernelCounters.of(device, () -> training.backward(x, y, y, x));
            assertMoves(counters, "max_pooling_backward", windows + 4 * out, 4 * in);
        }
    }

    private static MaxPooling.Shape shape(int side, int kernel, int padding, boolean training) {
        return new MaxPooling.Shape(BATCH, CHANNELS, side, side, kernel, 2, padding, training);
    }

    @Test
    void onlyTrainingKeepsAByteForEachResult() {
        try (CudaDevice device = new CudaDevice(0, false)) {
            MaxPooling inference = device.maxPooling(shape(28, 3, 1, false));
            assertEquals(0, device.liveBytes());
            MaxPooling training = device.maxPooling(shape(28, 3, 1, true));
            assertEquals(PLANES * 14 * 14, device.liveBytes());
            training.close();
            inference.close();
            assertEquals(0, device.liveBytes());
        }
    }

    private static void assertMoves(
            KernelCounters counters, String kernel, long bytesRead, long bytesWritten) {
        assertEquals(1, counters.of(kernel, "launches"));
        assertEquals(bytesRead, counters.of(kernel, "globalBytesRead"));
        assertEquals(bytesWritten, counters.of(kernel, "globalBytesWritten"));
        assertEquals(
                counters.of(kernel, "globalIdealSectorsWritten"),
                counters.of(kernel, "globalSectorsWritten"));
    }
}

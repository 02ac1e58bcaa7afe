package org.centerloss.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.baseline.Variant;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.device.op.CenterLoss.Attraction;
import org.centerloss.device.op.Op;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;

/** What a benchmark needs of the CPU device beside the operations themselves. */
class CpuBenchmarkTest {
    @Test
    void peaksAreOfAPossibleSizeAndLeaveNothingBehind() {
        try (CpuDevice device = new CpuDevice(0)) {
            Peaks peaks = device.peaks();
            // A processor of this century, below the fastest of them.
            assertTrue(peaks.bytesPerSecond() > 1e8, peaks.toString());
            assertTrue(peaks.bytesPerSecond() < 1e13, peaks.toString());
            assertTrue(peaks.flopsPerSecond() > 1e9, peaks.toString());
            assertTrue(peaks.flopsPerSecond() < 1e14, peaks.toString());
            assertEquals(0, device.liveBytes());
        }
    }

    @Test
    void theStopwatchTellsTheTimeThatPassed() throws InterruptedException {
        try (CpuDevice device = new CpuDevice(1);
                Stopwatch stopwatch = device.stopwatch()) {
            stopwatch.start();
            Thread.sleep(20);
            stopwatch.stop();
            double asleep = stopwatch.milliseconds();
            assertTrue(asleep >= 19, "asleep: " + asleep);
            assertEquals(asleep, stopwatch.milliseconds());
        }
    }

    @Test
    void composedOperationsHoldWholeMatricesAndFusedOnesDoNot() {
        int samples = 1000;
        long matrix = 4L * samples * samples;
        try (CpuDevice device = new CpuDevice(1)) {
            assertTrue(bytesOfRepulsion(device, Variant.COMPOSED, samples) > 2 * matrix);
            assertTrue(bytesOfRepulsion(device, Variant.FUSED, samples) < matrix / 4);
            assertTrue(bytesOfRepulsion(device, Variant.NAIVE, samples) < matrix / 4);
            assertEquals(0, device.liveBytes());
        }
    }

    private static long bytesOfRepulsion(CpuDevice device, Variant variant, int samples) {
        Op repulsion =
                Devices.variant(device, variant)
                        .pairwiseRepulsion(samples, 2, Potential.LOGARITHMIC);
        long bytes = device.liveBytes();
        repulsion.close();
        return bytes;
    }

    @Test
    void aMatrixThatIsTooLargeIsRefusedWithItsSizeAndLeavesNothingBehind() {
        try (CpuDevice device = new CpuDevice(1)) {
            Device composed = Devices.variant(device, Variant.COMPOSED);
            String message =
                    assertThrows(
                                    DeviceException.class,
                                    () ->
                                            composed.centerLoss(
                                                    16_384, 2, 100_000, Attraction.SQUARED))
                            .getMessage();
            assertTrue(message.contains("16384 × 100000"), message);
            assertEquals(0, device.liveBytes());
        }
    }
}

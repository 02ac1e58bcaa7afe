package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.junit.jupiter.api.Test;

/** What timing needs of the GPU; its time here is the virtual GPU's, which is modelled. */
@VirtualGpu
class CudaBenchmarkTest {
    private static final int SIZE = 1 << 16;

    @Test
    void aStopwatchTimesWhatIsBetweenItsEvents() {
        try (CudaDevice device = new CudaDevice(0, false);
                Stopwatch stopwatch = device.stopwatch();
                Tensor from = device.tensor(SIZE);
                Tensor to = device.tensor(SIZE)) {
            to.copyFrom(from);
            double one = milliseconds(stopwatch, () -> to.copyFrom(from));
            double three = milliseconds(stopwatch, () -> copy(from, to, 3));
            assertTrue(one > 0, "one copy: " + one);
            assertEquals(3 * one, three, 1e-3 * three);
            assertEquals(0, milliseconds(stopwatch, () -> {}), 1e-9);
        }
    }

    @Test
    void aStopwatchIsNotRecorded() {
        try (CudaDevice device = new CudaDevice(0, false);
                Stopwatch stopwatch = device.stopwatch()) {
            String message =
                    assertThrows(DeviceException.class, () -> device.record(stopwatch::start))
                            .getMessage();
            assertTrue(message.contains("take the time"), message);
        }
    }

    @Test
    void aRecordedProgramIsLaunchedAsOne() {
        try (CudaDevice device = new CudaDevice(0, false);
                Stopwatch stopwatch = device.stopwatch();
                Tensor from = device.tensor(SIZE);
                Tensor to = device.tensor(SIZE);
                Program recorded = device.record(() -> copy(from, to, 10))) {
            double launched = milliseconds(stopwatch, () -> copy(from, to, 10));
            double together = milliseconds(stopwatch, recorded::run);
            assertTrue(together < launched / 2, together + " and " + launched);
        }
    }

    /** The virtual GPU's times are those of the H100's datasheet, so its peaks are known. */
    @Test
    void peaksAreNearThoseOfTheDatasheet() {
        try (CudaDevice device = new CudaDevice(0, false)) {
            Peaks peaks = device.peaks();
            assertEquals(3.35e12, peaks.bytesPerSecond(), 0.3 * 3.35e12);
            assertEquals(67e12, peaks.flopsPerSecond(), 0.2 * 67e12);
            assertEquals(0, device.liveBytes());
        }
    }

    private static void copy(Tensor from, Tensor to, int times) {
        for (int i = 0; i < times; i++) {
            to.copyFrom(from);
        }
    }

    private static double milliseconds(Stopwatch stopwatch, Runnable work) {
        stopwatch.start();
        work.run();
        stopwatch.stop();
        return stopwatch.milliseconds();
    }
}

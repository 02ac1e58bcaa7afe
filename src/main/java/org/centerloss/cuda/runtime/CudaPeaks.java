package org.centerloss.cuda.runtime;

import java.util.function.IntToDoubleFunction;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.device.Tensor;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;

/** Measures what a GPU can do at most, with {@code kernels/peaks.cu}. */
public final class CudaPeaks {
    private static final int THREADS = 256;
    private static final int FLOATS_PER_THREAD = 4;
    private static final int FIRST_COPIED = 1 << 20;

    /** 512 MB with source and target, which no cache holds. */
    private static final int MOST_COPIED = 1 << 26;

    /** Enough blocks to fill every multiprocessor. */
    private static final int BLOCKS = 2048;

    private static final int OPERATIONS_PER_STEP = 2 * 8;
    private static final int FIRST_STEPS = 16;
    private static final int MOST_STEPS = 1 << 16;

    /** Long enough to be timed well. */
    private static final double ENOUGH_SECONDS = 2e-3;

    /** What the runs of one size may cost the user before no larger one is tried. */
    private static final double MOST_WALL_SECONDS = 0.2;

    private static final int RUNS = 5;
    private static final double MILLISECONDS_PER_SECOND = 1e3;
    private static final double NANOSECONDS_PER_SECOND = 1e9;

    private final CudaDevice device;
    private final Stopwatch stopwatch;

    private CudaPeaks(CudaDevice device, Stopwatch stopwatch) {
        this.device = device;
        this.stopwatch = stopwatch;
    }

    public static Peaks measure(CudaDevice device) {
        try (Stopwatch stopwatch = device.stopwatch()) {
            CudaPeaks peaks = new CudaPeaks(device, stopwatch);
            return new Peaks(peaks.bytesPerSecond(), peaks.flopsPerSecond());
        }
    }

    private double bytesPerSecond() {
        Kernel copy = device.kernel(KernelFunction.PEAKS_COPY);
        IntToDoubleFunction seconds =
                floats -> {
                    int count = floats / FLOATS_PER_THREAD;
                    Grid grid = Grid.of(count / THREADS, THREADS);
                    try (Tensor from = device.tensor(floats);
                            Tensor to = device.tensor(floats)) {
                        return fastestSeconds(() -> copy.launch(grid, from, count, to));
                    }
                };
        int floats = longEnough(seconds, FIRST_COPIED, MOST_COPIED);
        return 2.0 * Float.BYTES * floats / seconds.applyAsDouble(floats);
    }

    /** From the time that twice the steps take longer, which leaves out what a launch costs. */
    private double flopsPerSecond() {
        Kernel multiplyAdd = device.kernel(KernelFunction.PEAKS_MULTIPLY_ADD);
        Grid grid = Grid.of(BLOCKS, THREADS);
        try (Tensor results = device.tensor(BLOCKS, THREADS)) {
            IntToDoubleFunction seconds =
                    steps ->
                            fastestSeconds(
                                    () -> multiplyAdd.launch(grid, steps, 0.5f, 1f, results));
            int steps = longEnough(seconds, FIRST_STEPS, MOST_STEPS);
            double longer = seconds.applyAsDouble(2 * steps) - seconds.applyAsDouble(steps);
            return (double) OPERATIONS_PER_STEP * steps * BLOCKS * THREADS / longer;
        }
    }

    /** The size, doubled until a run takes long enough. */
    private int longEnough(IntToDoubleFunction seconds, int first, int most) {
        int size = first;
        while (size < most) {
            long start = System.nanoTime();
            boolean enough = seconds.applyAsDouble(size) >= ENOUGH_SECONDS;
            double wallSeconds = (System.nanoTime() - start) / NANOSECONDS_PER_SECOND;
            if (enough || wallSeconds >= MOST_WALL_SECONDS) {
                break;
            }
            size *= 2;
        }
        return size;
    }

    private double fastestSeconds(Runnable launch) {
        double fastest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < RUNS; i++) {
            stopwatch.start();
            launch.run();
            stopwatch.stop();
            fastest = Math.min(fastest, stopwatch.milliseconds());
        }
        return fastest / MILLISECONDS_PER_SECOND;
    }
}

package org.centerloss.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Stopwatch;

/**
 * Times programs in turn, A, B, C, A, B, C, …, so that whatever drifts on the machine drifts for
 * all of them.
 *
 * <p>Each repetition is timed alone, with caches flushed before it. With warm caches a repetition
 * is as many runs as the clock needs to resolve.
 */
public final class Repetitions implements AutoCloseable {
    /**
     * How long to go on.
     *
     * @param minSeconds of measuring for each program, the flushing included
     * @param maxNoise go on until {@link Timing#noise} is below, for {@link #PATIENCE} times as
     *     long at most
     * @param warmCache whether caches are left as the run before left them
     */
    public record Settings(double minSeconds, double maxNoise, boolean warmCache) {}

    private static final int PATIENCE = 4;
    private static final int LEAST = 3;

    /** The time after which just-in-time compilation and clock rates have mostly settled. */
    private static final double WARM_UP_SECONDS = 0.05;

    /** What a repetition with warm caches takes at least. */
    private static final double RESOLVED_SECONDS = 2e-4;

    private final Device device;
    private final Settings settings;
    private final Stopwatch stopwatch;
    private final CacheFlush flush;

    public Repetitions(Device device, Settings settings) {
        this.device = device;
        this.settings = settings;
        stopwatch = device.stopwatch();
        flush = settings.warmCache() ? null : device.cacheFlush();
    }

    /** The repeated times of one program. */
    private final class Series {
        final Program program;
        final int runs;
        double[] seconds = new double[64];
        int count;
        double spent;

        Series(Program program) {
            this.program = program;
            double each = warmUp(program);
            runs = settings.warmCache() ? (int) Math.max(1, RESOLVED_SECONDS / each) : 1;
        }

        boolean goesOn() {
            if (count < LEAST || spent < settings.minSeconds()) {
                return true;
            }
            return timing().noise() > settings.maxNoise()
                    && spent < PATIENCE * settings.minSeconds();
        }

        void repeat() {
            long begin = System.nanoTime();
            if (flush != null) {
                flush.run();
            }
            stopwatch.start();
            for (int i = 0; i < runs; i++) {
                program.run();
            }
            stopwatch.stop();
            if (count == seconds.length) {
                seconds = Arrays.copyOf(seconds, 2 * count);
            }
            seconds[count++] = stopwatch.milliseconds() / 1e3 / runs;
            spent += (System.nanoTime() - begin) / 1e9;
        }

        Timing timing() {
            return Timing.of(Arrays.copyOf(seconds, count));
        }
    }

    /** The seconds of a run, on average over a warm-up. */
    private double warmUp(Program program) {
        long begin = System.nanoTime();
        double spent;
        int runs = 0;
        do {
            program.run();
            device.synchronize();
            runs++;
            spent = (System.nanoTime() - begin) / 1e9;
        } while (spent < WARM_UP_SECONDS);
        return spent / runs;
    }

    /** The times of each program, in their order. */
    public List<Timing> time(List<Program> programs) {
        List<Series> all = programs.stream().map(Series::new).toList();
        List<Series> going = new ArrayList<>(all);
        while (!going.isEmpty()) {
            going.forEach(Series::repeat);
            going.removeIf(series -> !series.goesOn());
        }
        return all.stream().map(Series::timing).toList();
    }

    @Override
    public void close() {
        if (flush != null) {
            flush.close();
        }
        stopwatch.close();
    }
}

package org.centerloss.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;

class RepetitionsTest {
    private final StringBuilder calls = new StringBuilder();
    private long runNanoseconds;

    /** When the first measured repetition began. */
    private long firstFlush;

    private Program program(String name) {
        return new Program() {
            @Override
            public void run() {
                calls.append(name);
                LockSupport.parkNanos(runNanoseconds);
            }

            @Override
            public OptionalInt launches() {
                return OptionalInt.empty();
            }

            @Override
            public void close() {}
        };
    }

    /** A device whose clock and cache flush are noted, with times of our own. */
    private Device device(Device real, DoubleSupplier milliseconds) {
        return StandIn.of(
                Device.class,
                real,
                (method, arguments) -> {
                    if (method.equals("stopwatch")) {
                        return StandIn.of(
                                Stopwatch.class,
                                real.stopwatch(),
                                (call, none) -> {
                                    if (call.equals("start")) {
                                        calls.append('<');
                                    } else if (call.equals("stop")) {
                                        calls.append('>');
                                    } else if (call.equals("milliseconds")) {
                                        return milliseconds.getAsDouble();
                                    }
                                    return StandIn.REAL;
                                });
                    }
                    if (method.equals("cacheFlush")) {
                        CacheFlush flush = real.cacheFlush();
                        return StandIn.of(
                                CacheFlush.class,
                                flush,
                                (call, none) -> {
                                    if (call.equals("run")) {
                                        if (calls.indexOf("f") < 0) {
                                            firstFlush = System.nanoTime();
                                        }
                                        calls.append('f');
                                        return null;
                                    }
                                    return StandIn.REAL;
                                });
                    }
                    return StandIn.REAL;
                });
    }

    private List<Timing> time(double min, boolean warm, DoubleSupplier clock, String... names) {
        Repetitions.Settings settings = new Repetitions.Settings(min, 0.05, warm);
        try (Device real = Devices.open("cpu", 1);
                Repetitions repetitions = new Repetitions(device(real, clock), settings)) {
            return repetitions.time(List.of(names).stream().map(this::program).toList());
        }
    }

    @Test
    void programsAlternateAndCachesAreFlushedOutsideTheTime() {
        List<Timing> timings = time(1e-9, false, () -> 2, "A", "B");
        String timed = calls.substring(calls.indexOf("f"));
        assertEquals("f<A>f<B>".repeat(timed.length() / 8), timed);
        assertTrue(timings.get(0).repetitions() >= 3, timings.toString());
        assertEquals(
                new Timing(0.002, 0.002, 0.002, timings.get(1).repetitions(), List.of(0.002)),
                timings.get(1));
    }

    @Test
    void withWarmCachesARepetitionIsManyRuns() {
        List<Timing> timings = time(1e-9, true, () -> 2, "A");
        String timed = calls.substring(calls.indexOf("<"));
        int runs = timed.indexOf('>') - 1;
        assertTrue(runs > 1, "runs " + runs);
        assertEquals(0.002 / runs, timings.get(0).median(), 1e-12);
        assertTrue(timed.startsWith("<" + "A".repeat(runs) + "><"), "runs " + runs);
    }

    /** A busy machine makes repetitions longer, and so fewer, but never shorter. */
    @Test
    void noisyTimesAreRepeatedForLongerButNotForEver() {
        double[] wild = {1};
        runNanoseconds = 500_000;
        int noisy = time(0.02, false, () -> wild[0] = 4 - wild[0], "A").get(0).repetitions();
        double spent = (System.nanoTime() - firstFlush) / 1e9;
        assertTrue(spent >= 4 * 0.02, "noisy: " + spent + " s");
        assertTrue(noisy <= 160, "noisy: " + noisy);
        int quiet = time(0.02, false, () -> 2, "A").get(0).repetitions();
        assertTrue(quiet <= 40, "quiet: " + quiet);
    }
}

package org.centerloss.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.centerloss.base.InputException;
import org.centerloss.base.Printable;

/**
 * Feeds damaged files to readers. A reader may refuse with an {@link InputException} in the words
 * of this program, or read; all else is a finding: another exception, words of Java or of a
 * library, more than {@value #MOST_SECONDS} seconds or 1 GiB, and a changed file that is accepted
 * though a checksum protects it.
 *
 * <p>An input follows from the seed, the target's name and the input's number alone.
 */
public final class Fuzzer {
    private static final int MOST_SECONDS = 10;
    private static final long MOST_BYTES = 1L << 30;
    private static final Pattern FOREIGN_WORDS =
            Pattern.compile(
                    "fasterxml|\\bjava\\.|\\w+Exception|\\w+Error\\b|deserializ|JsonToken|"
                            + "org\\.(apache|centerloss)|internal error|\\bnull pointer|through"
                            + " reference chain");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long seed;
    private final Path findings;
    private final PrintStream log;

    /** Readers that read right now, with when they began and by which thread. */
    private final Map<Target, Reading> readings = new ConcurrentHashMap<>();

    private record Reading(Thread thread, long input, long begin) {}

    /**
     * @param findings a folder that gets the content of each finding
     * @param log gets a line for each target and each finding
     */
    public Fuzzer(long seed, Path findings, PrintStream log) {
        this.seed = seed;
        this.findings = findings;
        this.log = log;
    }

    /**
     * Tries many inputs, on all processors: each target is one thread's work.
     *
     * @param first the number of each target's first input
     * @param inputs over all targets, shared out by their cost
     * @return a line for each target that had a finding, with its first
     */
    public List<String> run(List<Target> targets, long first, long inputs) {
        Thread watch = new Thread(this::watch);
        watch.setDaemon(true);
        watch.start();
        double perUnit = inputs / targets.stream().mapToDouble(t -> 1.0 / t.cost()).sum();
        List<String> findings =
                targets.parallelStream()
                        .map(target -> run(target, first, Math.round(perUnit / target.cost())))
                        .filter(Objects::nonNull)
                        .toList();
        watch.interrupt();
        return findings;
    }

    /** Tells which readers do not come back: a test cannot end those. */
    private void watch() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(MOST_SECONDS);
                readings.forEach(
                        (target, reading) -> {
                            long seconds = (System.nanoTime() - reading.begin) / 1_000_000_000;
                            if (seconds > 6 * MOST_SECONDS) {
                                log.printf(
                                        "%s: input %d, seed %d: reads for %d s: %s%n",
                                        target.name(),
                                        reading.input,
                                        seed,
                                        seconds,
                                        Arrays.toString(reading.thread.getStackTrace()));
                            }
                        });
            }
        } catch (InterruptedException e) {
            // All is done.
        }
    }

    /**
     * Tries inputs of one target up to its first finding.
     *
     * @return the finding; null where there is none
     */
    private String run(Target target, long first, long count) {
        if (count == 0) {
            return null;
        }
        long begin = System.nanoTime();
        long accepted = 0;
        try {
            byte[] sound = Files.readAllBytes(target.file());
            try {
                target.reader().read();
                for (long i = first; i < first + count; i++) {
                    byte[] damaged = target.mutator().mutate(sound, random(target, i));
                    Files.write(target.file(), damaged);
                    readings.put(target, new Reading(Thread.currentThread(), i, System.nanoTime()));
                    String finding = tried(target, !Arrays.equals(sound, damaged));
                    readings.remove(target);
                    if (finding == null) {
                        accepted++;
                    } else if (!finding.isEmpty()) {
                        return found(target, i, damaged, finding);
                    }
                }
            } finally {
                Files.write(target.file(), sound);
            }
        } catch (Exception e) {
            return target.name() + ": the sound file: " + e;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        log.printf(
                "%-28s %9d inputs, %8d read, the others refused, %7.1f s%n",
                target.name(), count, accepted, seconds);
        return null;
    }

    private Random random(Target target, long input) {
        return new Random(seed * 0x9E3779B97F4A7C15L + target.name().hashCode() * 31L + input);
    }

    /** Null where the input was read, empty where it was refused well, else what is wrong. */
    private static String tried(Target target, boolean changed) {
        long thread = Thread.currentThread().getId();
        long nanoseconds = THREADS.getThreadCpuTime(thread);
        long bytes = THREADS.getThreadAllocatedBytes(thread);
        String finding = null;
        try {
            target.reader().read();
            if (target.protectedByChecksum() && changed) {
                finding = "accepted though its content was changed";
            }
        } catch (InputException e) {
            finding = fault(e.getMessage());
        } catch (Throwable e) {
            finding = e + " at " + Arrays.stream(e.getStackTrace()).limit(6).toList();
        }
        nanoseconds = THREADS.getThreadCpuTime(thread) - nanoseconds;
        bytes = THREADS.getThreadAllocatedBytes(thread) - bytes;
        if (nanoseconds > TimeUnit.SECONDS.toNanos(MOST_SECONDS)) {
            return "took %.1f s".formatted(nanoseconds / 1e9);
        }
        return bytes > MOST_BYTES ? "allocated %d bytes".formatted(bytes) : finding;
    }

    /** What is wrong with a refusal; empty where it is well. */
    private static String fault(String message) {
        if (message == null || message.isBlank()) {
            return "refused without a word";
        }
        return FOREIGN_WORDS.matcher(message).find()
                ? "refused in words of a library: " + Printable.message(message)
                : "";
    }

    private String found(Target target, long input, byte[] content, String finding) {
        Path kept = findings.resolve("%s-%d-%d".formatted(target.name(), seed, input));
        try {
            Files.createDirectories(findings);
            Files.write(kept, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String line =
                "%s: %s%n  again: make fuzz SEED=%d FUZZ_READER=%s FUZZ_FIRST=%d FUZZ_INPUTS=1; the file: %s"
                        .formatted(target.name(), finding, seed, target.name(), input, kept);
        log.println(line);
        return line;
    }
}

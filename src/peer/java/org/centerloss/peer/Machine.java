package org.centerloss.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;

/** What the figures were taken on. */
final class Machine {
    private Machine() {}

    /** Processor, threads, memory, system and versions, a phrase each. */
    static List<String> describe(int threads) {
        List<String> phrases = new ArrayList<>();
        phrases.add(
                "%s, %d processors, %d threads"
                        .formatted(
                                value("/proc/cpuinfo", "model name"),
                                Runtime.getRuntime().availableProcessors(),
                                threads));
        long kibibytes = Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        phrases.add("%.0f GiB of memory".formatted(kibibytes / 1048576.0));
        phrases.add("Linux " + System.getProperty("os.version"));
        phrases.add("Java " + Runtime.version());
        try (Device device = Devices.open("cpu", threads)) {
            phrases.add("centerloss with " + device.description());
        }
        phrases.add(LocalDate.now().toString());
        return phrases;
    }

    /** The part of all processors' time that other programs take, seen for a second. */
    static double busy() {
        long[] before = processorTimes();
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        long[] after = processorTimes();
        double total = LongStream.of(after).sum() - LongStream.of(before).sum();
        double idle = after[3] + after[4] - before[3] - before[4];
        return 1 - idle / total;
    }

    /** User, nice, system, idle, waiting for I/O, two kinds of interrupts; see proc(5). */
    private static long[] processorTimes() {
        String[] fields = lines("/proc/stat").findFirst().orElseThrow().split(" +");
        return Stream.of(fields).skip(1).limit(7).mapToLong(Long::parseLong).toArray();
    }

    private static String value(String file, String key) {
        return lines(file)
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

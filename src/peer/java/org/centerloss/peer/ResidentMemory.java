package org.centerloss.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How far this process' resident memory rises above where it stood; Linux only. */
final class ResidentMemory {
    private static final Path SELF = Path.of("/proc/self");

    private final long start;

    /** Starts at what is resident now. */
    ResidentMemory() {
        try {
            // 5 lowers the high-water mark to what is resident now; see proc(5).
            Files.writeString(SELF.resolve("clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start = bytes("VmRSS");
    }

    /** The highest rise so far, in bytes. */
    long peak() {
        return bytes("VmHWM") - start;
    }

    private static long bytes(String key) {
        try {
            for (String line : Files.readAllLines(SELF.resolve("status"))) {
                if (line.startsWith(key + ":")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("/proc/self/status: expected a line " + key);
    }
}

package org.centerloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor of this machine. */
public final class Processor {
    private static final Path LINUX = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Its model and how many of its threads this program may use. */
    public static String description() {
        return "%s, %d threads".formatted(model(LINUX), Runtime.getRuntime().availableProcessors());
    }

    /**
     * The model.
     *
     * @param file with lines such as {@code model name : AMD EPYC 9R14}, as Linux has for x86
     * @return its instruction set where the file does not tell
     */
    static String model(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.matches("model name\\s*:.*\\S.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}

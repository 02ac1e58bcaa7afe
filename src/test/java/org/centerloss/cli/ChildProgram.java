package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program in a process of its own, for what a process has but once: locale, streams, signals.
 */
final class ChildProgram {
    private static final int TIMEOUT_S = 120;

    private ChildProgram() {}

    /** The JVM that runs the tests. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The command line of the program; options for the JVM stand before its arguments. */
    static List<String> command(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC"));
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a process to its end. */
    static TinyRun.Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("child", ".out");
        Path err = Files.createTempFile("child", ".err");
        try {
            if (builder.redirectOutput() == ProcessBuilder.Redirect.PIPE) {
                builder.redirectOutput(out.toFile());
            }
            Process process = builder.redirectError(err.toFile()).start();
            try {
                assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS), "it ends");
            } finally {
                process.destroyForcibly();
            }
            return new TinyRun.Result(process.exitValue(), read(out), read(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}

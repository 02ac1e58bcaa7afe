package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The program in a process of its own, for what a process has but once: locale, streams, signals.
 */
public final class ChildProgram {
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
        command.addAll(List.of("-cp", classPath()));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * The same, started so that Ctrl-C reaches it: a process that a script runs in the background
     * ignores it, and so do those that it starts.
     */
    public static List<String> interruptibleCommand(String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(command(List.of(), arguments));
        return command;
    }

    /**
     * Runs a bash script to its end, in a folder; {@code centerloss} in it is the program.
     *
     * @param script its exit code is that of the script
     */
    static TinyRun.Result bash(Path folder, String script) throws Exception {
        String program =
                command(List.of()).stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" ", "centerloss() { ", " \"$@\"; }\n"));
        Path file = Files.writeString(folder.resolve("script.sh"), program + script);
        ProcessBuilder builder = new ProcessBuilder("bash", file.toAbsolutePath().toString());
        return run(builder.directory(folder.toFile()));
    }

    /** The absolute class path of the tests. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
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

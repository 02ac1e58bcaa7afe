package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.centerloss.cli.Main;
import org.centerloss.cli.RunFiles;
import org.centerloss.cli.TinyRun;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are killed inside a system call that writes, drawn by a seed, and then go on: all that
 * they leave is what a run leaves that was never killed. {@code -Dcenterloss.crash.kills=200} tries
 * more of them.
 */
class CrashTest {
    private static final long SEED = Long.getLong("centerloss.seed", 0);
    private static final int KILLS = Integer.getInteger("centerloss.crash.kills", 3);
    private static final int KILLED = 128 + 9;

    @TempDir private static Path folder;
    private static Path shim;
    private static Path images;
    private static Path whole;

    /** The number of system calls that write, of a whole run. */
    private static int calls;

    @BeforeAll
    static void trainWithoutCrash() throws Exception {
        shim = compiledShim();
        images = new TinyRun(folder).makeImages();
        whole = folder.resolve("whole/run");
        assertEquals(0, killed(whole, 0, begin(whole)), "see the output beside it");
        calls = Integer.parseInt(Files.readString(whole.resolveSibling("count")).strip());
        assertTrue(calls > 100, "calls: " + calls);
    }

    private static Path compiledShim() throws Exception {
        Path source = folder.resolve("crash.c");
        try (InputStream in = CrashTest.class.getResourceAsStream("crash.c")) {
            Files.copy(in, source);
        }
        Path library = folder.resolve("crash.so");
        List<String> compiler =
                List.of(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        source.toString(),
                        "-ldl");
        boolean compiled;
        try {
            compiled = new ProcessBuilder(compiler).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            compiled = false;
        }
        assumeTrue(compiled, "gcc is missing: nothing to kill runs with inside a system call");
        return library;
    }

    private static List<String> begin(Path run) {
        return arguments(
                "--out",
                run,
                "--dataset",
                images.toString(),
                "--feat-dim",
                "2",
                "--batch-size",
                "4",
                "--epochs",
                "3",
                "--log-interval",
                "2",
                "--checkpoint-interval",
                "2");
    }

    private static List<String> goOn(Path run) {
        // A run that died before it had a configuration is begun again.
        return RunDirectory.isRun(run) ? arguments("--resume", run) : begin(run);
    }

    private static List<String> arguments(String how, Path run, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("train", "--device=cpu", "--threads=1", how, run.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** Starts a process that is killed at a call, 0 for never; returns its exit code. */
    private static int killed(Path run, int call, List<String> arguments) throws Exception {
        Files.createDirectories(run.getParent());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.redirectOutput(run.resolveSibling("output").toFile());
        process.environment().put("LD_PRELOAD", shim.toString());
        process.environment().put("CRASH_FOLDER", run.toString());
        process.environment().put("CRASH_AT", String.valueOf(call));
        process.environment().put("CRASH_COUNT", run.resolveSibling("count").toString());
        return process.start().waitFor();
    }

    @Test
    void aRunThatIsKilledInsideAWriteLeavesTheSameFiles() throws Exception {
        Random random = new Random(SEED);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            int first = 1 + random.nextInt(calls);
            int second = random.nextInt(3) == 0 ? 1 + random.nextInt(calls / 2) : 0;
            Path run = folder.resolve("killed-%d/run".formatted(i));
            String what = "seed %d, kill %d, at call %d".formatted(SEED, i, first);
            assertEquals(KILLED, killed(run, first, begin(run)), what);
            if (second > 0) {
                what += " and when it went on at call " + second;
                killed(run, second, goOn(run));
            }
            TinyRun.Result result = TinyRun.run(goOn(run));
            assertEquals(0, result.code(), what + ": " + result.err());
            for (String difference : RunFiles.differences(whole, run)) {
                differences.add(what + ": " + difference);
            }
        }
        assertEquals(List.of(), differences);
    }
}

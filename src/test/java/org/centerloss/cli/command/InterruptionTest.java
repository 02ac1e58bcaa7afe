package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.centerloss.cli.ChildProgram;
import org.centerloss.cli.TinyMnist;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, really interrupted: what they leave behind is resumed to the same weights. */
class InterruptionTest {
    private static final String[] SETTINGS = {
        "--dataset",
        "mnist",
        "--no-checksum",
        "--no-report",
        "--batch-size",
        "8",
        "--epochs",
        "1",
        "--checkpoint-interval",
        "3",
        "--log-interval",
        "1"
    };

    @TempDir private static Path folder;
    private static byte[] uninterrupted;

    @BeforeAll
    static void trainWithoutInterruption() throws Exception {
        // 40 steps.
        TinyMnist.write(folder.resolve("mnist"), 320, 20);
        Path run = folder.resolve("whole");
        assertEquals(0, start(run, "--out").waitFor());
        uninterrupted = Files.readAllBytes(RunDirectory.last(run));
    }

    private static Process start(Path run, String how) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", how, run.toString()));
        arguments.addAll(List.of("--device", "cpu", "--threads", "2"));
        if (how.equals("--out")) {
            arguments.addAll(List.of(SETTINGS));
            arguments.addAll(List.of("--data-dir", folder.toString()));
        }
        return new ProcessBuilder(
                        ChildProgram.interruptibleCommand(arguments.toArray(String[]::new)))
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), run.getFileName() + ".txt"))
                .start();
    }

    /** Waits until the run has read the loss of so many steps. */
    private static void awaitSteps(Process process, Path run, int steps) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Path file = run.resolve("steps.csv");
        while (!Files.exists(file) || Files.readAllLines(file).size() <= steps) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, "the run is under way");
            Thread.sleep(5);
        }
    }

    /** Sends SIGINT, as Ctrl-C does. */
    static void interrupt(Process process) {
        signal(process, 2);
    }

    /** Signals at once: on a busy machine a run may end before a process for it has started. */
    private static void signal(Process process, int signal) {
        int failure =
                NativeLibrary.getInstance("c")
                        .getFunction("kill")
                        .invokeInt(new Object[] {(int) process.pid(), signal});
        assertEquals(0, failure);
    }

    private static void assertResumesToTheSameWeights(Path run) throws Exception {
        assertEquals(0, start(run, "--resume").waitFor());
        assertArrayEquals(uninterrupted, Files.readAllBytes(RunDirectory.last(run)));
    }

    /** Signals a run that is under way and holds what it leaves to the whole one. */
    private static void assertSaves(String name, int signal, int code) throws Exception {
        Path run = folder.resolve(name);
        Process process = start(run, "--out");
        awaitSteps(process, run, 5);
        signal(process, signal);
        assertEquals(code, process.waitFor());
        String output = Files.readString(folder.resolve(name + ".txt"));
        assertTrue(output.contains("go on with: --resume"), output);
        assertResumesToTheSameWeights(run);
    }

    @Test
    void controlCFinishesTheStepSavesAndExitsWith130() throws Exception {
        assertSaves("interrupted", 2, 130);
    }

    @Test
    void aPoliteKillFinishesTheStepSavesAndExitsWith143() throws Exception {
        assertSaves("terminated", 15, 143);
    }

    @Test
    void aKilledRunLosesNoMoreThanWhatFollowedTheLastCheckpoint() throws Exception {
        Path run = folder.resolve("killed");
        Process process = start(run, "--out");
        awaitSteps(process, run, 7);
        process.destroyForcibly().waitFor();
        assertTrue(Files.exists(RunDirectory.last(run)));
        assertResumesToTheSameWeights(run);
    }

    @Test
    void aRunKilledBeforeItsFirstCheckpointStartsAgain() throws Exception {
        Path run = folder.resolve("early");
        Process process = start(run, "--out");
        awaitSteps(process, run, 0);
        process.destroyForcibly().waitFor();
        assertResumesToTheSameWeights(run);
    }
}

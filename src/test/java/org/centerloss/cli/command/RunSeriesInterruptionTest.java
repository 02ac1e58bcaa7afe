package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.centerloss.cli.ChildProgram;
import org.centerloss.cli.TinyMnist;
import org.centerloss.cli.TinyRun;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps and reproductions that are really interrupted go on and repeat nothing. */
class RunSeriesInterruptionTest {
    @TempDir private Path folder;

    private Process start(List<String> arguments, Path output) throws IOException {
        return new ProcessBuilder(
                        ChildProgram.interruptibleCommand(arguments.toArray(String[]::new)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Waits until a file has two lines and a header. */
    private static void awaitLines(Process process, Path file) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!Files.exists(file) || Files.readAllLines(file).size() <= 2) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, "the run is under way");
            Thread.sleep(5);
        }
    }

    /**
     * Interrupts the second run, goes on, and compares with what one of its own comes to.
     *
     * @param file of the second run, with two lines once it is under way
     */
    private void interruptInTheSecondRun(
            List<String> arguments, Path first, Path second, String file) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = start(arguments, output);
        awaitLines(process, second.resolve(file));
        InterruptionTest.interrupt(process);
        assertEquals(130, process.waitFor());
        String interrupted = Files.readString(output);
        assertTrue(interrupted.contains("interrupted with 1 of 2 runs finished"), interrupted);
        assertTrue(interrupted.matches("(?s).* begun.*"), interrupted);
        byte[] finished = Files.readAllBytes(RunDirectory.last(first));
        Object time = Files.getLastModifiedTime(RunDirectory.last(first));

        assertEquals(0, start(arguments, output).waitFor(), Files.readString(output));
        String whole = Files.readString(output);
        assertTrue(whole.contains("finished before"), whole);
        assertTrue(whole.contains("run 2 of 2"), whole);
        assertTrue(whole.contains("going on after step"), whole);
        assertArrayEquals(finished, Files.readAllBytes(RunDirectory.last(first)));
        assertEquals(time, Files.getLastModifiedTime(RunDirectory.last(first)));

        Path alone = folder.resolve("alone");
        TinyRun.Result repeated =
                TinyRun.run(
                        "train",
                        "--config",
                        second.resolve("config.json").toString(),
                        "--out",
                        alone.toString());
        assertEquals(0, repeated.code(), repeated.err());
        assertArrayEquals(
                Files.readAllBytes(RunDirectory.last(alone)),
                Files.readAllBytes(RunDirectory.last(second)));
    }

    @Test
    void aSweep() throws Exception {
        TinyMnist.write(folder.resolve("mnist"), 240, 20);
        Path out = folder.resolve("sweep");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                ("train --dataset mnist --no-checksum --device cpu --threads 2"
                                                + " --batch-size 8 --epochs 1 --log-interval 1 --no-report")
                                        .split(" ")));
        arguments.addAll(List.of("--data-dir", folder.toString(), "--out", out.toString()));
        arguments.addAll(List.of("--sweep", "lr=0.01,0.003"));
        interruptInTheSecondRun(
                arguments, out.resolve("lr=0.01"), out.resolve("lr=0.003"), "steps.csv");
    }

    @Test
    void aReproduction() throws Exception {
        TinyMnist.write(folder.resolve("mnist"), 128, 20);
        Path out = folder.resolve("out");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                ("reproduce --dataset mnist --no-checksum --device cpu --threads 2"
                                                + " --feat-dim 2 --loss xent,standalone --epochs 5 --no-report")
                                        .split(" ")));
        arguments.addAll(List.of("--data-dir", folder.toString(), "--out", out.toString()));
        interruptInTheSecondRun(
                arguments,
                out.resolve("dataset=mnist_feat-dim=2_loss=xent"),
                out.resolve("dataset=mnist_feat-dim=2_loss=standalone"),
                "metrics.csv");
    }
}

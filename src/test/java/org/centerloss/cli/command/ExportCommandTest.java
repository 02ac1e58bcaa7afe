package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.centerloss.cli.TinyRun;
import org.centerloss.format.Safetensors;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Threshold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported models beside the trained ones, through the real command line. */
class ExportCommandTest {

    @TempDir private Path folder;

    private String out;
    private String err;

    private int run(String... args) {
        TinyRun.Result result = TinyRun.run(args);
        out = result.out();
        err = result.err();
        return result.code();
    }

    @Test
    void anExportHasTheTensorsOfTheCheckpointBitForBit() throws Exception {
        Path run = new TinyRun(folder).train("standalone");
        Path weights = folder.resolve("weights.safetensors");
        assertEquals(0, run("export", run.toString(), "--out", weights.toString()), err);
        assertTrue(out.contains("81 float32 tensors"), out);
        Safetensors exported = Safetensors.read(weights);
        Safetensors best = Safetensors.read(RunDirectory.best(run));
        assertEquals(best.entries().keySet(), exported.entries().keySet());
        for (String name : best.entries().keySet()) {
            assertArrayEquals(best.get(name).toFloats(), exported.get(name).toFloats(), name);
        }
    }

    @Test
    void theThresholdOfTheRunGoesWithTheModel() {
        String run = new TinyRun(folder).train("standalone").toString();
        String weights = folder.resolve("weights.safetensors").toString();
        assertEquals(0, run("export", run, "--out", weights), err);
        assertTrue(err.contains("before 'centerloss evaluate " + run + "'"), err);
        assertFalse(Safetensors.read(Path.of(weights)).metadata().containsKey("unknown_distance"));
        assertEquals(0, run("evaluate", run), err);
        double distance = Threshold.read(Threshold.file(Path.of(run))).distance();
        assertEquals(0, run("export", run, "--out", weights, "--centers", "means"), err);
        assertEquals("", err);
        Map<String, String> metadata = Safetensors.read(Path.of(weights)).metadata();
        assertEquals(String.valueOf(distance), metadata.get("unknown_distance"));
        assertEquals("class means", metadata.get("centers"));
        assertEquals(0, run("export", run, "--out", weights), err);
        assertTrue(err.contains("is for the class means"), err);
        metadata = Safetensors.read(Path.of(weights)).metadata();
        assertFalse(metadata.containsKey("unknown_distance"), "measured to other centers");
        assertEquals("trained centers", metadata.get("centers"));
    }

    @Test
    void centersThatAreNotThereAreRefused() throws IOException {
        String model = folder.resolve("a.onnx").toString();
        String run = new TinyRun(folder).train("xent").toString();
        assertRefused(
                1,
                "--centers trained: expected a loss that trains centers, found xent",
                "export",
                run,
                "--out",
                model,
                "--centers",
                "trained");
        Files.delete(ClassMeans.file(Path.of(run)));
        assertRefused(
                1,
                "--centers means: expected class means that are kept, found none before 'centerloss"
                        + " evaluate %s'".formatted(run),
                "export",
                run,
                "--out",
                model,
                "--centers",
                "means");
        assertEquals(0, run("export", run, "--out", model), err);
        assertTrue(out.contains("not trained by the loss 'xent'"), out);
    }

    @Test
    void centersStayAwayOnRequest() {
        Path run = new TinyRun(folder).train("standalone");
        Path weights = folder.resolve("weights");
        String[] args = {
            "export",
            RunDirectory.last(run).toString(),
            "--format",
            "safetensors",
            "--no-centers",
            "--out",
            weights.toString()
        };
        assertEquals(0, run(args), err);
        assertFalse(Safetensors.read(weights).entries().containsKey("centers"));
        assertTrue(Safetensors.read(weights).entries().containsKey("fc2.bias"));
    }

    @Test
    void whatCannotBeExportedIsSaidInOneLine() throws IOException {
        assertRefused(2, "Missing required option", "export", "run");
        assertRefused(
                2, "--out: expected a name that ends in .onnx", "export", "run", "--out", "model");
        assertRefused(
                2,
                "--no-centers: expected --format safetensors",
                "export",
                "run",
                "--no-centers",
                "--out",
                "a.onnx");
        assertRefused(2, "'--format'", "export", "run", "--format", "onyx", "--out", "a.onnx");
        String model = folder.resolve("a.onnx").toString();
        assertRefused(1, "no such file", "export", "/no/such/run", "--out", model);
        Path text = Files.writeString(folder.resolve("text"), "no tensors in here");
        assertRefused(1, "not a safetensors file", "export", text.toString(), "--out", model);
        assertFalse(Files.exists(Path.of(model)));
    }

    @Test
    void aCheckpointIsNotOverwrittenAndAMissingFolderIsNamed() throws IOException {
        Path run = new TinyRun(folder).train("standalone");
        String best = RunDirectory.best(run).toString();
        byte[] before = Files.readAllBytes(RunDirectory.best(run));
        assertRefused(1, "expected another file", "export", run.toString(), "--out", best);
        assertArrayEquals(before, Files.readAllBytes(RunDirectory.best(run)));
        String nowhere = folder.resolve("nowhere").resolve("a.onnx").toString();
        assertRefused(1, "a folder that exists", "export", run.toString(), "--out", nowhere);
    }

    private void assertRefused(int code, String expected, String... args) {
        assertEquals(code, run(args), err);
        String first = err.lines().findFirst().orElse("");
        assertTrue(first.startsWith("centerloss: ") && first.contains(expected), first);
    }
}

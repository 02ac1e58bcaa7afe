package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.centerloss.cli.TinyRun;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --init}, through the real command line. */
class InitialWeightsTest {
    @TempDir private Path folder;

    private String out;
    private String err;
    private Path images;
    private Path weights;

    @BeforeEach
    void trainAndExport() throws IOException {
        images = new TinyRun(folder).makeImages();
        weights = folder.resolve("weights.safetensors");
        assertEquals(0, train("first", "--max-steps", "3"), err);
        String first = folder.resolve("first").toString();
        assertEquals(0, run("export", first, "--out", weights.toString()), err);
    }

    private int run(String... args) {
        TinyRun.Result result = TinyRun.run(args);
        out = result.out();
        err = result.err();
        return result.code();
    }

    private int train(String name, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--dataset", images.toString()));
        args.addAll(List.of("--device", "cpu", "--no-report", "--batch-size", "4"));
        args.addAll(List.of("--out", folder.resolve(name).toString()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private int trainFrom(Path file, String name, String... more) {
        List<String> args = new ArrayList<>(List.of(more));
        args.addAll(List.of("--init", file.toString()));
        if (!args.contains("--max-steps")) {
            args.addAll(List.of("--max-steps", "1"));
        }
        return train(name, args.toArray(String[]::new));
    }

    private Safetensors last(String name) {
        return Safetensors.read(RunDirectory.last(folder.resolve(name)));
    }

    /** The exported tensors, with what a test changes, as another file. */
    private Path changed(Map<String, float[]> replaced, String left) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        Map<String, float[]> rest = new TreeMap<>(replaced);
        Safetensors.read(weights)
                .entries()
                .forEach(
                        (name, entry) -> {
                            float[] other = rest.remove(name);
                            if (other != null) {
                                writer.put(name, other, other.length);
                            } else if (!name.equals(left)) {
                                writer.put(name, entry.toFloats(), entry.shape());
                            }
                        });
        rest.forEach((name, values) -> writer.put(name, values, values.length));
        Path file = folder.resolve("changed.safetensors");
        try (OutputStream stream = Files.newOutputStream(file)) {
            writer.write(stream);
        }
        return file;
    }

    /** Statistics that lead to infinite features as long as few steps have moved them. */
    @Test
    void featuresThatAreNotFiniteCountAsWrongAndAreSpokenOf() throws IOException {
        float[] far = new float[32];
        Arrays.fill(far, -3e38f);
        Path file = changed(Map.of("group2.0.bn1.running_mean", far), "");
        assertEquals(0, trainFrom(file, "second"), err);
        assertTrue(err.contains("test images are not finite and count as wrong"), err);
        assertTrue(out.contains("its test accuracy: 0.00 % by the trained"), out);
    }

    /** A rate that is too small to move a weight: what the first step leaves is what it found. */
    @Test
    void theFirstStepStartsFromTheFilesWeightsWithoutMomentum() {
        assertEquals(0, trainFrom(weights, "second", "--lr", "1e-30"), err);
        assertTrue(out.contains("starts from the weights in " + weights), out);
        assertEquals("", err.replaceAll("(?m)^epoch.*\\R?|\\r.*", ""), "no notes");
        Safetensors given = Safetensors.read(weights);
        for (String name : List.of("conv1.weight", "group5.0.conv2.weight", "fc2.weight")) {
            assertArrayEquals(
                    given.get(name).toFloats(), last("second").get(name).toFloats(), name);
        }
        assertArrayEquals(
                given.get("centers").toFloats(), last("second").get("centers").toFloats());
    }

    @Test
    void aRunIsTheSameBitsEachTimeAndAnotherThanWithoutTheFile() throws IOException {
        assertEquals(0, trainFrom(weights, "a"), err);
        assertEquals(0, trainFrom(weights, "b"), err);
        assertEquals(0, train("drawn", "--max-steps", "1"), err);
        byte[] a = Files.readAllBytes(RunDirectory.last(folder.resolve("a")));
        assertArrayEquals(a, Files.readAllBytes(RunDirectory.last(folder.resolve("b"))));
        String config = folder.resolve("a").resolve("config.json").toString();
        String third = folder.resolve("c").toString();
        assertEquals(0, run("train", "--config", config, "--out", third), err);
        assertArrayEquals(a, Files.readAllBytes(RunDirectory.last(folder.resolve("c"))));
        float[] drawn = last("drawn").get("conv1.weight").toFloats();
        assertFalse(Arrays.equals(drawn, last("a").get("conv1.weight").toFloats()));
    }

    @Test
    void aCheckpointServesAsTheFileAndItsMomentumIsPassedOver() throws IOException {
        Path last = RunDirectory.last(folder.resolve("first"));
        assertEquals(0, trainFrom(last, "second", "--lr", "1e-30"), err);
        assertArrayEquals(
                Safetensors.read(last).get("fc1.weight").toFloats(),
                last("second").get("fc1.weight").toFloats());
        byte[] bytes = Files.readAllBytes(last);
        bytes[bytes.length - 1001] ^= 1;
        Files.write(last, bytes);
        assertRefused(1, "corrupt: expected SHA-256", last, "third");
    }

    @Test
    void aResumedRunNeedsTheFileNoMore() throws IOException {
        assertEquals(0, trainFrom(weights, "whole", "--max-steps", "3"), err);
        assertEquals(0, trainFrom(weights, "parts"), err);
        Files.delete(weights);
        String parts = folder.resolve("parts").toString();
        assertEquals(
                0, run("train", "--resume", parts, "--device", "cpu", "--max-steps", "3"), err);
        assertArrayEquals(
                last("whole").get("fc1.weight").toFloats(),
                last("parts").get("fc1.weight").toFloats());
        assertRefusedUsage("--init: cannot be given with --resume", "--resume", parts);
    }

    private void assertRefusedUsage(String expected, String... args) {
        List<String> all = new ArrayList<>(List.of("train", "--init", "f"));
        all.addAll(List.of(args));
        assertEquals(2, run(all.toArray(String[]::new)));
        assertTrue(err.contains(expected), err);
    }

    @Test
    void centersThatTheFileLacksAreDrawnAndTheUserIsTold() throws IOException {
        assertEquals(0, trainFrom(changed(Map.of(), "centers"), "second"), err);
        assertTrue(err.contains("the file has no 'centers': drawn"), err);
        assertEquals(0, trainFrom(weights, "third", "--loss", "center-softmax"), err);
        assertTrue(err.contains("no 'center_fc.weight': drawn"), err);
        Path best = RunDirectory.best(folder.resolve("third"));
        assertEquals(0, trainFrom(best, "fourth", "--loss", "standalone"), err);
    }

    /** As torchvision publishes weights: with a fc of its own, for other classes. */
    @Test
    void publishedWeightsOfAResNetAreTakenWithoutTheirHead() throws IOException {
        String[] network = {"--network", "resnet-18", "--stem", "small", "--max-steps", "1"};
        assertEquals(0, train("resnet", network), err);
        Path run = folder.resolve("resnet");
        assertEquals(0, run("export", run.toString(), "--out", weights.toString()), err);
        SafetensorsWriter writer = new SafetensorsWriter();
        Safetensors exported = Safetensors.read(weights);
        exported.entries()
                .forEach(
                        (name, entry) -> {
                            if (!name.matches("fc[12]\\..*|centers")) {
                                writer.put(name, entry.toFloats(), entry.shape());
                            }
                        });
        writer.put("fc.weight", new float[7 * 512], 7, 512);
        writer.put("fc.bias", new float[7], 7);
        Path published = folder.resolve("published.safetensors");
        try (OutputStream stream = Files.newOutputStream(published)) {
            writer.write(stream);
        }
        List<String> args = new ArrayList<>(List.of(network));
        args.addAll(List.of("--lr", "1e-30"));
        assertEquals(0, trainFrom(published, "tuned", args.toArray(String[]::new)), err);
        for (String line :
                List.of(
                        "the file's 'fc.weight' is for its own classes: left out",
                        "the file's 'fc.bias' is for its own classes: left out",
                        "the file has no 'fc1.weight': drawn",
                        "the file has no 'fc2.bias': drawn",
                        "the file has no 'centers': drawn")) {
            assertTrue(err.contains("centerloss: note: --init: " + line), err);
        }
        assertArrayEquals(
                exported.get("layer3.0.downsample.0.weight").toFloats(),
                last("tuned").get("layer3.0.downsample.0.weight").toFloats());
    }

    @Test
    void weightsThatDoNotFitAreNamedWithWhatTheRunHas() throws IOException {
        assertRefused(
                1, "expected a tensor 'fc1.bias', found none", changed(Map.of(), "fc1.bias"), "x");
        assertRefused(
                1,
                "tensor 'fc1.bias': expected shape [2], found [3] (the run has --feat-dim 2,",
                changed(Map.of("fc1.bias", new float[3]), ""),
                "x");
        assertRefused(
                1,
                "tensor 'fc3.bias': expected none of that name",
                changed(Map.of("fc3.bias", new float[3]), ""),
                "x");
        assertRefused(
                1,
                "tensor 'fc1.bias': element 1: expected a finite number, found NaN",
                changed(Map.of("fc1.bias", new float[] {0, Float.NaN}), ""),
                "x");
        assertRefused(
                1,
                "tensor 'fc1.weight': expected shape [5, 128], found [2, 128]",
                weights,
                "x",
                "--feat-dim",
                "5");
        assertRefused(1, "expected a tensor 'group1.1.", weights, "x", "--blocks", "2");
        assertRefused(1, "no such file", folder.resolve("nothing"), "x");
        assertRefused(1, "found a folder", folder, "x");
        Path zip = Files.writeString(folder.resolve("state.pt"), "PK\3\4 and so on");
        assertRefused(1, "write it with safetensors.torch.save_file", zip, "x");
    }

    /** One line, and no run directory. */
    private void assertRefused(int code, String expected, Path file, String name, String... more) {
        assertEquals(code, trainFrom(file, name, more), err);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.startsWith("centerloss: " + file), err);
        assertTrue(err.contains(expected), err);
        assertFalse(Files.exists(folder.resolve(name)));
    }
}

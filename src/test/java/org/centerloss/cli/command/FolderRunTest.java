package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.cli.TinyRun;
import org.centerloss.data.Part;
import org.centerloss.data.folder.DataFile;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a folder of images, and what happens when the folder is not what it was. */
class FolderRunTest {
    @TempDir private Path folder;
    private Path images;
    private Path run;

    @BeforeEach
    void train() {
        TinyRun tiny = new TinyRun(folder);
        run = tiny.train("standalone");
        images = tiny.images();
    }

    private static TinyRun.Result command(Object... words) {
        List<String> args = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
        args.addAll(List.of("--device", "cpu"));
        return TinyRun.run(args);
    }

    private JsonNode evaluate(Object... more) throws IOException {
        Path json = folder.resolve("figures.json");
        List<Object> words = new ArrayList<>(List.of("evaluate", run, "--json", json));
        words.addAll(List.of(more));
        TinyRun.Result result = command(words.toArray());
        assertEquals(0, result.code(), result.err());
        return new ObjectMapper().readTree(json.toFile());
    }

    private List<String> names(Part part) {
        return RunDirectory.files(run).stream()
                .filter(file -> file.part() == part)
                .map(DataFile::name)
                .toList();
    }

    @Test
    void theRunListsItsFilesAndAnotherOfTheSameSettingsHasTheSameBytes() throws IOException {
        assertEquals(12, RunDirectory.files(run).size());
        Path second = new TinyRun(folder.resolve("again")).train("standalone", images);
        for (String file : List.of("data.csv", "checkpoints/last.safetensors")) {
            assertArrayEquals(
                    Files.readAllBytes(run.resolve(file)),
                    Files.readAllBytes(second.resolve(file)));
        }
    }

    @Test
    void anAddedImageLeavesEvaluationAndTrainingAsTheyWere() throws IOException {
        JsonNode before = evaluate();
        Path other = new TinyRun(folder.resolve("other")).train("standalone", images);
        for (String name : List.of("!", "z")) {
            TinyRun.image(images.resolve("dark").resolve(name + ".png"), 12, 7, 99);
        }
        JsonNode after = evaluate();
        assertEquals(before.at("/known/classes/1"), after.at("/known/classes/1"));
        for (Path one : List.of(run, other)) {
            TinyRun.Result resumed =
                    command("train", "--resume", one, "--epochs", "3", "--no-report");
            assertEquals(0, resumed.code(), resumed.err());
            assertTrue(
                    resumed.err().contains("since the run began 2 added (dark/!.png, dark/z.png)"),
                    resumed.err());
        }
        assertArrayEquals(
                Files.readAllBytes(RunDirectory.last(run)),
                Files.readAllBytes(RunDirectory.last(other)));
        assertEquals(12, RunDirectory.files(run).size());
    }

    @Test
    void aRunWhoseImagesAreLostDoesNotGoOnButIsEvaluated() throws IOException {
        String trained = names(Part.TRAIN).get(0);
        Files.delete(images.resolve(trained));
        TinyRun.Result resumed = command("train", "--resume", run, "--epochs", "3");
        assertEquals(1, resumed.code());
        assertEquals(
                ("centerloss: %s: expected the images that the run began with, to go on with the"
                                + " same; since then 1 lost (%s)")
                        .formatted(images, trained),
                resumed.err().strip());
        TinyRun.Result evaluated = command("evaluate", run);
        assertEquals(0, evaluated.code(), evaluated.err());
        assertEquals(
                "centerloss: note: %s: since the run began 1 lost (%s)".formatted(images, trained),
                evaluated.err().strip());
    }

    @Test
    void anotherFractionThanTheRunsIsRefused() throws IOException {
        TinyRun.Result result = command("evaluate", run, "--test-fraction", "0.5");
        assertEquals(2, result.code());
        assertEquals(
                "centerloss: --test-fraction: expected 0.2, by which the run's images were chosen,"
                        + " found 0.5",
                result.complaint());
        result = command("embed", run, "--out", "-", "--validation-fraction", "0.5");
        assertEquals(2, result.code());
        assertTrue(result.complaint().contains("--validation-fraction: expected 0.0"));
        assertEquals(4, evaluate("--test-fraction", "0.2").at("/known/images").asInt());
        Path other = new TinyRun(folder.resolve("other")).makeImages();
        result = command("evaluate", run, "--dataset", other, "--test-fraction", "0.2");
        assertEquals(2, result.code());
        assertTrue(result.complaint().contains("nothing is kept back"), result.err());
    }

    @Test
    void anotherFolderIsMeasuredWholeWithItsUnknownClassesNamed() throws IOException {
        Path other = folder.resolve("other");
        for (int i = 0; i < 5; i++) {
            TinyRun.image(other.resolve("light/sub/" + i + ".png"), 12, i, 220 + i);
            TinyRun.image(other.resolve("bright/" + i + ".png"), 12, i, 230 + i);
            TinyRun.image(other.resolve("faint/" + i + ".png"), 12, i, 1 + i);
        }
        JsonNode figures = evaluate("--dataset", other);
        assertEquals(5, figures.at("/known/images").asInt());
        assertEquals(0, figures.at("/known/classes/0/images").asInt(), "no dark ones there");
        assertEquals("[\"bright\",\"faint\"]", figures.at("/unknown_classes/classes").toString());
        assertEquals(10, figures.at("/unknown_classes/images").asInt());
        assertTrue(figures.at("/unknown_classes/unknown_share").isNumber());
        TinyRun.Result result = command("evaluate", run, "--dataset", other);
        assertTrue(
                result.out().contains("unknown to the model: bright, faint (10 images)"),
                result.out());
        assertTrue(
                result.out().matches("(?s).*, [0-9.]+ % of those of unknown classes, rightly.*"));
        Path csv = folder.resolve("other.csv");
        assertEquals(0, command("embed", run, "--dataset", other, "--out", csv).code());
        List<String> rows = Files.readAllLines(csv);
        assertEquals(16, rows.size());
        assertEquals(
                5, rows.stream().filter(row -> row.matches("\\d+,faint,(dark|light),.*")).count());
    }

    @Test
    void aFolderOfUnknownClassesAloneIsRefused() {
        Path other = folder.resolve("other");
        TinyRun.image(other.resolve("cats/0.png"), 12, 1, 220);
        TinyRun.Result result = command("evaluate", run, "--dataset", other);
        assertEquals(1, result.code());
        assertTrue(
                result.err()
                        .contains(
                                "expected images of the classes dark, light, as it was"
                                        + " trained on; found cats"),
                result.err());
    }

    @Test
    void imagesThatWereTrainedOnAreNoTestElsewhereEither() throws IOException {
        Path other = folder.resolve("other");
        Files.createDirectories(other.resolve("test/dark"));
        List<String> trained =
                names(Part.TRAIN).stream().filter(name -> name.startsWith("dark")).toList();
        for (String name : trained) {
            Files.copy(images.resolve(name), other.resolve("test").resolve(name));
        }
        TinyRun.Result none = command("evaluate", run, "--dataset", other);
        assertEquals(1, none.code());
        assertTrue(none.err().endsWith(other + ": expected test images, found none\n"), none.err());
        TinyRun.image(other.resolve("test/dark/new.png"), 12, 8, 77);
        TinyRun.Result one = command("evaluate", run, "--dataset", other);
        assertEquals(0, one.code(), one.err());
        assertTrue(one.out().contains("(1 images)"), one.out());
        assertTrue(
                one.err().contains(other + ": " + trained.size() + " images are left out, as the"),
                one.err());
        assertTrue(one.err().contains("the same as " + trained.get(0)), one.err());
    }

    @Test
    void aCheckpointAwayFromItsRunTellsThatNothingCanBeCompared() throws IOException {
        Path away = Files.copy(RunDirectory.best(run), folder.resolve("away.safetensors"));
        TinyRun.Result result = command("evaluate", away);
        assertEquals(0, result.code(), result.err());
        assertTrue(result.err().contains(away + ": no data.csv of its run"), result.err());
        assertFalse(command("evaluate", run).err().contains("data.csv"));
    }

    @Test
    void aRunOfAnOlderVersionGoesOnAndHasAListFromThenOn() throws IOException {
        List<DataFile> files = RunDirectory.files(run);
        Files.delete(run.resolve("data.csv"));
        TinyRun.Result resumed = command("train", "--resume", run, "--epochs", "3", "--no-report");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.err().contains(run + ": keeps no list of its files"), resumed.err());
        assertEquals(files, RunDirectory.files(run));
    }

    @Test
    void brokenImagesAreSkippedByTrainingWhereToldAndByEverythingAfterIt() throws IOException {
        Path broken = images.resolve("light/broken.png");
        Files.write(broken, new byte[] {1, 2, 3});
        Path other = folder.resolve("skipping");
        List<Object> words =
                List.of("train", "--dataset", images, "--out", other, "--batch-size", "4");
        List<Object> more = new ArrayList<>(words);
        more.addAll(List.of("--epochs", "1", "--no-report"));
        TinyRun.Result refused = command(more.toArray());
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("1 of 13 images cannot be read, the first: " + broken));
        assertFalse(Files.exists(other));
        more.add("--skip-broken");
        TinyRun.Result trained = command(more.toArray());
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.err().contains("1 of 13 images cannot be read and are left out"));
        for (Object[] next :
                new Object[][] {
                    {"evaluate", other},
                    {"train", "--resume", other, "--epochs", "2", "--no-report"}
                }) {
            TinyRun.Result result = command(next);
            assertEquals(0, result.code(), result.err());
            assertEquals("", result.err());
        }
    }
}

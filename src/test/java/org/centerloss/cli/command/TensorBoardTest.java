package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.centerloss.cli.Main;
import org.centerloss.cli.TinyRun;
import org.centerloss.cli.option.DataOptions;
import org.centerloss.data.Dataset;
import org.centerloss.data.folder.FolderUse;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.picture.Snapshot;
import org.centerloss.report.picture.Snapshots;
import org.centerloss.report.tensorboard.EventReader;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** What real runs write for TensorBoard. Two steps are an epoch here. */
class TensorBoardTest {
    @TempDir private Path folder;
    private Path run;

    private final StringWriter messages = new StringWriter();
    private final PrintWriter err = new PrintWriter(messages, true);

    @BeforeEach
    void trainAnEpoch() throws IOException {
        Path images = folder.resolve("images");
        for (String name : List.of("dark", "light")) {
            Files.createDirectories(images.resolve(name));
            for (int i = 0; i < 6; i++) {
                BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
                int level = name.equals("dark") ? 10 + i : 200 + i;
                image.getRaster().setPixel(i, i, new int[] {level});
                ImageIO.write(image, "png", images.resolve(name).resolve(i + ".png").toFile());
            }
        }
        run = folder.resolve("run");
        assertEquals(
                0,
                main(
                        "train",
                        "--dataset",
                        images.toString(),
                        "--out",
                        run.toString(),
                        "--batch-size",
                        "4",
                        "--epochs",
                        "1",
                        "--log-interval",
                        "1",
                        "--device",
                        "cpu"),
                messages::toString);
    }

    private int main(String... args) {
        return Main.run(err, err, args);
    }

    /** Goes on with the run, up to three epochs. */
    private Trainer.Outcome resume(BooleanSupplier stop) {
        TrainingConfig old = RunDirectory.readConfig(run).config();
        TrainingConfig config =
                new TrainingConfig(
                        old.data(),
                        old.network(),
                        old.loss(),
                        old.optimization(),
                        old.seed(),
                        3,
                        0,
                        old.pace());
        Dataset dataset =
                new DataOptions()
                        .load(
                                config.data().dataset(),
                                null,
                                true,
                                config.data().images(),
                                FolderUse.BEGIN,
                                err);
        try (Device device = Devices.open("cpu", 2);
                RunDirectory directory = RunDirectory.open(run)) {
            return new TrainingRun(device, config, Map.of(), dataset, Profile.off(), true, err, err)
                    .run(directory, stop);
        }
    }

    private List<List<Event>> files() throws IOException {
        return EventReader.files(run.resolve("tensorboard"));
    }

    private static void assertColumn(
            double[] steps, double[] values, NavigableMap<Long, Summary.Value> series) {
        Map<Long, Float> expected = new TreeMap<>();
        for (int i = 0; i < steps.length; i++) {
            expected.put((long) steps[i], (float) values[i]);
        }
        Map<Long, Float> found = new TreeMap<>();
        series.forEach((step, value) -> found.put(step, value.getSimpleValue()));
        assertEquals(expected, found);
    }

    /** Every number of the two files, under its tag, and no others. */
    private void assertEqualsTheMetricsFiles() throws IOException {
        RunResults results = RunResults.read(run);
        Map<String, NavigableMap<Long, Summary.Value>> series = EventReader.series(files());
        Map<String, double[]> epochs = new LinkedHashMap<>(results.epochs());
        double[] epochSteps = epochs.remove("step");
        Map<String, String> tags =
                Map.ofEntries(
                        Map.entry("epoch", "epoch"),
                        Map.entry("learning_rate", "learning_rate"),
                        Map.entry("loss", "epoch_loss/total"),
                        Map.entry("intra", "epoch_loss/intra"),
                        Map.entry("inter", "epoch_loss/inter"),
                        Map.entry("train_accuracy", "accuracy/train"),
                        Map.entry("test_accuracy", "accuracy/test"),
                        Map.entry("test_accuracy_by_sample_means", "accuracy/test_by_sample_means"),
                        Map.entry("accuracy_gap", "accuracy/gap"),
                        Map.entry("images_per_second", "images_per_second"));
        assertEquals(tags.keySet(), epochs.keySet());
        tags.forEach((name, tag) -> assertColumn(epochSteps, epochs.get(name), series.remove(tag)));

        Map<String, double[]> steps = results.steps();
        Map.of("loss", "loss/total", "intra", "loss/intra", "inter", "loss/inter")
                .forEach(
                        (name, tag) ->
                                assertColumn(
                                        steps.get("step"), steps.get(name), series.remove(tag)));
        series.keySet().removeIf(tag -> tag.matches("configuration|features|pictures/.*"));
        assertEquals(Map.of(), series);
    }

    @Test
    void everyTagAndStepIsThatOfTheMetricsFiles() throws IOException {
        assertEqualsTheMetricsFiles();
        assertEquals(Trainer.Outcome.FINISHED, resume(() -> false));
        assertEqualsTheMetricsFiles();
        assertEquals(2, files().size());
    }

    @Test
    void whatARunDoesAgainIsTakenBack() throws IOException {
        AtomicInteger steps = new AtomicInteger();
        assertEquals(Trainer.Outcome.INTERRUPTED, resume(() -> steps.incrementAndGet() == 1));
        byte[] inTheSecondEpoch = Files.readAllBytes(RunDirectory.last(run));
        assertEquals(Trainer.Outcome.FINISHED, resume(() -> false));
        // As if that process had died before it saved anything.
        Files.write(RunDirectory.last(run), inTheSecondEpoch);
        assertEquals(Trainer.Outcome.FINISHED, resume(() -> false));

        List<List<Event>> files = files();
        assertEquals(
                List.of(1L, 3L, 4L, 4L),
                files.stream().map(events -> events.get(1).getStep()).toList(),
                "where each process started");
        assertEqualsTheMetricsFiles();
        assertEquals(
                withoutPictures(EventReader.series(files)),
                withoutPictures(EventReader.preempted(files)));
        assertThrows(
                IllegalStateException.class,
                () -> EventReader.series(List.of(files.get(2), files.get(3).subList(2, 4))),
                "without its start the last file tells of steps twice");
    }

    /** The data server keeps the pictures of an earlier end, which START takes back elsewhere. */
    private static Map<String, NavigableMap<Long, Summary.Value>> withoutPictures(
            Map<String, NavigableMap<Long, Summary.Value>> series) {
        series.keySet().removeIf(tag -> tag.startsWith("pictures/"));
        return series;
    }

    /** As where a process dies after the last checkpoint, before it has shown the pictures. */
    @Test
    void aFinishedRunThatIsResumedShowsItsPicturesOnce() throws IOException {
        Map<String, NavigableMap<Long, Summary.Value>> before = EventReader.series(files());
        assertEquals(0, TinyRun.run("train", "--device", "cpu", "--resume", run.toString()).code());
        Map<String, NavigableMap<Long, Summary.Value>> after = EventReader.series(files());
        assertEquals(before.keySet(), after.keySet());
        before.remove("configuration");
        after.remove("configuration");
        assertEquals(before, after);
    }

    @Test
    void theConfigurationIsThere() throws IOException {
        Summary.Value text = EventReader.series(files()).get("configuration").get(1L);
        String table = text.getTensor().getStringVal(0).toStringUtf8();
        assertTrue(table.startsWith("| setting | value |\n|---|---|\n"), table);
        assertTrue(table.contains("\n| config.optimization.batchSize | 4 |\n"), table);
        assertTrue(table.contains("\n| config.data.heldOutClasses | [] |\n"), table);
        assertTrue(table.contains("\n| environment.device | cpu |\n"), table);
    }

    @Test
    void picturesStandAtTheStepsOfTheirEpochs() throws IOException {
        assertEquals(Trainer.Outcome.FINISHED, resume(() -> false));
        Map<String, NavigableMap<Long, Summary.Value>> series = EventReader.series(files());
        NavigableMap<Long, Summary.Value> features = series.get("features");
        assertEquals(Set.of(2L, 4L, 6L), features.keySet());
        assertEquals(
                3,
                features.values().stream().map(value -> value.getImage()).distinct().count(),
                "each epoch has its own");
        for (Summary.Value value : features.values()) {
            BufferedImage image = ImageIO.read(value.getImage().getEncodedImageString().newInput());
            assertEquals(value.getImage().getWidth(), image.getWidth());
            assertEquals(value.getImage().getHeight(), image.getHeight());
        }
        try (Stream<Path> pictures = Files.list(run.resolve("pictures"))) {
            for (Path file : pictures.filter(one -> !one.toString().endsWith(".svg")).toList()) {
                NavigableMap<Long, Summary.Value> picture =
                        series.remove("pictures/" + file.getFileName());
                assertEquals(Set.of(7L), picture.keySet(), "after the last step");
                assertArrayEquals(
                        Files.readAllBytes(file),
                        picture.get(7L).getImage().getEncodedImageString().toByteArray());
            }
        }
        assertTrue(series.keySet().stream().noneMatch(tag -> tag.startsWith("pictures/")));
    }

    @Test
    void theProjectorShowsTheBestEpochAlsoOfAnInterruptedRun() throws IOException {
        Path features = run.resolve("tensorboard").resolve("features.tsv");
        assertTrue(Files.exists(features));
        for (int stopAt : new int[] {3, 0}) {
            Files.delete(features);
            AtomicInteger steps = new AtomicInteger();
            resume(() -> steps.incrementAndGet() == stopAt);
            Snapshot best = Snapshots.best(run).orElseThrow();
            List<String> lines = Files.readAllLines(features);
            assertEquals(best.test().count(), lines.size());
            assertEquals(
                    best.test().features()[0] + "\t" + best.test().features()[1], lines.get(0));
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsOneLine() throws IOException {
        Path tensorboard = run.resolve("tensorboard");
        try (var files = Files.list(tensorboard)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(tensorboard);
        Files.createFile(tensorboard);
        messages.getBuffer().setLength(0);
        assertEquals(1, main("train", "--resume", run.toString(), "--device", "cpu"));
        assertEquals(
                "centerloss: %s: cannot be made: there is something else of that name"
                        .formatted(tensorboard),
                messages.toString().strip());
    }
}

package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.centerloss.cli.TinyRun;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Threshold;
import org.centerloss.train.TrainedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PredictCommandTest {
    private static final List<String> CLASSES = List.of("dark", "light");

    @TempDir private static Path shared;
    private static TinyRun tiny;
    private static Path run;
    private static Path softmax;

    @TempDir private Path folder;

    @BeforeAll
    static void trainOnce() {
        tiny = new TinyRun(shared);
        run = tiny.train("standalone");
        softmax = tiny.train("xent");
    }

    private static TinyRun.Result command(String name, Object... more) {
        List<String> args = new ArrayList<>(List.of(name, "--device", "cpu"));
        Stream.of(more).map(Object::toString).forEach(args::add);
        return TinyRun.run(args.toArray(String[]::new));
    }

    /** The cells of the CSV file, without its header. */
    private List<String[]> rows(Object... more) throws IOException {
        Path file = folder.resolve("predicted.csv");
        List<Object> args = new ArrayList<>(List.of(more));
        args.addAll(List.of("--csv", file));
        TinyRun.Result result = command("predict", args.toArray());
        assertEquals(0, result.code(), result.err());
        List<String> lines = Files.readAllLines(file);
        assertEquals("file,class,distance,margin,next,unknown,error", lines.get(0));
        return lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
    }

    @ParameterizedTest
    @EnumSource(CenterKind.class)
    void distancesAreThoseBetweenTheFeaturesAndTheChosenCenters(CenterKind kind)
            throws IOException {
        Path embedded = folder.resolve("embedded.csv");
        assertEquals(0, command("embed", run, tiny.images(), "--out", embedded).code());
        List<String> features = Files.readAllLines(embedded);
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        double[][] centers =
                kind == CenterKind.TRAINED
                        ? ClassCenters.parameter(checkpoint)
                        : ClassMeans.kept(run, checkpoint).orElseThrow().means();
        List<String[]> rows = rows(run, tiny.images(), "--centers", kind);
        if (kind == CenterKind.MEANS) {
            List<String[]> usual = rows(run, tiny.images());
            assertArrayEquals(rows.toArray(), usual.toArray());
        }
        assertEquals(12, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = features.get(i + 1).split(",");
            double[] distances = new double[2];
            for (int c = 0; c < 2; c++) {
                double sum = 0;
                for (int k = 0; k < 3; k++) {
                    sum += Math.pow((double) Float.parseFloat(cells[3 + k]) - centers[c][k], 2);
                }
                distances[c] = Math.sqrt(sum);
            }
            int nearest = distances[0] <= distances[1] ? 0 : 1;
            String[] row = rows.get(i);
            assertEquals(cells[0], row[0]);
            assertEquals(CLASSES.get(nearest), row[1]);
            assertEquals(distances[nearest], Double.parseDouble(row[2]), 1e-12);
            assertEquals(
                    distances[1 - nearest] - distances[nearest], Double.parseDouble(row[3]), 1e-12);
            assertEquals(CLASSES.get(1 - nearest), row[4]);
            assertEquals("", row[5] + row[6], "no threshold, no error");
        }
    }

    @Test
    void withoutAThresholdNothingIsUnknownAndANoteSaysHowToGetOne() {
        TinyRun.Result result = command("predict", run, tiny.images());
        assertEquals(0, result.code(), result.err());
        assertEquals(
                "centerloss: note: no image is called unknown without --threshold or 'centerloss"
                        + " evaluate %s'".formatted(run),
                result.err().strip());
        assertFalse(result.out().contains("unknown"), result.out());
        assertTrue(
                result.out()
                        .lines()
                        .findFirst()
                        .orElse("")
                        .matches("image +class +distance( +margin( +next)?)?"),
                result.out());
    }

    @Test
    void whatIsFartherThanTheThresholdIsUnknown() throws IOException {
        double[] distances =
                rows(run, tiny.images()).stream()
                        .mapToDouble(row -> Double.parseDouble(row[2]))
                        .sorted()
                        .toArray();
        double threshold = distances[4];
        List<String[]> rows = rows(run, tiny.images(), "--threshold", threshold);
        for (String[] row : rows) {
            assertEquals(String.valueOf(Double.parseDouble(row[2]) > threshold), row[5], row[0]);
        }
        TinyRun.Result result = command("predict", run, tiny.images(), "--threshold", threshold);
        assertEquals("", result.err());
        long unknown = result.out().lines().filter(line -> line.contains("unknown (")).count();
        assertEquals(Arrays.stream(distances).filter(d -> d > threshold).count(), unknown);
    }

    /** Leaves in a run what evaluate calibrates, here on the training images. */
    private static Threshold calibrate(Path run) {
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(run));
        try (Device device = Devices.open("cpu", 0);
                TrainedModel trained = new TrainedModel(device, checkpoint)) {
            Embeddings embeddings =
                    trained.embed(
                            Datasets.load(tiny.images().toString(), DatasetOptions.DEFAULT)
                                    .train());
            double[][] means = ClassMeans.kept(run, checkpoint).orElseThrow().means();
            Threshold threshold =
                    Threshold.of(checkpoint, "train", embeddings, CenterKind.MEANS, means, 0.5);
            threshold.write(Threshold.file(run));
            return threshold;
        }
    }

    @Test
    void theThresholdOfTheRunIsTaken() throws IOException {
        Path own = tiny.train("cent");
        Threshold threshold = calibrate(own);
        TinyRun.Result result = command("predict", own, tiny.images());
        assertEquals("", result.err());
        Set<String> seen = new TreeSet<>();
        for (String[] row : rows(own, tiny.images())) {
            double distance = Double.parseDouble(row[2]);
            double nearest = Math.min(distance, distance + Double.parseDouble(row[3]));
            assertEquals(String.valueOf(nearest > threshold.distance()), row[5], row[0]);
            seen.add(row[5]);
        }
        assertEquals(Set.of("false", "true"), seen);
        assertTrue(
                result.out()
                        .strip()
                        .endsWith(
                                "50.00 %% of the %d correctly classified images lie within (train)"
                                        .formatted(threshold.correct())),
                result.out());
        TinyRun.Result same =
                command("predict", own, tiny.images(), "--threshold", Threshold.file(own));
        assertEquals(result, same);
        String mismatch = Threshold.file(own) + ": was calibrated for distances to the class means";
        assertRefused(
                1,
                mismatch,
                RunDirectory.best(own),
                tiny.images(),
                "--threshold",
                Threshold.file(own),
                "--centers",
                "trained");
        TinyRun.Result trained = command("predict", own, tiny.images(), "--centers", "trained");
        assertTrue(trained.err().startsWith("centerloss: note: " + mismatch), trained.err());
        assertFalse(trained.out().contains("unknown"), trained.out());
    }

    @Test
    void eachClassMayHaveAThresholdOfItsOwn() throws IOException {
        Path own = tiny.train("center-softmax");
        Threshold common = calibrate(own);
        double[] distances = {common.distance() / 2, common.distance() * 2};
        new Threshold(
                        common.checksum(),
                        common.step(),
                        common.images(),
                        common.correct(),
                        common.knownShare(),
                        common.distance(),
                        distances,
                        common.classes(),
                        common.kind(),
                        common.centers())
                .write(Threshold.file(own));
        List<String> inCommon = rows(own, tiny.images()).stream().map(row -> row[5]).toList();
        List<String> perClass = new ArrayList<>();
        for (String[] row : rows(own, tiny.images(), "--unknown", "per-class")) {
            double distance = Double.parseDouble(row[2]);
            double next = distance + Double.parseDouble(row[3]);
            boolean dark = row[1].equals("dark");
            boolean known =
                    (dark ? distance : next) <= distances[0]
                            || (dark ? next : distance) <= distances[1];
            assertEquals(String.valueOf(!known), row[5], row[0]);
            perClass.add(row[5]);
        }
        assertNotEquals(inCommon, perClass);
        TinyRun.Result shown = command("predict", own, tiny.images(), "--unknown", "per-class");
        assertTrue(shown.out().contains("unknown beyond each class's own distance"), shown.out());
        assertRefused(
                2,
                "--unknown per-class: expected the thresholds that evaluate calibrated",
                own,
                tiny.images(),
                "--unknown",
                "per-class",
                "--threshold",
                "3");
        assertRefused(2, "expected one of", own, tiny.images(), "--unknown", "everything");
    }

    @Test
    void aThresholdOfAnotherCheckpointIsNotTaken() throws IOException {
        Path own = tiny.train("margin");
        calibrate(own);
        Files.copy(
                RunDirectory.best(run),
                RunDirectory.best(own),
                StandardCopyOption.REPLACE_EXISTING);
        TinyRun.Result result = command("predict", own, tiny.images());
        assertEquals(0, result.code(), result.err());
        String mismatch = Threshold.file(own) + ": was calibrated for another checkpoint, of step";
        assertTrue(result.err().contains("note: " + mismatch), result.err());
        assertTrue(result.err().contains("no image is called unknown"), result.err());
        assertRefused(
                1,
                mismatch,
                own,
                tiny.images(),
                "--centers",
                "trained",
                "--threshold",
                Threshold.file(own));
    }

    @Test
    void aModelWithoutCentersHasDistancesWhereClassMeansAreKept() throws IOException {
        TinyRun.Result kept = command("predict", softmax, tiny.images(), "--threshold", 1e9);
        assertEquals("", kept.err());
        assertFalse(kept.out().contains("–"), kept.out());
        Path file = RunDirectory.best(softmax);
        TinyRun.Result none = command("predict", file, tiny.images(), "--threshold", 0);
        assertEquals(0, none.code(), none.err());
        assertEquals(
                "centerloss: note: this loss has no centers, so there are no distances before"
                        + " 'centerloss evaluate RUN'",
                none.err().strip());
        assertTrue(none.out().contains("–"), none.out());
    }

    @Test
    void withoutClassMeansTheTrainedCentersServeAndANoteSaysHowToGetThem() throws IOException {
        Path own = tiny.train("center-spread");
        Files.delete(ClassMeans.file(own));
        TinyRun.Result result = command("predict", own, tiny.images(), "--threshold", 1e9);
        assertEquals(0, result.code(), result.err());
        assertEquals(
                "centerloss: note: by the trained centers, as no class means are kept before"
                        + " 'centerloss evaluate %s'".formatted(own),
                result.err().strip());
        assertEquals(
                result.out(),
                command("predict", own, tiny.images(), "--centers", "trained", "--threshold", 1e9)
                        .out());
    }

    @Test
    void anUnreadableImageHasALineAndTheOthersGoOn() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path good = TinyRun.image(folder.resolve("good.png"), 12, 2, 250);
        TinyRun.Result result = command("predict", run, text, good, "gone.png", "--threshold", 1e9);
        assertEquals(1, result.code());
        List<String> lines = result.out().lines().toList();
        assertEquals(4, lines.size(), result.out());
        assertTrue(lines.get(1).matches(text + " +not an image of a supported format.*"));
        assertTrue(lines.get(2).matches(good + " +(dark|light) +[0-9.]+ +[0-9.]+ +(dark|light)"));
        assertTrue(lines.get(3).matches("gone.png +cannot be read: no such file or folder"));
        assertEquals("centerloss: 2 of 3 images could not be read", result.err().strip());
    }

    private static void assertRefused(int code, String expected, Object... args) {
        TinyRun.Result result = command("predict", args);
        assertEquals(code, result.code(), result.err());
        String first = result.err().lines().findFirst().orElse("");
        assertEquals(code == 2 ? 2 : 1, result.err().lines().count(), result.err());
        assertTrue(first.startsWith("centerloss: ") && first.contains(expected), first);
        assertEquals("", result.out());
    }

    @Test
    void wrongInputIsRefusedInOneLine() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path images = tiny.images();
        assertRefused(1, "/no/such/run: no such file", "/no/such/run", images);
        assertRefused(1, empty + ": expected images (", run, empty);
        assertRefused(2, "Missing required parameter: 'IMAGE|FOLDER'", run);
        assertRefused(2, "--threshold: expected 0 or more", run, images, "--threshold", "-1");
        assertRefused(2, "--threshold: expected 0 or more", run, images, "--threshold", "NaN");
        assertRefused(
                1,
                "--threshold: expected a distance, or a file that evaluate --threshold-file wrote, found many",
                run,
                images,
                "--threshold",
                "many");
        assertRefused(
                1, "expected a file in a folder", run, images, "--csv", empty + "/no/such.csv");
    }
}

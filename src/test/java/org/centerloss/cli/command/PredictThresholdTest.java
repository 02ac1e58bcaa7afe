package org.centerloss.cli.command;

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
import org.centerloss.cli.TinyRun;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Threshold;
import org.centerloss.train.TrainedModel;
import org.junit.jupiter.api.Test;

/** From which distance on the command line calls an image unknown. */
class PredictThresholdTest extends PredictedImages {
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
}

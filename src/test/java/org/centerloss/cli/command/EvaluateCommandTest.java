package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.cli.TinyRun;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.ClassMeans;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Threshold;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code evaluate}, and {@code train --hold-out-classes} before it. */
class EvaluateCommandTest {
    @TempDir private static Path folder;
    private static Path closed;
    private static Path open;
    private static Path softmax;

    @BeforeAll
    static void train() {
        for (String name : List.of("black", "dark", "gray", "light")) {
            for (int i = 0; i < 10; i++) {
                int level = 60 * List.of("black", "dark", "gray", "light").indexOf(name) + i;
                TinyRun.image(folder.resolve("images/" + name + "/" + i + ".png"), 12, i, level);
            }
        }
        closed = trained("closed");
        open = trained("open", "--hold-out-classes", "dark,3");
        softmax = trained("softmax", "--loss", "xent");
    }

    private static Path trained(String name, String... more) {
        Path run = folder.resolve(name);
        List<String> args = new ArrayList<>(List.of("train", "--epochs", "2", "--batch-size", "4"));
        args.addAll(List.of("--dataset", folder.resolve("images").toString()));
        args.addAll(List.of("--out", run.toString(), "--device", "cpu"));
        args.addAll(List.of(more));
        TinyRun.Result result = TinyRun.run(args.toArray(String[]::new));
        assertEquals(0, result.code(), result.err());
        return run;
    }

    private static TinyRun.Result evaluate(Path model, String... more) {
        List<String> args =
                new ArrayList<>(List.of("evaluate", model.toString(), "--device", "cpu"));
        args.addAll(List.of(more));
        return TinyRun.run(args.toArray(String[]::new));
    }

    private static JsonNode json(Path model, String... more) throws IOException {
        Path file = folder.resolve("figures.json");
        List<String> args = new ArrayList<>(List.of("--json", file.toString()));
        args.addAll(List.of(more));
        TinyRun.Result result = evaluate(model, args.toArray(String[]::new));
        assertEquals(0, result.code(), result.err());
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void theWholeConfusionMatrixIsWrittenForPrograms() throws IOException {
        Path file = folder.resolve("confusion.csv");
        JsonNode figures = json(closed, "--confusion", file.toString());
        List<String> lines = Files.readAllLines(file);
        assertEquals("class,black,dark,gray,light", lines.get(0));
        for (int c = 0; c < 4; c++) {
            StringBuilder row = new StringBuilder(lines.get(0).split(",")[c + 1]);
            figures.at("/known/confusion/" + c).forEach(n -> row.append(',').append(n));
            assertEquals(row.toString(), lines.get(c + 1));
        }
        assertEquals(5, lines.size());
    }

    @Test
    void printsMetricsOfTheKnownClassesAndKeepsTheThreshold() {
        TinyRun.Result result = evaluate(closed, "--split", "train");
        assertEquals(0, result.code(), result.err());
        for (String figure :
                List.of("precision@1", "R-precision", "MAP@R", "NMI", "silhouette", "ROC")) {
            assertTrue(
                    result.out().lines().anyMatch(l -> l.matches(".*" + figure + ".*[0-9.]+.*")),
                    figure + " in " + result.out());
        }
        assertTrue(result.out().contains("TAR at FAR 0.0001 "), result.out());
        assertFalse(result.out().contains("held out"), result.out());
        assertTrue(result.out().contains("threshold for predict: " + Threshold.file(closed)));
        Threshold threshold = Threshold.read(Threshold.file(closed));
        assertTrue(threshold.isOf(Checkpoint.read(RunDirectory.best(closed))));
        assertEquals(0.95, threshold.knownShare());
        assertEquals("images, train images", threshold.images());
    }

    @Test
    void bothAccuraciesAreStatedWhicheverClassifies() throws IOException {
        JsonNode byMeans = json(closed, "--split", "train");
        JsonNode byTrained = json(closed, "--split", "train", "--centers", "trained");
        assertEquals("class means", byMeans.at("/known/classified_by").asText());
        assertEquals("trained centers", byTrained.at("/known/classified_by").asText());
        assertEquals(byMeans.at("/known/accuracies"), byTrained.at("/known/accuracies"));
        JsonNode both = byMeans.at("/known/accuracies");
        assertEquals(both.path("class_means"), byMeans.at("/known/accuracy"));
        assertEquals(both.path("trained_centers"), byTrained.at("/known/accuracy"));
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(closed));
        Threshold threshold = Threshold.read(Threshold.file(closed));
        assertEquals(CenterKind.TRAINED, threshold.kind(), "of the last of both");
        assertTrue(threshold.isFor(ClassCenters.parameter(checkpoint)));
        String out = evaluate(closed).out();
        assertTrue(out.contains("\nclassified by the class means; by the trained centers "), out);
        assertTrue(out.contains("\ndistances to centers are to the class means\n"), out);
    }

    @Test
    void aLossOfLogitsClassifiesByTheseAndIsMeasuredToTheMeans() throws IOException {
        JsonNode json = json(softmax);
        assertEquals("largest logit", json.at("/known/classified_by").asText());
        assertEquals("class means", json.at("/known/centers").asText());
        assertEquals(json.at("/known/accuracy"), json.at("/known/accuracies/largest_logit"));
        assertTrue(json.at("/known/accuracies/class_means").isNumber(), json.toString());
        assertTrue(json.at("/known/accuracies/trained_centers").isNull(), json.toString());
    }

    @Test
    void anOlderRunGetsItsClassMeansAndAnotherDataSetDoesWithout() throws IOException {
        Path old = trained("old");
        Path file = ClassMeans.file(old);
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.best(old));
        double[][] ofTraining = ClassMeans.kept(old, checkpoint).orElseThrow().means();
        Files.delete(file);
        Path others = folder.resolve("others");
        for (String name : List.of("black", "dark", "gray", "light")) {
            for (int i = 0; i < 2; i++) {
                TinyRun.image(others.resolve(name + "/" + i + ".png"), 12, i, 100);
            }
        }
        TinyRun.Result elsewhere = evaluate(old, "--dataset", others.toString());
        assertEquals(0, elsewhere.code(), elsewhere.err());
        assertTrue(elsewhere.out().contains("classified by the trained centers"), elsewhere.out());
        assertTrue(elsewhere.err().contains("no class means are kept before"), elsewhere.err());
        assertFalse(Files.exists(file));
        TinyRun.Result own = evaluate(old);
        assertEquals(0, own.code(), own.err());
        assertTrue(own.out().contains("classified by the class means"), own.out());
        assertTrue(own.out().contains("class means for predict: " + file), own.out());
        double[][] made = ClassMeans.kept(old, checkpoint).orElseThrow().means();
        for (int c = 0; c < 4; c++) {
            assertArrayEquals(ofTraining[c], made[c], 1e-4);
        }
    }

    @Test
    void heldOutClassesAreNoClassesOfTheModelAndHaveTheirOwnFigures() throws IOException {
        assertEquals(
                List.of("black", "gray"),
                Checkpoint.read(RunDirectory.best(open)).model().classes());
        TinyRun.Result result = evaluate(open);
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("held out"), result.out());
        JsonNode json = json(open);
        int images = json.at("/known/images").asInt();
        assertEquals(20, images + json(open, "--split", "train").at("/known/images").asInt());
        assertEquals(2, json.at("/known/classes").size());
        assertEquals("gray", json.at("/known/classes/1/name").asText());
        assertEquals("[\"dark\",\"light\"]", json.at("/held_out/classes").toString());
        assertTrue(json.at("/held_out/images").asInt() >= 2, json.toString());
        assertTrue(json.at("/held_out/metrics/retrieval/map_at_r").isNumber(), json.toString());
        for (String figure :
                List.of(
                        "unknown_share",
                        "unknown_share_per_class",
                        "area_under_roc",
                        "area_under_roc_per_class")) {
            double value = json.at("/held_out/" + figure).asDouble(-1);
            assertTrue(value >= 0 && value <= 1, figure + " in " + json);
        }
        assertTrue(
                result.out().contains("known against held out, area under the ROC: 0."),
                result.out());
    }

    @Test
    void aRunWithHeldOutClassesGoesOn() {
        String run = open.toString();
        TinyRun.Result refused =
                TinyRun.run(
                        "train", "--resume", run, "--hold-out-classes", "gray", "--device", "cpu");
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("--hold-out-classes: cannot be given with --resume"));
        TinyRun.Result more =
                TinyRun.run("train", "--resume", run, "--epochs", "3", "--device", "cpu");
        assertEquals(0, more.code(), more.err());
        assertTrue(more.out().contains("2 classes, held out: dark, light"), more.out());
    }

    @Test
    void jsonHasWhatIsPrintedAndMore() throws IOException {
        JsonNode json = json(closed, "--split", "train");
        int images = 0;
        int pairs = 0;
        for (JsonNode one : json.at("/known/classes")) {
            int own = one.get("images").asInt();
            images += own;
            pairs += own * (own - 1) / 2;
        }
        assertEquals(images, json.at("/known/metrics/samples").asInt());
        assertEquals(pairs, json.at("/known/metrics/verification/same_pairs").asInt());
        assertEquals(4, json.at("/known/metrics/verification/true_accept_rates").size());
        assertTrue(json.at("/known/metrics/verification/roc").size() > 2);
        assertTrue(json.at("/threshold/distance").isNumber());
        assertTrue(json.at("/held_out").isNull());
        assertEquals(json, json(closed, "--split", "train"), "the same in every run");
    }

    @Test
    void metricsCanBeLeftOut() throws IOException {
        assertFalse(evaluate(closed, "--no-metrics").out().contains("precision@1"));
        assertTrue(json(closed, "--no-metrics").at("/known/metrics").isNull());
    }

    @Test
    void withoutTrainedCentersTheThresholdKeepsTheMeansOfTheClasses() {
        assertEquals(0, evaluate(softmax).code());
        Threshold threshold = Threshold.read(Threshold.file(softmax));
        assertEquals(4, threshold.centers().length);
        assertEquals(2, threshold.centers()[0].length);
        assertTrue(Double.isFinite(threshold.distance()));
    }

    @Test
    void theThresholdOfAFileIsKeptWhereItIsWanted() throws IOException {
        Path best = RunDirectory.best(closed);
        Files.deleteIfExists(Threshold.file(closed));
        assertEquals(0, evaluate(best).code());
        assertFalse(Files.exists(Threshold.file(closed)));
        Path file = folder.resolve("mine.json");
        assertEquals(
                0, evaluate(best, "--threshold", file.toString(), "--known-share", "1").code());
        assertEquals(1, Threshold.read(file).knownShare());
        assertNotEquals(
                Threshold.read(file).distance(),
                thresholdOf(best, "--known-share", "0.1").distance());
    }

    @Test
    void aLookAtOtherImagesLeavesTheThresholdOfTheRunAsItIs() throws IOException {
        Path run = trained("calibrated");
        assertEquals(0, evaluate(run).code());
        String kept = Files.readString(Threshold.file(run));
        Path others = folder.resolve("elsewhere");
        for (int i = 0; i < 3; i++) {
            TinyRun.image(others.resolve("black/" + i + ".png"), 12, i, 40);
        }
        TinyRun.Result result = evaluate(run, "--dataset", others.toString());
        assertEquals(0, result.code(), result.err());
        assertFalse(result.out().contains("threshold for predict"), result.out());
        assertEquals(kept, Files.readString(Threshold.file(run)));
        assertNotEquals(
                Threshold.read(Threshold.file(run)).images(),
                thresholdOf(run, "--dataset", others.toString()).images());
    }

    private static Threshold thresholdOf(Path model, String... more) {
        Path file = folder.resolve("other.json");
        List<String> args = new ArrayList<>(List.of("--threshold", file.toString()));
        args.addAll(List.of(more));
        assertEquals(0, evaluate(model, args.toArray(String[]::new)).code());
        return Threshold.read(file);
    }

    @Test
    void wrongInputIsRefusedBeforeTheWork() {
        for (String share : List.of("0", "-1", "1.5", "NaN")) {
            TinyRun.Result result = evaluate(closed, "--known-share", share);
            assertEquals(2, result.code());
            assertTrue(
                    result.err().contains("--known-share: expected above 0 and at most 1, found"),
                    result.err());
        }
        TinyRun.Result result = evaluate(closed, "--json", "/no/such/folder/figures.json");
        assertEquals(1, result.code());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("/no/such/folder/figures.json"), result.err());
        assertEquals("", result.out());
    }
}

package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The class means that a run takes at its end, and beside its trained centers in each epoch. */
class ClassMeansTest {
    @TempDir private Path folder;
    private Path run;
    private final List<EpochResult> epochs = new ArrayList<>();

    @BeforeEach
    void nameTheRun() {
        run = folder.resolve("run");
    }

    private static TrainingConfig config(String objective, CenterKind centers) {
        TrainingConfig config = TinyData.config(objective, 2, 0.002);
        return new TrainingConfig(
                config.data(),
                config.network(),
                config.loss(),
                config.optimization(),
                config.seed(),
                config.epochs(),
                config.maxSteps(),
                config.pace(),
                centers,
                config.earlyStop());
    }

    private Trainer.Outcome train(TrainingConfig config, BooleanSupplier stop) {
        TrainingListener listener =
                new TrainingListener() {
                    @Override
                    public void epochFinished(EpochResult result) {
                        epochs.add(result);
                    }
                };
        try (Device device = Devices.open("cpu", 1)) {
            return TinyTraining.train(run, config, device, stop, listener);
        }
    }

    private Checkpoint best() {
        return Checkpoint.read(RunDirectory.best(run));
    }

    private Optional<ClassMeans> kept() {
        return ClassMeans.kept(run, best());
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "cent", "xent"})
    void theyAreThoseOfAllTrainingImagesAtTheBestCheckpoint(String objective) {
        assertEquals(
                Trainer.Outcome.FINISHED,
                train(config(objective, CenterKind.TRAINED), () -> false));
        ClassMeans means = kept().orElseThrow();
        assertEquals(48, means.images());
        assertEquals(List.of("top", "middle", "bottom"), means.classes());
        FinalResult result = FinalResult.kept(run).orElseThrow();
        assertEquals(15, result.testImages());
        Dataset dataset = TinyData.dataset();
        try (Device device = Devices.open("cpu", 1);
                TrainedModel model = new TrainedModel(device, best())) {
            Embeddings train = model.embed(dataset.train());
            for (int c = 0; c < 3; c++) {
                for (int k = 0; k < 2; k++) {
                    double sum = 0;
                    for (int i = 0; i < 48; i++) {
                        sum += train.labels()[i] == c ? train.features()[2 * i + k] : 0;
                    }
                    assertEquals(sum / 16, means.means()[c][k], 1e-4);
                }
            }
            Embeddings test = model.embed(dataset.test());
            Double own = test.accuracy();
            boolean logits = !objective.equals("standalone");
            assertEquals(logits ? own : null, result.test().largestLogit());
            assertEquals(logits ? null : own, result.test().trainedCenters());
            assertEquals(
                    test.withPredictions(test.nearest(means.means())).accuracy(),
                    result.test().classMeans());
        }
    }

    @Test
    void theyAreTheSameBitsEachTimeAndAfterAnInterruption() throws IOException {
        TrainingConfig config = config("standalone", CenterKind.TRAINED);
        train(config, () -> false);
        String means = Files.readString(ClassMeans.file(run));
        String result = Files.readString(FinalResult.file(run));
        run = folder.resolve("interrupted");
        train(config, TinyTraining.afterCalls(8));
        assertFalse(Files.exists(ClassMeans.file(run)), "not before the end");
        assertEquals(Trainer.Outcome.FINISHED, train(config, () -> false));
        assertEquals(means, Files.readString(ClassMeans.file(run)));
        assertEquals(result, Files.readString(FinalResult.file(run)));
    }

    @Test
    void aRunStoppedWhileTheyAreTakenTakesThemWhenItGoesOn() {
        TrainingConfig config = config("standalone", CenterKind.TRAINED);
        int steps = 12;
        int evaluationBatches = 4;
        assertEquals(
                Trainer.Outcome.INTERRUPTED,
                train(config, TinyTraining.afterCalls(steps + evaluationBatches + 1)));
        assertEquals(2, epochs.size(), "both epochs were finished");
        assertEquals(Optional.empty(), kept().map(ClassMeans::images));
        assertEquals(Trainer.Outcome.FINISHED, train(config, () -> false));
        assertEquals(2, epochs.size(), "and not made again");
        assertTrue(kept().isPresent());
    }

    @Test
    void eachEpochIsAlsoMeasuredByTheMeansOfItsTrainingSample() throws IOException {
        train(config("standalone", CenterKind.TRAINED), () -> false);
        List<String> lines = Files.readAllLines(run.resolve("metrics.csv"));
        int column = List.of(lines.get(0).split(",")).indexOf("test_accuracy_by_sample_means");
        for (int epoch = 0; epoch < 2; epoch++) {
            EpochResult result = epochs.get(epoch);
            Embeddings test = result.evaluated();
            double[][] means = result.trainEmbeddings().classMeans(3);
            assertEquals(
                    test.withPredictions(test.nearest(means)).accuracy(),
                    Double.parseDouble(lines.get(epoch + 1).split(",")[column]));
        }
    }

    @Test
    void aRunMayGoByTheMeansAndHasTheTrainedCentersBeside() throws IOException {
        train(config("standalone", CenterKind.MEANS), () -> false);
        EpochResult result = epochs.get(1);
        double[][] means = result.trainEmbeddings().classMeans(3);
        assertArrayEquals(means, result.evaluation().centers());
        assertArrayEquals(result.evaluated().nearest(means), result.evaluated().predictions());
        double[][] trained = result.otherCenters();
        Embeddings test = result.evaluated();
        assertEquals(
                test.withPredictions(test.nearest(trained)).accuracy(), result.otherAccuracy());
        String header = Files.readAllLines(run.resolve("metrics.csv")).get(0);
        assertTrue(header.contains(",test_accuracy,test_accuracy_by_trained_centers,"), header);
    }

    @Test
    void goingByTheMeansChangesNoWeightWhileTheRateIsTheSame() throws IOException {
        train(config("standalone", CenterKind.TRAINED), () -> false);
        Checkpoint byTrained = Checkpoint.read(RunDirectory.last(run));
        run = folder.resolve("means");
        train(config("standalone", CenterKind.MEANS), () -> false);
        Checkpoint byMeans = Checkpoint.read(RunDirectory.last(run));
        for (int i = 0; i < byTrained.parameters().size(); i++) {
            assertArrayEquals(
                    byTrained.values(byTrained.parameters().get(i)),
                    byMeans.values(byMeans.parameters().get(i)));
        }
    }

    @Test
    void metricsOfAnOlderVersionAreContinuedWithTheirColumns() throws IOException {
        TrainingConfig config = config("standalone", CenterKind.TRAINED);
        train(config, TinyTraining.afterCalls(9));
        Path metrics = run.resolve("metrics.csv");
        List<String> lines = Files.readAllLines(metrics);
        assertEquals(2, lines.size());
        List<String> old = lines.stream().map(ClassMeansTest::withoutMeans).toList();
        Files.write(metrics, old);
        train(config, () -> false);
        List<String> continued = Files.readAllLines(metrics);
        assertEquals(old, continued.subList(0, 2));
        assertEquals(old.get(0).split(",").length, continued.get(2).split(",").length);
        String gap = String.valueOf(epochs.get(1).accuracyGap());
        assertTrue(continued.get(2).contains("," + gap + ","), continued.get(2));
    }

    /** A line without the ninth column. */
    private static String withoutMeans(String line) {
        List<String> cells = new ArrayList<>(List.of(line.split(",")));
        cells.remove(8);
        return String.join(",", cells);
    }

    @Test
    void thoseOfAnotherCheckpointAreNotTaken() throws IOException {
        train(config("standalone", CenterKind.TRAINED), () -> false);
        Checkpoint last = Checkpoint.read(RunDirectory.last(run));
        assertTrue(last.checksum() != best().checksum());
        assertTrue(ClassMeans.kept(run, last).isEmpty());
        assertTrue(ClassMeans.kept(folder, last).isEmpty(), "no run");
    }

    @Test
    void damagedFilesAreRefusedInOneLine() throws IOException {
        train(config("standalone", CenterKind.TRAINED), () -> false);
        Path file = ClassMeans.file(run);
        String whole = Files.readString(file);
        for (String damaged :
                List.of(
                        "",
                        "{}",
                        "null",
                        whole.substring(0, whole.length() / 2),
                        whole.replace("\"middle\", ", ""),
                        whole.replaceAll("\"means\" : \\[ \\[ [^,]*, ", "\"means\" : [ [ "),
                        whole.replaceAll("\"means\" : \\[ \\[ [^,]*, ", "\"means\" : [ [ 1e999, "),
                        whole.replace("\"images\" : 48", "\"images\" : null"))) {
            assertFalse(damaged.equals(whole), damaged);
            Files.writeString(file, damaged);
            String message = assertThrows(InputException.class, this::kept).getMessage();
            assertTrue(message.startsWith(file + ": "), message);
            assertEquals(1, message.lines().count(), message);
        }
    }
}

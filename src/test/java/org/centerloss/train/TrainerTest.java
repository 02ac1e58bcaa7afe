package org.centerloss.train;

import static org.centerloss.train.TinyTraining.afterCalls;
import static org.centerloss.train.TinyTraining.last;
import static org.centerloss.train.TinyTraining.train;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(Objectives.class)
    void everyObjectiveTrains(Objectives objective) throws IOException {
        double rate = objective == Objectives.RAW ? 1e-5 : 0.002;
        Path out = folder.resolve("run");
        TrainingConfig config = TinyData.config(objective.key(), 2, rate);
        assertEquals(Trainer.Outcome.FINISHED, train(out, config, "cpu", () -> false));
        List<String> metrics = Files.readAllLines(out.resolve("metrics.csv"));
        assertEquals(3, metrics.size());
        assertEquals(12, Checkpoint.read(RunDirectory.last(out)).progress().step());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 6, 7, 10, 14})
    void aRunStoppedAnywhereAndResumedEqualsAnUninterruptedOne(int stopAfter) throws IOException {
        TrainingConfig config = TinyData.config("standalone", 2, 0.01);
        train(folder.resolve("whole"), config, "cpu", () -> false);
        Path parts = folder.resolve("parts");
        assertEquals(
                Trainer.Outcome.INTERRUPTED, train(parts, config, "cpu", afterCalls(stopAfter)));
        assertEquals(Trainer.Outcome.FINISHED, train(parts, config, "cpu", () -> false));
        assertArrayEquals(last(folder.resolve("whole")), last(parts));
        assertEquals(
                withoutRates(folder.resolve("whole")),
                withoutRates(parts),
                "metrics are written once");
    }

    /** The metrics without the last column, images per second. */
    private static List<String> withoutRates(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void theReferenceDeviceResumesBitForBitToo() throws IOException {
        TrainingConfig config = TinyData.config("cent", 1, 0.01);
        train(folder.resolve("whole"), config, "reference", () -> false);
        train(folder.resolve("parts"), config, "reference", afterCalls(2));
        train(folder.resolve("parts"), config, "reference", () -> false);
        assertArrayEquals(last(folder.resolve("whole")), last(folder.resolve("parts")));
    }

    @Test
    void aRunStartedOnOneDeviceGoesOnOnAnother() {
        TrainingConfig config = TinyData.config("standalone", 1, 0.01);
        Path out = folder.resolve("run");
        train(out, config, "reference", afterCalls(2));
        assertEquals(Trainer.Outcome.FINISHED, train(out, config, "cpu", () -> false));
    }

    @Test
    void maxStepsEndsTheRunAndALaterResumeEqualsAnUnlimitedOne() throws IOException {
        TrainingConfig whole = TinyData.config("standalone", 2, 0.01);
        TrainingConfig limited =
                new TrainingConfig(
                        whole.data(),
                        whole.network(),
                        whole.loss(),
                        whole.optimization(),
                        whole.seed(),
                        whole.epochs(),
                        8,
                        whole.pace());
        Path out = folder.resolve("limited");
        assertEquals(Trainer.Outcome.FINISHED, train(out, limited, "cpu", () -> false));
        assertEquals(8, Checkpoint.read(RunDirectory.last(out)).progress().step());
        train(folder.resolve("whole"), whole, "cpu", () -> false);
        train(out, whole, "cpu", () -> false);
        assertEquals(withoutRates(folder.resolve("whole")), withoutRates(out));
    }

    @Test
    void aDivergedLossStopsTheRunNamesTheTermAndLeavesAFiniteCheckpoint() {
        Path out = folder.resolve("run");
        TrainingConfig config = TinyData.config("raw", 40, 5.0);
        DivergenceException stopped =
                assertThrows(
                        DivergenceException.class, () -> train(out, config, "cpu", () -> false));
        assertTrue(stopped.getMessage().matches(".*diverged at step \\d+: term 'int(ra|er)'.*"));
        // What the weights make of an image may still be too large for a float.
        Checkpoint saved = Checkpoint.read(RunDirectory.last(out));
        for (Parameter parameter : saved.parameters()) {
            for (float value : saved.values(parameter)) {
                assertTrue(Float.isFinite(value), "the saved state is good: " + parameter.name());
            }
        }
    }

    @Test
    void aBatchLargerThanTheDataIsRefused() {
        TrainingConfig config = TinyData.config("standalone", 1, 0.01);
        TrainingConfig large =
                new TrainingConfig(
                        config.data(),
                        config.network(),
                        config.loss(),
                        new TrainingConfig.Optimization(
                                49,
                                0.01,
                                config.optimization().schedule(),
                                config.optimization().optimizer()),
                        0,
                        1,
                        0,
                        config.pace());
        InputException refused =
                assertThrows(
                        InputException.class,
                        () -> ConfigChecks.requireTrainable(large, TinyData.dataset()));
        assertEquals(
                "--batch-size: expected at most the 48 training images of stripes, found 49",
                refused.getMessage());
    }

    @Test
    void aDamagedConfigurationIsRefusedInOneLine() throws IOException {
        Path out = folder.resolve("run");
        train(out, TinyData.config("xent", 1, 0.01), "cpu", afterCalls(1));
        String json = Files.readString(out.resolve("config.json"));
        for (String damaged :
                List.of("", json.substring(0, 100), "{}", json.replace("0.9", "\"x\""))) {
            Files.writeString(out.resolve("config.json"), damaged);
            try (RunDirectory run = RunDirectory.open(out)) {
                String message = assertThrows(InputException.class, run::readConfig).getMessage();
                assertTrue(message.startsWith(out.resolve("config.json") + ": "), message);
                assertEquals(1, message.lines().count(), message);
            }
        }
    }

    @Test
    void aRunGoesOnWithTheSettingsOfItsCheckpointAlone() {
        Path out = folder.resolve("run");
        train(out, TinyData.config("xent", 2, 0.01), "cpu", afterCalls(1));
        for (TrainingConfig other :
                List.of(TinyData.config("xent", 2, 0.02), TinyData.config("cent", 2, 0.01))) {
            String message =
                    assertThrows(InputException.class, () -> train(out, other, "cpu", () -> false))
                            .getMessage();
            assertTrue(message.contains("expected the same of the run that goes on"), message);
        }
        train(out, TinyData.config("xent", 3, 0.01), "cpu", () -> false);
    }

    @Test
    void twoProcessesCannotShareARunDirectory() {
        Path out = folder.resolve("run");
        try (RunDirectory run = RunDirectory.create(out)) {
            run.writeConfig(TinyData.config("xent", 1, 0.01), Map.of(), Map.of());
            assertTrue(
                    assertThrows(InputException.class, () -> RunDirectory.open(out))
                            .getMessage()
                            .contains("another process"));
        }
    }

    @Test
    void aFolderWithFilesIsNotTakenForANewRun() throws IOException {
        Files.writeString(folder.resolve("precious.txt"), "mine");
        String message =
                assertThrows(InputException.class, () -> RunDirectory.create(folder)).getMessage();
        assertTrue(message.contains("expected a new or empty folder"), message);
    }
}

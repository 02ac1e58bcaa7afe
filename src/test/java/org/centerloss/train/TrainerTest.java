package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    @TempDir private Path folder;

    private static Trainer.Outcome train(
            Path out, TrainingConfig config, String deviceName, BooleanSupplier stop) {
        return train(out, config, deviceName, stop, Profile.off());
    }

    private static Trainer.Outcome train(
            Path out,
            TrainingConfig config,
            String deviceName,
            BooleanSupplier stop,
            Profile profile) {
        try (Device device = Devices.open(deviceName, 2)) {
            return train(out, config, device, stop, new TrainingListener() {}, profile);
        }
    }

    /**
     * Trains on the tiny data, or goes on; everything that was made is gone from the device then.
     */
    static Trainer.Outcome train(
            Path out,
            TrainingConfig config,
            Device device,
            BooleanSupplier stop,
            TrainingListener listener) {
        return train(out, config, device, stop, listener, Profile.off());
    }

    private static Trainer.Outcome train(
            Path out,
            TrainingConfig config,
            Device device,
            BooleanSupplier stop,
            TrainingListener listener,
            Profile profile) {
        boolean resumed = Files.exists(out.resolve("config.json"));
        try (RunDirectory run = resumed ? RunDirectory.open(out) : RunDirectory.create(out)) {
            run.writeConfig(config, Map.of(), Map.of());
            Dataset dataset = TinyData.dataset();
            try (Trainer trainer = new Trainer(device, config, dataset, run, listener, profile)) {
                return trainer.run(stop);
            }
        } finally {
            assertEquals(0, device.liveBytes());
        }
    }

    static BooleanSupplier afterCalls(int calls) {
        AtomicInteger count = new AtomicInteger();
        return () -> count.incrementAndGet() > calls;
    }

    static byte[] last(Path run) throws IOException {
        return Files.readAllBytes(RunDirectory.last(run));
    }

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

    private static TrainingConfig config(TrainingConfig.Pace pace) {
        TrainingConfig config = TinyData.config("standalone", 2, 0.01);
        return new TrainingConfig(
                config.data(),
                config.network(),
                config.loss(),
                config.optimization(),
                config.seed(),
                config.epochs(),
                config.maxSteps(),
                pace);
    }

    /** The lines of {@code steps.csv} as numbers: step, epoch, learning rate, loss, terms. */
    private static List<double[]> readings(Path run) throws IOException {
        return Files.readAllLines(run.resolve("steps.csv")).stream()
                .skip(1)
                .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aReadingAveragesAWholeIntervalAlsoAcrossTheEndOfAnEpoch(int interval) throws IOException {
        Path each = folder.resolve("each");
        Path averaged = folder.resolve("averaged");
        train(each, config(new TrainingConfig.Pace(1, 0)), "cpu", () -> false);
        train(averaged, config(new TrainingConfig.Pace(interval, 0)), "cpu", () -> false);
        List<double[]> steps = readings(each);
        List<double[]> intervals = readings(averaged);
        assertEquals(12, steps.size());
        assertEquals(12 / interval, intervals.size(), "what is left over has no reading");
        for (int i = 0; i < intervals.size(); i++) {
            int end = (i + 1) * interval;
            assertEquals(end, intervals.get(i)[0]);
            assertEquals(steps.get(end - 1)[1], intervals.get(i)[1], "the epoch of the last step");
            for (int column = 3; column < 6; column++) {
                int chosen = column;
                double mean =
                        steps.subList(end - interval, end).stream()
                                .mapToDouble(line -> line[chosen])
                                .average()
                                .orElseThrow();
                assertEquals(mean, intervals.get(i)[column], 1e-12 * Math.abs(mean));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 6, 8})
    void aRunResumedWithinAnIntervalHasTheReadingsOfAnUninterruptedOne(int stopAfter)
            throws IOException {
        TrainingConfig config = config(new TrainingConfig.Pace(5, 3));
        train(folder.resolve("whole"), config, "cpu", () -> false);
        Path parts = folder.resolve("parts");
        train(parts, config, "cpu", afterCalls(stopAfter));
        train(parts, config, "cpu", () -> false);
        assertArrayEquals(last(folder.resolve("whole")), last(parts));
        assertEquals(
                Files.readString(folder.resolve("whole").resolve("steps.csv")),
                Files.readString(parts.resolve("steps.csv")));
    }

    /** The metrics without the last column, images per second. */
    private static List<String> withoutRates(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    /** The rate of the first of two epochs of 6 steps, after so many of which the run went on. */
    @ParameterizedTest
    @CsvSource({"1, true", "3, true", "4, false", "6, false"})
    void aRunThatGoesOnTellsARateOnlyOfAnEpochThatItMadeMostOf(int done, boolean told)
            throws IOException {
        TrainingConfig config = TinyData.config("standalone", 2, 0.01);
        Path out = folder.resolve("run");
        train(out, config, "cpu", afterCalls(done - 1));
        assertEquals(done, Checkpoint.read(RunDirectory.last(out)).progress().step());
        train(out, config, "cpu", () -> false);
        String line = Files.readAllLines(out.resolve("metrics.csv")).get(1);
        double rate = Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
        assertEquals(told, rate > 0, line);
        assertEquals(!told, Double.isNaN(rate), line);
    }

    @Test
    void aProfiledRunComputesTheSameBitsAndAccountsForAllItsTime() throws IOException {
        TrainingConfig config = TinyData.config("standalone", 2, 0.01);
        train(folder.resolve("plain"), config, "cpu", () -> false);
        assertFalse(Files.exists(folder.resolve("plain").resolve("profile.csv")));
        Path out = folder.resolve("profiled");
        Profile profile = Profile.on();
        long begin = System.nanoTime();
        train(out, config, "cpu", () -> false, profile);
        double elapsed = (System.nanoTime() - begin) / 1e9;
        assertArrayEquals(last(folder.resolve("plain")), last(out));

        double total = 0;
        for (Map.Entry<Profile.Phase, Double> phase : profile.seconds().entrySet()) {
            assertTrue(phase.getValue() > 0, phase.toString());
            total += phase.getValue();
        }
        assertTrue(total < elapsed, total + " s of " + elapsed);
        List<String> lines = Files.readAllLines(out.resolve("profile.csv"));
        assertEquals("epoch,phase,seconds,share", lines.get(0));
        assertEquals(1 + 2 * Profile.Phase.values().length, lines.size());
        double written = 0;
        double shares = 0;
        for (String line : lines.subList(1, lines.size())) {
            written += Double.parseDouble(line.split(",")[2]);
            shares += Double.parseDouble(line.split(",")[3]);
        }
        assertEquals(total, written, 1e-6);
        assertEquals(2, shares, 1e-9, "the shares of an epoch add up to 1");
    }

    @Test
    void aResumedRunWritesTheProfileOfAnEpochOnce() throws IOException {
        TrainingConfig config = TinyData.config("standalone", 2, 0.01);
        Path out = folder.resolve("run");
        Profile first = Profile.on();
        train(out, config, "cpu", afterCalls(3), first);
        assertTrue(first.seconds().get(Profile.Phase.BACKWARD) > 0, "of the epoch's part too");
        train(out, config, "cpu", () -> false, Profile.on());
        assertEquals(
                1 + 2 * Profile.Phase.values().length,
                Files.readAllLines(out.resolve("profile.csv")).size());
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
                        () -> Trainer.requireTrainable(large, TinyData.dataset()));
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

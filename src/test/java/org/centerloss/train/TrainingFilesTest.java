package org.centerloss.train;

import static org.centerloss.train.TinyTraining.afterCalls;
import static org.centerloss.train.TinyTraining.last;
import static org.centerloss.train.TinyTraining.train;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run writes while it trains: readings, rates, its profile. */
class TrainingFilesTest {
    @TempDir private Path folder;

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
}

package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.centerloss.base.InputException;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.Safetensors;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedule;
import org.centerloss.optim.Schedules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs with another optimiser and another schedule than the usual ones. */
@VirtualGpu
class ScheduledTrainingTest {
    @TempDir private Path folder;

    /** AdamW and one cycle after a warm-up of half an epoch; an epoch has 6 steps. */
    private static TrainingConfig config(int epochs) {
        TrainingConfig tiny = TinyData.config("standalone", epochs, 0.01);
        return new TrainingConfig(
                tiny.data(),
                tiny.network(),
                tiny.loss(),
                new TrainingConfig.Optimization(
                        8,
                        0.01,
                        new Schedules.Settings(0.2, 1, 0.1, "one-cycle", 0.5, 1, 0.0),
                        new Optimizers.Settings(
                                "adamw", 0, false, 0.01, 0.9, 0.999, 1e-8, 0.05, true, 0)),
                tiny.seed(),
                tiny.epochs(),
                tiny.maxSteps(),
                tiny.pace());
    }

    private static Trainer.Outcome train(
            Path out, TrainingConfig config, String name, BooleanSupplier stop) {
        try (Device device = Devices.open(name, 2)) {
            return TinyTraining.train(out, config, device, stop, new TrainingListener() {});
        }
    }

    @ParameterizedTest
    @CsvSource({"cpu,2", "cpu,6", "cpu,8", "cuda,8"})
    void aRunStoppedAnywhereAndResumedEqualsAnUninterruptedOne(String device, int stopAfter)
            throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        assertEquals(Trainer.Outcome.FINISHED, train(whole, config(2), device, () -> false));
        assertEquals(
                Trainer.Outcome.INTERRUPTED,
                train(parts, config(2), device, TinyTraining.afterCalls(stopAfter)));
        assertEquals(Trainer.Outcome.FINISHED, train(parts, config(2), device, () -> false));
        assertArrayEquals(TinyTraining.last(whole), TinyTraining.last(parts));
        assertEquals(
                Files.readString(whole.resolve("steps.csv")),
                Files.readString(parts.resolve("steps.csv")));
    }

    @Test
    void theRateOfAStepIsWrittenAndTheStateKeptUnderPyTorchsNames() throws IOException {
        Path out = folder.resolve("run");
        train(out, config(2), "cpu", () -> false);
        Schedule schedule = config(2).schedule(6);
        List<String> steps = Files.readAllLines(out.resolve("steps.csv"));
        assertEquals(7, steps.size());
        for (String line : steps.subList(1, 7)) {
            String[] cells = line.split(",");
            double expected =
                    schedule.rate(Long.parseLong(cells[0]) - 1, Schedule.State.start(0.01));
            assertEquals(expected, Double.parseDouble(cells[2]));
        }
        Safetensors last = Safetensors.read(RunDirectory.last(out));
        assertTrue(last.entries().containsKey("exp_avg.conv1.weight"));
        assertTrue(last.entries().containsKey("exp_avg_sq.centers"));
        assertTrue(last.entries().keySet().stream().noneMatch(n -> n.startsWith("momentum.")));
    }

    @Test
    void aRunWhoseRatesDependOnItsLengthKeepsIt() {
        Path out = folder.resolve("run");
        train(out, config(2), "cpu", TinyTraining.afterCalls(2));
        String refused =
                assertThrows(InputException.class, () -> train(out, config(3), "cpu", () -> false))
                        .getMessage();
        assertTrue(refused.contains("was trained with epochs 2"), refused);
    }

    @Test
    void aRunEndsEarlyWithoutABetterAccuracyOrWithALowRate() {
        TrainState start = TrainState.start(0.1, 2);
        TrainingConfig.EarlyStop patience = new TrainingConfig.EarlyStop(2, 0);
        TrainState best = start.nextEpoch(Schedule.State.start(0.1), 0.5);
        TrainState worse = best.nextEpoch(Schedule.State.start(0.01), 0.5);
        TrainState worst = worse.nextEpoch(Schedule.State.start(0.001), 0.4);
        assertTrue(patience.reason(start).isEmpty());
        assertTrue(patience.reason(worse).isEmpty());
        assertEquals("no better accuracy in 2 epochs", patience.reason(worst).orElseThrow());
        TrainingConfig.EarlyStop rate = new TrainingConfig.EarlyStop(0, 0.01);
        assertTrue(rate.reason(best).isEmpty());
        assertEquals("a learning rate of 0.01", rate.reason(worse).orElseThrow());
    }
}

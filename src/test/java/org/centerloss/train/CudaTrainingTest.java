package org.centerloss.train;

import static org.centerloss.train.TinyTraining.afterCalls;
import static org.centerloss.train.TinyTraining.last;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.loss.Objectives;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Training on the GPU: what a step costs, that it repeats, and that runs change devices. */
@VirtualGpu
class CudaTrainingTest {
    private static final BooleanSupplier NEVER = () -> false;

    @TempDir private Path folder;

    @AfterEach
    void usualOrder() {
        VirtualGpu.Controls.load().vgpuSetSeed(0);
    }

    private static TrainingConfig config(int batch, int maxSteps, int logInterval) {
        TrainingConfig tiny = TinyData.config("standalone", 2, 0.01);
        TrainingConfig.Optimization old = tiny.optimization();
        return new TrainingConfig(
                tiny.data(),
                tiny.network(),
                tiny.loss(),
                new TrainingConfig.Optimization(
                        batch, old.learningRate(), old.schedule(), old.optimizer()),
                tiny.seed(),
                tiny.epochs(),
                maxSteps,
                new TrainingConfig.Pace(logInterval, 0));
    }

    private static Trainer.Outcome train(
            Path out, TrainingConfig config, String deviceName, BooleanSupplier stop) {
        try (Device device = Devices.open(deviceName, 2)) {
            return TinyTraining.train(out, config, device, stop, new TrainingListener() {});
        }
    }

    /**
     * Writes what was counted from the fifth step to the reading of the loss after the twentieth.
     */
    private static final class Counting implements TrainingListener {
        private final VirtualGpu.Controls controls = VirtualGpu.Controls.load();
        private final Device device;
        private final Path file;

        Counting(Device device, Path file) {
            this.device = device;
            this.file = file;
        }

        @Override
        public void stepDone(int epoch, int stepsDone) {
            if (stepsDone == 4) {
                device.synchronize();
                controls.vgpuResetCounters();
            }
        }

        @Override
        public void lossRead(long step, double loss, double[] terms) {
            if (step == 20) {
                controls.vgpuWriteCounters(file.toString());
            }
        }
    }

    @Test
    void aStepIsOneGraphLaunchAndNothingElseButTheReadingOfTheLoss() throws IOException {
        Path file = folder.resolve("counters.json");
        try (Device device = Devices.open("cuda", 0)) {
            TinyTraining.train(
                    folder.resolve("run"),
                    config(2, 20, 10),
                    device,
                    NEVER,
                    new Counting(device, file));
        }
        JsonNode calls = new ObjectMapper().readTree(file.toFile()).path("api");
        assertEquals(16, calls.path("graphLaunches").asInt(-1), calls.toString());
        for (String none :
                List.of("allocations", "frees", "copiesHostToDevice", "kernelLaunches")) {
            assertEquals(0, calls.path(none).asInt(-1), none + " in " + calls);
        }
        // Steps 10 and 20.
        int readings = 2;
        assertEquals(readings, calls.path("copiesDeviceToHost").asInt(-1), calls.toString());
        assertEquals(readings, calls.path("synchronisations").asInt(-1), calls.toString());
        // The meter: sums of 8 terms and what else kernels/loss_meter.cu keeps.
        assertEquals(88 * readings, calls.path("bytesDeviceToHost").asInt(), calls.toString());
    }

    private List<Double> losses(String deviceName, TrainingConfig config) {
        List<Double> losses = new ArrayList<>();
        try (Device device = Devices.open(deviceName, 2)) {
            TinyTraining.train(
                    folder.resolve(deviceName),
                    config,
                    device,
                    NEVER,
                    new TrainingListener() {
                        @Override
                        public void lossRead(long step, double loss, double[] terms) {
                            losses.add(loss);
                        }
                    });
        }
        return losses;
    }

    @Test
    void theLossesAreThoseOfTheCpu() {
        TrainingConfig config = config(8, 6, 1);
        List<Double> expected = losses("cpu", config);
        List<Double> found = losses("cuda", config);
        assertEquals(6, found.size());
        // Rounding grows from step to step, wherever a ReLU opens on one device and not the other.
        double[] tolerances = {1e-5, 1e-2, 1e-2, 1e-2, 1e-2, 1e-2};
        for (int i = 0; i < tolerances.length; i++) {
            assertEquals(
                    expected.get(i),
                    found.get(i),
                    tolerances[i] * Math.abs(expected.get(i)),
                    "step " + (i + 1));
        }
    }

    @Test
    void everyOrderThatCudaLeavesOpenGivesTheSameBits() throws IOException {
        List<byte[]> checkpoints = new ArrayList<>();
        for (int seed : new int[] {0, 0, 1, 2}) {
            VirtualGpu.Controls.load().vgpuSetSeed(seed);
            Path out = folder.resolve("run" + checkpoints.size());
            train(out, config(8, 4, 2), "cuda", NEVER);
            checkpoints.add(last(out));
        }
        for (byte[] checkpoint : checkpoints) {
            assertArrayEquals(checkpoints.get(0), checkpoint);
        }
    }

    @ParameterizedTest
    @EnumSource(Objectives.class)
    void everyObjectiveTrains(Objectives objective) {
        double rate = objective == Objectives.RAW ? 1e-5 : 0.002;
        Path out = folder.resolve("run");
        TrainingConfig config = TinyData.config(objective.key(), 1, rate);
        assertEquals(Trainer.Outcome.FINISHED, train(out, config, "cuda", NEVER));
        assertEquals(6, Checkpoint.read(RunDirectory.last(out)).progress().step());
    }

    @Test
    void aRunStoppedAndResumedEqualsAnUninterruptedOne() throws IOException {
        TrainingConfig config = TinyData.config("standalone", 2, 0.01);
        train(folder.resolve("whole"), config, "cuda", NEVER);
        for (int stopAfter : new int[] {3, 10}) {
            Path parts = folder.resolve("parts" + stopAfter);
            assertEquals(
                    Trainer.Outcome.INTERRUPTED,
                    train(parts, config, "cuda", afterCalls(stopAfter)));
            assertEquals(Trainer.Outcome.FINISHED, train(parts, config, "cuda", NEVER));
            assertArrayEquals(last(folder.resolve("whole")), last(parts));
        }
    }

    @ParameterizedTest
    @CsvSource({"cuda, cpu", "cpu, cuda", "cuda, reference"})
    void aRunStartedOnOneDeviceGoesOnOnAnotherAndIsEvaluatedThere(String first, String second) {
        TrainingConfig config = TinyData.config("standalone", 1, 0.01);
        Path out = folder.resolve("run");
        assertEquals(Trainer.Outcome.INTERRUPTED, train(out, config, first, afterCalls(2)));
        assertEquals(Trainer.Outcome.FINISHED, train(out, config, second, NEVER));
        Checkpoint checkpoint = Checkpoint.read(RunDirectory.last(out));
        assertEquals(6, checkpoint.progress().step());
        float[] expected = embed(first, checkpoint);
        float[] found = embed(second, checkpoint);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 1e-5 * (1 + Math.abs(expected[i])));
        }
    }

    private static float[] embed(String deviceName, Checkpoint checkpoint) {
        try (Device device = Devices.open(deviceName, 2)) {
            try (TrainedModel model = new TrainedModel(device, checkpoint)) {
                return model.embed(TinyData.dataset().test()).features();
            } finally {
                assertEquals(0, device.liveBytes());
            }
        }
    }

    @Test
    void aDivergedLossStopsTheRunAndLeavesAFiniteCheckpoint() {
        Path out = folder.resolve("run");
        TrainingConfig config = TinyData.config("raw", 40, 5.0);
        DivergenceException stopped =
                assertThrows(DivergenceException.class, () -> train(out, config, "cuda", NEVER));
        assertTrue(stopped.getMessage().matches(".*diverged at step \\d+: term 'int(ra|er)'.*"));
        Map<String, SafetensorsEntry> saved = Safetensors.read(RunDirectory.last(out)).entries();
        assertTrue(saved.containsKey("centers"), saved.keySet().toString());
        saved.forEach(
                (name, entry) -> {
                    for (double value : entry.toDoubles()) {
                        assertTrue(Double.isFinite(value), name);
                    }
                });
    }
}

package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;
import org.centerloss.interchange.Agreement;
import org.centerloss.interchange.GoldenWeights;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Network;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {
    private static final TrainingConfig DRAWN = TinyData.config("standalone", 1, 0.01);

    @TempDir private Path folder;
    private Path file;
    private TrainingConfig config;

    @BeforeEach
    void trainAndStartFromTheResult() {
        try (Device device = Devices.open("cpu", 1)) {
            Path run = folder.resolve("first");
            TinyTraining.train(run, DRAWN, device, () -> false, new TrainingListener() {});
            file = RunDirectory.last(run);
        }
        TrainingConfig.Network network = DRAWN.network();
        config =
                new TrainingConfig(
                        DRAWN.data(),
                        new TrainingConfig.Network(
                                network.features(),
                                network.blocks(),
                                network.widthFactor(),
                                WeightsFile.read(file).identity()),
                        DRAWN.loss(),
                        DRAWN.optimization(),
                        DRAWN.seed(),
                        DRAWN.epochs(),
                        DRAWN.maxSteps(),
                        DRAWN.pace());
    }

    private void start(Device device, RunDirectory run) {
        new Trainer(
                        device,
                        config,
                        TinyData.dataset(),
                        run,
                        new TrainingListener() {},
                        Profile.off())
                .close();
    }

    @Test
    void aRunHasTheWholeStateBeforeItsFirstStepAndStartsAnewBesides() {
        Path folderOfRun = folder.resolve("second");
        try (Device device = Devices.open("cpu", 1);
                RunDirectory run = RunDirectory.create(folderOfRun)) {
            start(device, run);
            assertEquals(0, device.liveBytes());
        }
        Checkpoint given = Checkpoint.read(file);
        Checkpoint started = Checkpoint.read(RunDirectory.last(folderOfRun));
        for (Parameter p : given.parameters()) {
            assertArrayEquals(given.values(p), started.values(p), p.name());
        }
        assertEquals(0, started.progress().step());
        assertNull(started.progress().bestAccuracy());
        Safetensors tensors = Safetensors.read(RunDirectory.last(folderOfRun));
        for (float momentum : tensors.get("momentum.conv1.weight").toFloats()) {
            assertEquals(0, momentum);
        }
    }

    @Test
    void aRunKilledBeforeItsFirstCheckpointStartsOnlyFromTheSameFile() throws IOException {
        try (Device device = Devices.open("cpu", 1);
                RunDirectory run = RunDirectory.create(folder.resolve("second"))) {
            start(device, run);
            Files.delete(run.last());
            start(device, run);
            Files.delete(run.last());
            Files.copy(
                    RunDirectory.best(folder.resolve("first")),
                    file,
                    StandardCopyOption.REPLACE_EXISTING);
            String message =
                    assertThrows(InputException.class, () -> start(device, run)).getMessage();
            assertTrue(message.startsWith(file + ": expected the file that the run"), message);
        }
    }

    /** The recorded network of the reference, in training mode: its first step's features. */
    @Test
    void whatPyTorchSavedGivesTheFeaturesThatItRecorded() throws Exception {
        GoldenWeights golden = new GoldenWeights();
        WeightsFile pytorch = WeightsFile.read(golden.write(folder.resolve("pytorch")));
        NetworkShape shape = new NetworkShape(3, 32, 32, 16, 10, 1, 1);
        float[] images = golden.get("images").toFloats();
        double[] features = golden.get("step0.features").toDoubles();
        int batch = features.length / shape.features();
        List<Parameter> declared = Objectives.parameters(DRAWN.objective(), shape, true);
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters = new Parameters(device, declared);
                Network network = new Network(device, shape, batch, parameters, true)) {
            pytorch.copyInto(parameters, shape);
            network.images().write(Arrays.copyOf(images, batch * 3 * 32 * 32));
            network.forward();
            Agreement.assertNear("features", features, network.features().toFloats(), 5e-6);
            assertArrayEquals(
                    golden.get("init.centers").toFloats(), parameters.value("centers").toFloats());
        }
    }

    /** Configurations and checkpoints from before there were files of weights lack their field. */
    @Test
    void whatWasWrittenBeforeIsStillRead() throws IOException {
        String field = "\"initialWeights\"\\s*:\\s*null";
        try (RunDirectory run = RunDirectory.create(folder.resolve("old"))) {
            run.writeConfig(DRAWN, Map.of(), Map.of());
            Path written = run.path().resolve("config.json");
            Files.writeString(written, without(field, Files.readString(written)));
            assertEquals(DRAWN, run.readConfig().config());
        }
        Safetensors whole = Safetensors.read(file);
        SafetensorsWriter writer = new SafetensorsWriter();
        whole.entries().forEach((name, e) -> writer.put(name, e.toFloats(), e.shape()));
        writer.putMetadata("centerloss", without(field, whole.metadata().get("centerloss")));
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.writeWithChecksum(out);
        }
        assertEquals(DRAWN, Checkpoint.read(file).config());
    }

    private static String without(String field, String json) {
        String less = json.replaceFirst(",\\s*" + field, "");
        assertTrue(less.length() < json.length(), json);
        return less;
    }
}

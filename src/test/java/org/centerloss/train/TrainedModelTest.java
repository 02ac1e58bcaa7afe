package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.Embeddings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainedModelTest {
    @TempDir static Path folder;
    private static Checkpoint checkpoint;

    @BeforeAll
    static void train() {
        Path out = folder.resolve("run");
        TrainingConfig config = TinyData.config("standalone", 1, 0.01);
        try (Device device = Devices.open("cpu", 1)) {
            TinyTraining.train(out, config, device, () -> false, new TrainingListener() {});
        }
        checkpoint = Checkpoint.read(RunDirectory.best(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void memoryDoesNotGrowWithTheNumberOfCalls(String name) {
        requireSteadyMemory(name);
    }

    @Test
    @VirtualGpu
    void memoryDoesNotGrowWithTheNumberOfCallsOnCuda() {
        requireSteadyMemory("cuda");
    }

    private static void requireSteadyMemory(String name) {
        ImageSet images = TinyData.dataset().test();
        try (Device device = Devices.open(name, 1);
                TrainedModel model = new TrainedModel(device, checkpoint)) {
            float[] first = model.embed(images).features();
            long bytes = device.liveBytes();
            for (int call = 0; call < 3; call++) {
                assertArrayEquals(first, model.embed(images).features());
                assertEquals(bytes, device.liveBytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 15, 128, 1000})
    void theBatchChangesNothing(int atATime) {
        ImageSet images = TinyData.dataset().test();
        try (Device device = Devices.open("cpu", 1);
                TrainedModel usual = new TrainedModel(device, checkpoint);
                TrainedModel model = new TrainedModel(device, checkpoint, atATime)) {
            Embeddings expected = usual.embed(images);
            Embeddings found = model.embed(images);
            assertArrayEquals(expected.features(), found.features(), 1e-5f);
            assertArrayEquals(expected.predictions(), found.predictions());
        }
    }
}

package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.centerloss.base.InputException;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Schedule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint in a file, with what it holds. */
abstract class WrittenCheckpoint {
    static final TrainingConfig CONFIG = TinyData.config("standalone", 3, 0.1);
    static final Checkpoint.Model MODEL =
            new Checkpoint.Model(
                    new NetworkShape(1, 12, 12, 2, 3, 1, 1), List.of("top", "middle", "bottom"));
    static final TrainState PROGRESS =
            new TrainState(
                    2,
                    16,
                    8,
                    new Schedule.State(0.1 / 3, 1.0 / 7, 4),
                    0.123,
                    1,
                    new double[] {1.0 / 3, -2e-17},
                    2,
                    new TrainState.Interval(new double[] {1.0 / 7, 3e-17}, 1));

    @TempDir Path folder;
    Path file;
    float[] weights;

    @BeforeEach
    void writeOne() {
        file = folder.resolve("last.safetensors");
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters = parameters(device, CONFIG);
                Optimizer optimizer = optimizer(device, parameters)) {
            parameters.initialise(5);
            weights = parameters.weights().toFloats();
            optimizer.state().get("momentum").copyFrom(parameters.weights());
            Checkpoint.write(file, CONFIG, MODEL, PROGRESS, parameters, Optional.of(optimizer));
        }
    }

    static Parameters parameters(Device device, TrainingConfig config) {
        return new Parameters(
                device, Objectives.parameters(config.objective(), MODEL.shape(), true));
    }

    static Optimizer optimizer(Device device, Parameters parameters) {
        return new Optimizer(device, parameters, CONFIG.optimization().optimizer());
    }

    String refusal() {
        return assertThrows(InputException.class, () -> Checkpoint.read(file)).getMessage();
    }
}

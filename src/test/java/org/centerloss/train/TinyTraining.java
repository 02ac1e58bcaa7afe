package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;

/** Trains on {@link TinyData}. */
final class TinyTraining {
    private TinyTraining() {}

    static Trainer.Outcome train(
            Path out, TrainingConfig config, String deviceName, BooleanSupplier stop) {
        return train(out, config, deviceName, stop, Profile.off());
    }

    static Trainer.Outcome train(
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

    static Trainer.Outcome train(
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

    /** Says that it is time to stop from the call after so many on. */
    static BooleanSupplier afterCalls(int calls) {
        AtomicInteger count = new AtomicInteger();
        return () -> count.incrementAndGet() > calls;
    }

    /** The bytes of the last checkpoint. */
    static byte[] last(Path run) throws IOException {
        return Files.readAllBytes(RunDirectory.last(run));
    }
}

package org.centerloss.interchange;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.Device;
import org.centerloss.device.op.Augmentation;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.loss.Objectives;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedules;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Threshold;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.TrainingListener;
import org.centerloss.train.WeightsFile;

/** The checkpoint of a run before its first step. */
final class StartedRun {
    private StartedRun() {}

    /** Ten classes of noisy 32×32 RGB images. */
    private static Dataset dataset() {
        return new Dataset(
                "noise",
                "made",
                IntStream.range(0, 10).mapToObj(i -> "class \"" + i + "\"").toList(),
                Augmentation.NONE,
                images(20),
                images(10));
    }

    private static ImageSet images(int count) {
        byte[] pixels = new byte[count * 3 * 32 * 32];
        new Random(count).nextBytes(pixels);
        int[] labels = IntStream.range(0, count).map(i -> i % 10).toArray();
        return new ImageSet(3, 32, 32, pixels, labels);
    }

    /** Starts a run with 16 features from a file of weights. */
    static Checkpoint from(Path weights, String objective, Path folder) {
        TrainingConfig config =
                new TrainingConfig(
                        new TrainingConfig.Data(
                                "noise", null, true, ImageOptions.AS_THEY_ARE, Augmentation.NONE),
                        new TrainingConfig.Network(16, 1, 1, WeightsFile.read(weights).identity()),
                        new TrainingConfig.Loss(objective, Objectives.Settings.DEFAULT, "sgd", 0.5),
                        new TrainingConfig.Optimization(
                                5,
                                0.01,
                                Schedules.Settings.plateau(0.2, 1, 0.1),
                                Optimizers.Settings.sgd(0.9, 0)),
                        3,
                        1,
                        0,
                        new TrainingConfig.Pace(2, 0));
        try (Device device = Devices.open("cpu", 2);
                RunDirectory run = RunDirectory.create(folder)) {
            run.writeConfig(config, Map.of(), Map.of());
            new Trainer(device, config, dataset(), run, new TrainingListener() {}, Profile.off())
                    .close();
        }
        return Checkpoint.read(RunDirectory.last(folder));
    }

    /** A model on its way out, with the centers that its checkpoint has. */
    static ExportedModel exported(Checkpoint checkpoint, Threshold threshold) {
        return new ExportedModel(
                checkpoint,
                CenterKind.TRAINED,
                ClassCenters.parameter(checkpoint),
                threshold,
                "1.2.3");
    }

    static List<String> classes() {
        return dataset().classes();
    }
}

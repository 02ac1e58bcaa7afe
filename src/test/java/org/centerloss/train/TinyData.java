package org.centerloss.train;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.op.Augmentation;
import org.centerloss.loss.Objectives;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedules;

/** A data set and configurations small enough to train in a moment. */
final class TinyData {
    private TinyData() {}

    /** Three classes of 12×12 images, each with its own bright stripe and some noise. */
    static Dataset dataset() {
        return new Dataset(
                "stripes",
                "made",
                List.of("top", "middle", "bottom"),
                new Augmentation(true, 5, 1),
                images(48, 1),
                images(15, 2));
    }

    private static ImageSet images(int count, int seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * 144];
        int[] labels = new int[count];
        random.nextBytes(pixels);
        for (int i = 0; i < count; i++) {
            labels[i] = i % 3;
            int stripe = i * 144 + labels[i] * 48;
            Arrays.fill(pixels, stripe, stripe + 48, (byte) 250);
        }
        return new ImageSet(1, 12, 12, pixels, labels);
    }

    static TrainingConfig config(String objective, int epochs, double learningRate) {
        return new TrainingConfig(
                new TrainingConfig.Data(
                        "stripes", null, true, ImageOptions.AS_THEY_ARE, dataset().augmentation()),
                new TrainingConfig.Network(2, 1, 1),
                new TrainingConfig.Loss(objective, Objectives.Settings.DEFAULT, "sgd", 0.5),
                new TrainingConfig.Optimization(
                        8,
                        learningRate,
                        Schedules.Settings.plateau(0.2, 1, 0.1),
                        Optimizers.Settings.sgd(0.9, 0)),
                3,
                epochs,
                0,
                new TrainingConfig.Pace(2, 0));
    }
}

package org.centerloss.bench.step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.base.ShutdownHook;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.Device;
import org.centerloss.device.op.Augmentation;
import org.centerloss.loss.Objectives;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedules;
import org.centerloss.train.ConfigChecks;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.TrainingListener;

/**
 * Times an epoch as {@code train} runs it, from the first step to the saved checkpoint, on random
 * images that are augmented like Fashion-MNIST's; with a test image for every six training images.
 */
public final class EpochBenchmark {
    /**
     * What was measured.
     *
     * @param steps training steps
     * @param trainingSeconds from the start to the last step's end
     * @param seconds with evaluation, metrics and checkpoints
     */
    public record Result(
            int trainImages, int testImages, int steps, double trainingSeconds, double seconds) {}

    private static final Augmentation AUGMENTATION = new Augmentation(true, 5, 0);

    private EpochBenchmark() {}

    /**
     * Runs an epoch of {@code images} training images.
     *
     * @throws org.centerloss.base.InputException if they are fewer than a batch
     */
    @SuppressWarnings("try") // the hook is there while the folder is, and asked nothing
    public static Result run(Device device, PlannedStep.Setting setting, int images) {
        Random random = new Random(0);
        Dataset dataset =
                new Dataset(
                        "random images",
                        "made",
                        IntStream.range(0, PlannedStep.CLASSES).mapToObj(String::valueOf).toList(),
                        AUGMENTATION,
                        imageSet(random, setting, images),
                        imageSet(random, setting, Math.max(1, images / 6)));
        TrainingConfig config = config(setting);
        ConfigChecks.requireTrainable(config, dataset);
        Path folder = temporaryFolder();
        try (ShutdownHook left = new ShutdownHook(() -> deleteIfQuiet(folder));
                RunDirectory run = RunDirectory.create(folder)) {
            long[] trained = new long[1];
            TrainingListener listener =
                    new TrainingListener() {
                        @Override
                        public void evaluationStarted(int epoch) {
                            trained[0] = System.nanoTime();
                        }
                    };
            try (Trainer trainer =
                    new Trainer(device, config, dataset, run, listener, Profile.off())) {
                long begin = System.nanoTime();
                trainer.run(() -> false);
                return new Result(
                        images,
                        dataset.test().count(),
                        images / setting.batch(),
                        (trained[0] - begin) / 1e9,
                        (System.nanoTime() - begin) / 1e9);
            }
        } finally {
            delete(folder);
        }
    }

    private static ImageSet imageSet(Random random, PlannedStep.Setting setting, int count) {
        int size = setting.channels() * setting.height() * setting.width();
        long bytes = (long) count * size;
        if (bytes > ImageSet.MAX_BYTES) {
            throw new InputException(
                    "--epoch: expected images of at most %d bytes in all (2 GiB), found %d"
                            .formatted(ImageSet.MAX_BYTES, bytes));
        }
        byte[] pixels = new byte[(int) bytes];
        random.nextBytes(pixels);
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> i % PlannedStep.CLASSES);
        return new ImageSet(setting.channels(), setting.height(), setting.width(), pixels, labels);
    }

    private static TrainingConfig config(PlannedStep.Setting setting) {
        return new TrainingConfig(
                new TrainingConfig.Data(
                        "random images", null, true, ImageOptions.AS_THEY_ARE, AUGMENTATION),
                new TrainingConfig.Network(setting.features(), 1, 1),
                new TrainingConfig.Loss(
                        setting.objective(), Objectives.Settings.DEFAULT, "sgd", 0.5),
                new TrainingConfig.Optimization(
                        setting.batch(),
                        0.01,
                        Schedules.Settings.plateau(0.2, 10, 0.1),
                        Optimizers.Settings.sgd(0.9, 0)),
                0,
                1,
                0,
                new TrainingConfig.Pace(50, 500));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("centerloss-epoch");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what an interruption leaves, but for what is written at that moment. */
    private static void deleteIfQuiet(Path folder) {
        try {
            delete(folder);
        } catch (UncheckedIOException e) {
            // The system clears temporary files away some day.
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) content.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.centerloss.bench;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.stat.StatUtils;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.model.Owned;
import org.centerloss.model.Parameters;
import org.centerloss.model.ResNet;
import org.centerloss.train.TrainingStep;

/**
 * Times whole training steps and evaluation passes of the network on random images: no data
 * loading, the loss read after every step, medians.
 */
public final class StepBenchmark {
    private static final int WARM_UP_STEPS = 10;
    private static final int CLASSES = 10;

    /** What is measured. */
    public record Setting(
            int batch, int features, int channels, int height, int width, String objective) {}

    /** Median rates, and the times that they come from, in seconds. */
    public record Result(
            double trainImagesPerSecond,
            double evalImagesPerSecond,
            double[] trainSeconds,
            double[] evalSeconds) {}

    private StepBenchmark() {}

    /** Runs {@code steps} training steps and as many evaluation passes after a warm-up. */
    public static Result run(Device device, Setting setting, int steps) {
        ResNet.Shape shape =
                new ResNet.Shape(
                        setting.channels(),
                        setting.height(),
                        setting.width(),
                        setting.features(),
                        CLASSES,
                        1,
                        1);
        Objective objective =
                Objectives.of(setting.objective()).create(Objectives.Settings.DEFAULT);
        try (Owned owned = new Owned()) {
            Parameters parameters =
                    owned.add(
                            new Parameters(device, Objectives.parameters(objective, shape, true)));
            TrainingStep step =
                    owned.add(
                            new TrainingStep(
                                    device,
                                    shape,
                                    objective,
                                    parameters,
                                    setting.batch(),
                                    new TrainingStep.Optimizer(0.01, 0.9, 0, 0)));
            parameters.initialise(0);
            Random random = new Random(0);
            float[] images = new float[Math.toIntExact(step.images().size())];
            for (int i = 0; i < images.length; i++) {
                images[i] = random.nextFloat();
            }
            step.images().write(images);
            step.labels().write(random.ints(setting.batch(), 0, CLASSES).toArray());
            Program training = owned.add(device.record(step::run));
            double[] trainSeconds =
                    time(
                            steps,
                            () -> {
                                training.run();
                                step.meter().read();
                            });
            ResNet inference =
                    owned.add(new ResNet(device, shape, setting.batch(), parameters, false));
            inference.images().write(images);
            float[] features = new float[Math.toIntExact(inference.features().size())];
            Program evaluation = owned.add(device.record(inference::forward));
            double[] evalSeconds =
                    time(
                            steps,
                            () -> {
                                evaluation.run();
                                inference.features().read(features);
                            });
            return new Result(
                    setting.batch() / StatUtils.percentile(trainSeconds, 50),
                    setting.batch() / StatUtils.percentile(evalSeconds, 50),
                    trainSeconds,
                    evalSeconds);
        }
    }

    private static double[] time(int repetitions, Runnable body) {
        for (int i = 0; i < WARM_UP_STEPS; i++) {
            body.run();
        }
        double[] seconds = new double[repetitions];
        Arrays.setAll(
                seconds,
                i -> {
                    long begin = System.nanoTime();
                    body.run();
                    return (System.nanoTime() - begin) / 1e9;
                });
        return seconds;
    }
}

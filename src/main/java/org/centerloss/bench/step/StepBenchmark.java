package org.centerloss.bench.step;

import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.commons.math3.stat.StatUtils;
import org.centerloss.device.Device;

/** Times whole training steps and evaluation passes: {@link PlannedStep}, after a warm-up. */
public final class StepBenchmark {
    private static final int WARM_UP_STEPS = 10;

    /**
     * What was measured.
     *
     * @param batch images per run
     * @param seconds the time of each run
     * @param bytes what the device held for it
     */
    public record Times(int batch, double[] seconds, long bytes) {
        /** The rate at the median time. */
        public double imagesPerSecond() {
            return batch / percentile(50);
        }

        /** The time in seconds that {@code percent} of the runs stay below. */
        public double percentile(double percent) {
            return StatUtils.percentile(seconds, percent);
        }
    }

    /** Training steps and evaluation passes of one setting. */
    public record Result(Times training, Times evaluation) {}

    private StepBenchmark() {}

    /** Runs {@code steps} training steps and as many evaluation passes after a warm-up. */
    public static Result run(Device device, PlannedStep.Setting setting, int steps) {
        return new Result(
                time(device, setting.batch(), steps, () -> PlannedStep.training(device, setting)),
                time(
                        device,
                        setting.batch(),
                        steps,
                        () -> PlannedStep.evaluation(device, setting)));
    }

    private static Times time(
            Device device, int batch, int repetitions, Supplier<PlannedStep> plan) {
        long before = device.liveBytes();
        try (PlannedStep step = plan.get()) {
            for (int i = 0; i < WARM_UP_STEPS; i++) {
                step.run();
            }
            double[] seconds = new double[repetitions];
            Arrays.setAll(
                    seconds,
                    i -> {
                        long begin = System.nanoTime();
                        step.run();
                        return (System.nanoTime() - begin) / 1e9;
                    });
            return new Times(batch, seconds, device.liveBytes() - before);
        }
    }
}

package org.centerloss.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.StatUtils;
import org.centerloss.bench.StepBenchmark;
import org.centerloss.device.Device;
import org.centerloss.loss.Objectives;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times training steps and evaluation passes. */
@Command(
        name = "step",
        mixinStandardHelpOptions = true,
        description = {
            "Time whole training steps and evaluation passes on random images.",
            "Rates are images per second at the median time."
        })
final class BenchStepCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "128",
            description = "Images per step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--feat-dim",
            paramLabel = "N",
            defaultValue = "2",
            description = "Features per image. Default: ${DEFAULT-VALUE}.")
    private int features;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "1",
            description = "Channels of an image. Default: ${DEFAULT-VALUE}.")
    private int channels;

    @Option(
            names = "--side",
            paramLabel = "PIXELS",
            defaultValue = "28",
            description = "Height and width of an image. Default: ${DEFAULT-VALUE}.")
    private int side;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "20",
            description = "Timed repetitions. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            defaultValue = "standalone",
            completionCandidates = TrainOptions.ObjectiveNames.class,
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String loss;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        atLeastOne("--batch-size", batch);
        atLeastOne("--feat-dim", features);
        atLeastOne("--channels", channels);
        atLeastOne("--side", side);
        atLeastOne("--steps", steps);
        TrainOptions.requireName(spec, "--loss", loss, Objectives.keys());
        PrintWriter out = spec.commandLine().getOut();
        try (Device device = deviceOptions.open(precisionOptions)) {
            StepBenchmark.Setting setting =
                    new StepBenchmark.Setting(batch, features, channels, side, side, loss);
            StepBenchmark.Result result = StepBenchmark.run(device, setting, steps);
            if (json) {
                out.println(new ObjectMapper().writeValueAsString(fields(device, result)));
            } else {
                out.printf("%s: %s%n", device.name(), device.description());
                print(out, "training", result.trainImagesPerSecond(), result.trainSeconds());
                print(out, "evaluation", result.evalImagesPerSecond(), result.evalSeconds());
            }
        }
        return Main.SUCCESS;
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(
                    spec.commandLine(), option + ": expected at least 1, found " + value);
        }
    }

    private Map<String, Object> fields(Device device, StepBenchmark.Result result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("device", device.name());
        fields.put("description", device.description());
        fields.put("commit", Version.commit());
        fields.put("loss", loss);
        fields.put("batch", batch);
        fields.put("feat_dim", features);
        fields.put("channels", channels);
        fields.put("side", side);
        fields.put("steps", steps);
        fields.put("train_images_per_s", rounded(result.trainImagesPerSecond()));
        fields.put("eval_images_per_s", rounded(result.evalImagesPerSecond()));
        return fields;
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }

    private static void print(PrintWriter out, String what, double rate, double[] seconds) {
        out.printf(
                "%-11s %8.1f images/s  median %.1f ms  p20 %.1f ms  p80 %.1f ms%n",
                what,
                rate,
                1e3 * StatUtils.percentile(seconds, 50),
                1e3 * StatUtils.percentile(seconds, 20),
                1e3 * StatUtils.percentile(seconds, 80));
    }
}

package org.centerloss.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.centerloss.bench.step.EpochBenchmark;
import org.centerloss.bench.step.PlannedStep;
import org.centerloss.bench.step.StepBenchmark;
import org.centerloss.cli.Main;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.PrecisionOptions;
import org.centerloss.cli.option.Sizes;
import org.centerloss.cli.option.TrainOptions;
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
    private static final int MOST_STEPS = 1_000_000;
    private static final Sizes SWEEP = new Sizes.Converter().convert("16..1024");

    @Spec private CommandSpec spec;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private PrecisionOptions precisionOptions;

    @Option(
            names = "--batch-size",
            paramLabel = Sizes.SYNTAX,
            defaultValue = "128",
            converter = Sizes.Converter.class,
            description = {
                "Images per step; with --sweep batch several, such as 32,64 or 32..1024."
                        + " Default: ${DEFAULT-VALUE}."
            })
    private Sizes batches;

    @Option(
            names = "--sweep",
            paramLabel = "WHAT",
            description =
                    "batch: a line for each of several batch sizes, 16..1024 unless --batch-size"
                            + " says otherwise.")
    private String sweep;

    @Option(
            names = "--epoch",
            paramLabel = "IMAGES",
            arity = "0..1",
            fallbackValue = "60000",
            description =
                    "Also time a whole epoch of so many images (${FALLBACK-VALUE}) with all that"
                            + " train does: data, augmentation, evaluation, metrics, checkpoints.")
    private Integer epochImages;

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

    @Option(names = "--json", description = "Print a line of JSON for each batch size.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        atLeastOne("--feat-dim", features);
        atLeastOne("--channels", channels);
        atLeastOne("--side", side);
        atLeastOne("--steps", steps);
        if (steps > MOST_STEPS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--steps: expected 1 to %d, found %d".formatted(MOST_STEPS, steps));
        }
        if (epochImages != null) {
            atLeastOne("--epoch", epochImages);
        }
        TrainOptions.requireName(spec, "--loss", loss, Objectives.keys());
        List<Integer> sizes = sizes();
        PrintWriter out = spec.commandLine().getOut();
        try (Device device = deviceOptions.open(precisionOptions)) {
            StepReport report = new StepReport(out, device, epochImages != null);
            if (!json) {
                report.head(sweep != null);
            }
            for (int batch : sizes) {
                PlannedStep.Setting setting =
                        new PlannedStep.Setting(batch, features, channels, side, side, loss);
                StepBenchmark.Result steps = StepBenchmark.run(device, setting, this.steps);
                EpochBenchmark.Result epoch =
                        epochImages == null
                                ? null
                                : EpochBenchmark.run(device, setting, epochImages);
                if (json) {
                    report.json(setting, steps, epoch);
                } else if (sweep != null) {
                    report.line(steps, epoch);
                } else {
                    report.details(steps, epoch);
                }
            }
        }
        return Main.SUCCESS;
    }

    private List<Integer> sizes() {
        if (sweep == null) {
            if (batches.values().size() > 1) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--batch-size: expected one number without --sweep batch, found "
                                + batches.values().size());
            }
            return batches.values();
        }
        TrainOptions.requireName(spec, "--sweep", sweep, List.of("batch"));
        boolean given = spec.commandLine().getParseResult().hasMatchedOption("--batch-size");
        return (given ? batches : SWEEP).values();
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(
                    spec.commandLine(), option + ": expected at least 1, found " + value);
        }
    }
}

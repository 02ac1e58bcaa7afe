package org.centerloss.cli.option;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.centerloss.base.NearestName;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.loss.Objectives;
import org.centerloss.train.TrainingConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that make a {@link TrainingConfig}. */
public final class TrainOptions {
    private static final int USUAL_BATCH = 128;
    private static final List<String> CENTER_UPDATES = List.of("sgd", "wen");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private NetworkOptions networkOptions;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            defaultValue = "standalone",
            completionCandidates = ObjectiveNames.class,
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String loss;

    @Option(
            names = "--feat-dim",
            paramLabel = "N",
            defaultValue = "2",
            description = "Features per image. Default: ${DEFAULT-VALUE}.")
    private int featureDimension;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "" + USUAL_BATCH,
            description =
                    "Images per step. Default: ${DEFAULT-VALUE}, or as many as there are where they"
                            + " are fewer.")
    private int batchSize;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "100",
            description = "Passes over the training images. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--max-steps",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after so many steps; 0 for no limit. Default: ${DEFAULT-VALUE}.")
    private long maxSteps;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            defaultValue = "0.01",
            description = "Learning rate. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Mixin private OptimizationOptions optimization;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--weight-intra",
            paramLabel = "W",
            defaultValue = "1.0",
            description = "Weight of the center loss without softmax. Default: ${DEFAULT-VALUE}.")
    private double weightIntra;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--weight-inter",
            paramLabel = "W",
            defaultValue = "0.1",
            description = "Weight of the repulsion. Default: ${DEFAULT-VALUE}.")
    private double weightInter;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--weight-cent",
            paramLabel = "W",
            defaultValue = "1.0",
            description = "Weight of the center loss beside a softmax. Default: ${DEFAULT-VALUE}.")
    private double weightCent;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--margin",
            paramLabel = "M",
            defaultValue = "10",
            description =
                    "Squared distance from which the loss 'margin' no longer pushes. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double margin;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--alpha",
            paramLabel = "A",
            defaultValue = "0.05",
            description = "Scale in the exponential of 'center-spread'. Default: ${DEFAULT-VALUE}.")
    private double alpha;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--center-update",
            paramLabel = "RULE",
            defaultValue = "sgd",
            description =
                    "How centers move: sgd (as parameters) or wen (Wen et al. 2016). Default:"
                            + " ${DEFAULT-VALUE}.")
    private String centerUpdate;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--center-alpha",
            paramLabel = "A",
            defaultValue = "0.5",
            description = "Rate of the 'wen' rule. Default: ${DEFAULT-VALUE}.")
    private double centerAlpha;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--centers",
            paramLabel = "trained|means",
            defaultValue = "trained",
            description =
                    "What classifies after each epoch, for the best epoch and the learning rate:"
                            + " the trained centers, as in the reference, or the class means of a"
                            + " sample of the training images. The other is measured too. A loss"
                            + " with logits classifies by these. Default: ${DEFAULT-VALUE}.")
    private CenterKind centers;

    @OptionGroup.In(OptionGroup.OUTPUT)
    @Option(
            names = "--log-interval",
            paramLabel = "STEPS",
            defaultValue = "50",
            description = "Steps between two readings of the loss. Default: ${DEFAULT-VALUE}.")
    private int logInterval;

    @OptionGroup.In(OptionGroup.OUTPUT)
    @Option(
            names = "--checkpoint-interval",
            paramLabel = "STEPS",
            defaultValue = "500",
            description =
                    "Steps between two checkpoints within an epoch; 0 for none. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int checkpointInterval;

    /** The registry's names, for help and completion. */
    public static final class ObjectiveNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ObjectiveNames() {
            super(Objectives.keys());
        }
    }

    /**
     * The configuration of a new run.
     *
     * @param data which images, with the augmentation chosen
     * @param images how many there are to train on: a batch that nobody asked for has no more
     */
    public TrainingConfig config(TrainingConfig.Data data, long seed, int images) {
        requireName(spec, "--loss", loss, Objectives.keys());
        requireName(spec, "--center-update", centerUpdate, CENTER_UPDATES);
        TrainingConfig config =
                new TrainingConfig(
                        data,
                        networkOptions.network(featureDimension),
                        new TrainingConfig.Loss(
                                loss,
                                new Objectives.Settings(
                                        weightIntra, weightInter, weightCent, margin, alpha),
                                centerUpdate,
                                centerAlpha),
                        optimization.optimization(
                                spec,
                                isUsualBatch() ? Math.min(batchSize, images) : batchSize,
                                learningRate),
                        seed,
                        epochs,
                        maxSteps,
                        new TrainingConfig.Pace(logInterval, checkpointInterval),
                        centers,
                        optimization.earlyStop());
        requireSound(config);
        return config;
    }

    /** The images per step that were asked for, or the usual number. */
    public int batchSize() {
        return batchSize;
    }

    private boolean isUsualBatch() {
        return batchSize == USUAL_BATCH && !given("--batch-size");
    }

    /**
     * The configuration of a run that goes on, with what was given of the options that may change.
     */
    public TrainingConfig resumed(TrainingConfig old, TrainingConfig.Data data) {
        TrainingConfig.Pace pace =
                new TrainingConfig.Pace(
                        given("--log-interval") ? logInterval : old.pace().logInterval(),
                        given("--checkpoint-interval")
                                ? checkpointInterval
                                : old.pace().checkpointInterval());
        TrainingConfig config =
                new TrainingConfig(
                        data,
                        old.network(),
                        old.loss(),
                        old.optimization(),
                        old.seed(),
                        given("--epochs") ? epochs : old.epochs(),
                        given("--max-steps") ? maxSteps : old.maxSteps(),
                        pace,
                        old.centers(),
                        optimization.earlyStop(this::given, old.earlyStop()));
        requireSound(config);
        return config;
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Refuses a configuration with problems, naming the first. */
    private void requireSound(TrainingConfig config) {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new ParameterException(spec.commandLine(), problems.get(0));
        }
    }

    /** Refuses a value that is not one of the allowed names, suggesting the nearest. */
    public static void requireName(
            CommandSpec spec, String option, String value, Collection<String> allowed) {
        if (!allowed.contains(value)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s: expected one of %s, found %s%s"
                            .formatted(
                                    option,
                                    String.join(", ", allowed),
                                    value,
                                    NearestName.hint(value, allowed)));
        }
    }
}

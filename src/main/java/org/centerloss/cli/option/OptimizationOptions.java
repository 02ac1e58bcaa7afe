package org.centerloss.cli.option;

import java.util.ArrayList;
import java.util.function.Predicate;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedules;
import org.centerloss.train.TrainingConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that say how a loss is minimised, and when that is enough. */
final class OptimizationOptions {
    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--optimizer",
            paramLabel = "OPTIMIZER",
            defaultValue = "sgd",
            completionCandidates = OptimizerNames.class,
            description =
                    "What moves the parameters, one of: ${COMPLETION-CANDIDATES}. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String optimizer;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--momentum",
            paramLabel = "M",
            defaultValue = "0.9",
            description = "Momentum of 'sgd'. Default: ${DEFAULT-VALUE}.")
    private double momentum;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(names = "--nesterov", description = "Nesterov's momentum for 'sgd'.")
    private boolean nesterov;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            defaultValue = "0",
            description =
                    "Weight decay in PyTorch's form: part of the gradient in 'sgd', taken off the"
                            + " weights in 'adamw'. Default: ${DEFAULT-VALUE}.")
    private double weightDecay;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--no-decay-norm",
            description =
                    "No weight decay on biases, parameters of normalisations and class centers.")
    private boolean noDecayNorm;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--beta1",
            paramLabel = "B",
            defaultValue = "0.9",
            description =
                    "How much of the mean of the gradients a step of 'adamw' keeps. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double beta1;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--beta2",
            paramLabel = "B",
            defaultValue = "0.999",
            description =
                    "How much of the mean of their squares a step of 'adamw' keeps. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double beta2;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--eps",
            paramLabel = "E",
            defaultValue = "1e-8",
            description = "What 'adamw' adds to the root of that mean. Default: ${DEFAULT-VALUE}.")
    private double epsilon;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--lr-cent",
            paramLabel = "RATE",
            description =
                    "A constant learning rate for the class centers, as in pytorch-center-loss."
                            + " Default: that of the other parameters.")
    private Double centerLearningRate;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--clip-norm",
            paramLabel = "NORM",
            defaultValue = "0",
            description =
                    "The largest 2-norm of all gradients together, as PyTorch's clip_grad_norm_; 0"
                            + " for no limit. Default: ${DEFAULT-VALUE}.")
    private double clipNorm;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--schedule",
            paramLabel = "SCHEDULE",
            defaultValue = "plateau",
            completionCandidates = ScheduleNames.class,
            description =
                    "How the learning rate changes, one of: ${COMPLETION-CANDIDATES}. --lr is the"
                            + " highest rate. Default: ${DEFAULT-VALUE}.")
    private String schedule;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = {"--lr-factor", "--factor"},
            paramLabel = "F",
            defaultValue = "0.2",
            description =
                    "What the rate is multiplied with on a plateau, and by 'step'. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double factor;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = {"--lr-patience", "--patience"},
            paramLabel = "N",
            defaultValue = "10",
            description = "Epochs without a better accuracy. Default: ${DEFAULT-VALUE}.")
    private int patience;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = {"--lr-threshold", "--threshold"},
            paramLabel = "T",
            defaultValue = "0.1",
            description = "Relative gain that counts as better. Default: ${DEFAULT-VALUE}.")
    private double threshold;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--lr-step-epochs",
            paramLabel = "N",
            defaultValue = "30",
            description = "Epochs after which 'step' lowers the rate. Default: ${DEFAULT-VALUE}.")
    private int stepEpochs;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--lr-min",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "The rate that 'cosine' ends with. Default: ${DEFAULT-VALUE}.")
    private double minimum;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--warmup",
            paramLabel = "EPOCHS",
            defaultValue = "0",
            description =
                    "Raise the rate linearly, from a hundredth, over so many epochs; the schedule"
                            + " begins after them. Default: ${DEFAULT-VALUE}.")
    private double warmup;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--early-stop",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "End after so many epochs without a better accuracy; 0 for no such end."
                            + " Default: ${DEFAULT-VALUE}.")
    private int earlyStop;

    @OptionGroup.In(OptionGroup.OPTIMISATION)
    @Option(
            names = "--stop-at-lr",
            paramLabel = "RATE",
            defaultValue = "0",
            description =
                    "End with the epoch after which the rate stays at this or below; 0 for no such"
                            + " end. Default: ${DEFAULT-VALUE}.")
    private double stopAtRate;

    /** The registry's names, for help and completion. */
    static final class OptimizerNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        OptimizerNames() {
            super(Optimizers.keys());
        }
    }

    /** The registry's names, for help and completion. */
    static final class ScheduleNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ScheduleNames() {
            super(Schedules.keys());
        }
    }

    TrainingConfig.Optimization optimization(CommandSpec spec, int batchSize, double learningRate) {
        TrainOptions.requireName(spec, "--optimizer", optimizer, Optimizers.keys());
        TrainOptions.requireName(spec, "--schedule", schedule, Schedules.keys());
        return new TrainingConfig.Optimization(
                batchSize,
                learningRate,
                new Schedules.Settings(
                        factor, patience, threshold, schedule, warmup, stepEpochs, minimum),
                new Optimizers.Settings(
                        optimizer,
                        momentum,
                        nesterov,
                        weightDecay,
                        beta1,
                        beta2,
                        epsilon,
                        centerLearningRate,
                        noDecayNorm,
                        clipNorm));
    }

    /** When the run ends early: as a run that goes on had it, but for what was given. */
    TrainingConfig.EarlyStop earlyStop(Predicate<String> given, TrainingConfig.EarlyStop old) {
        return new TrainingConfig.EarlyStop(
                given.test("--early-stop") ? earlyStop : old.epochs(),
                given.test("--stop-at-lr") ? stopAtRate : old.learningRate());
    }

    TrainingConfig.EarlyStop earlyStop() {
        return new TrainingConfig.EarlyStop(earlyStop, stopAtRate);
    }
}

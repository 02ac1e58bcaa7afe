package org.centerloss.train;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Architectures;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.nn.Stem;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedules;

/**
 * What can be wrong with a {@link TrainingConfig}, alone or with a data set, in the words of the
 * command line.
 */
public final class ConfigChecks {
    private static final int MOST_FEATURES = 1_000_000;
    private static final int MOST_BLOCKS = 1000;
    private static final int MOST_WIDTH = 1000;

    private final TrainingConfig config;
    private final List<String> problems = new ArrayList<>();

    private ConfigChecks(TrainingConfig config) {
        this.config = config;
    }

    /** See {@link TrainingConfig#problems}. */
    static List<String> problems(TrainingConfig config) {
        return new ConfigChecks(config).all();
    }

    /**
     * Checks that a configuration and a data set go together, before anything is made.
     *
     * @throws InputException if they do not
     */
    public static void requireTrainable(TrainingConfig config, Dataset dataset) {
        ImageSet train = dataset.train();
        int batch = config.optimization().batchSize();
        if (batch > train.count()) {
            throw new InputException(
                    "--batch-size: expected at most the %d training images of %s, found %d"
                            .formatted(train.count(), dataset.name(), batch));
        }
        shape(config, dataset).requireSides();
        Parameters.requireSize(
                Objectives.parameters(
                        config.objective(), shape(config, dataset), config.centersByGradient()),
                Optimizers.of(config.optimization().optimizer().name()).state().size());
    }

    /**
     * Checks that the file of weights that a new run is to start from fits it, before anything is
     * made.
     *
     * @return what of the file and of the run does not meet
     * @throws InputException if it does not fit
     */
    public static WeightsFile.Fit requireInitialWeights(TrainingConfig config, Dataset dataset) {
        NetworkShape shape = shape(config, dataset);
        return config.network().initialWeights() == null
                ? WeightsFile.Fit.WHOLE
                : WeightsFile.read(config.network().initialWeights())
                        .requireFits(
                                shape,
                                Objectives.parameters(
                                        config.objective(), shape, config.centersByGradient()));
    }

    /** The network that a configuration makes for the images of a data set. */
    static NetworkShape shape(TrainingConfig config, Dataset dataset) {
        ImageSet train = dataset.train();
        return config.network()
                .shape(train.channels(), train.height(), train.width(), dataset.classes().size());
    }

    private List<String> all() {
        TrainingConfig.Data data = config.data();
        TrainingConfig.Network network = config.network();
        TrainingConfig.Loss loss = config.loss();
        TrainingConfig.Optimization optimization = config.optimization();
        TrainingConfig.Pace pace = config.pace();
        TrainingConfig.EarlyStop earlyStop = config.earlyStop();
        path("--dataset", data.dataset());
        path("--data-dir", data.dataDir());
        oneOf("--loss", loss.objective(), Objectives.keys());
        oneOf("--center-update", loss.centerUpdate(), List.of("sgd", "wen"));
        fromOneTo(MOST_FEATURES, "--feat-dim", network.features());
        fromOneTo(MOST_BLOCKS, "--blocks", network.blocks());
        fromOneTo(MOST_WIDTH, "--width", network.widthFactor());
        oneOf("--network", network.architecture(), Architectures.keys());
        if (problems.isEmpty()) {
            network(network);
        }
        atLeastOne("--batch-size", optimization.batchSize());
        atLeastOne("--epochs", config.epochs());
        notNegative("--max-steps", config.maxSteps());
        atLeastOne("--log-interval", pace.logInterval());
        notNegative("--checkpoint-interval", pace.checkpointInterval());
        positive("--lr", optimization.learningRate());
        optimizer(optimization.optimizer());
        schedule(optimization.schedule());
        notNegative("--early-stop", earlyStop.epochs());
        notNegative("--stop-at-lr", earlyStop.learningRate());
        below("--stop-at-lr", earlyStop.learningRate(), "--lr", optimization.learningRate());
        notNegative("--weight-intra", loss.settings().intraWeight());
        notNegative("--weight-inter", loss.settings().interWeight());
        notNegative("--weight-cent", loss.settings().centerWeight());
        positive("--margin", loss.settings().margin());
        positive("--alpha", loss.settings().alpha());
        positive("--center-alpha", loss.centerAlpha());
        if (problems.isEmpty()
                && !config.centersByGradient()
                && !config.objective().allowsWenUpdate()) {
            problems.add(
                    "--center-update wen: expected a loss whose centers can follow it (cent,"
                            + " standalone, margin, raw), found "
                            + loss.objective());
        }
        return problems;
    }

    private void optimizer(Optimizers.Settings optimizer) {
        oneOf("--optimizer", optimizer.name(), Optimizers.keys());
        within("--momentum", optimizer.momentum(), 0, 1);
        notNegative("--weight-decay", optimizer.weightDecay());
        within("--beta1", optimizer.beta1(), 0, 1);
        within("--beta2", optimizer.beta2(), 0, 1);
        positive("--eps", optimizer.epsilon());
        notNegative("--clip-norm", optimizer.clipNorm());
        if (optimizer.nesterov() && optimizer.momentum() == 0) {
            problems.add("--nesterov: expected --momentum above 0, found 0");
        }
        if (optimizer.centerLearningRate() != null) {
            positive("--lr-cent", optimizer.centerLearningRate());
            if (!config.centersByGradient()) {
                problems.add(
                        "--lr-cent: expected --center-update sgd, found "
                                + config.loss().centerUpdate());
            }
        }
    }

    private void schedule(Schedules.Settings schedule) {
        oneOf("--schedule", schedule.name(), Schedules.keys());
        within("--lr-factor", schedule.factor(), 0, 1);
        notNegative("--lr-patience", schedule.patience());
        notNegative("--lr-threshold", schedule.threshold());
        atLeastOne("--lr-step-epochs", schedule.stepEpochs());
        notNegative("--lr-min", schedule.minimum());
        notNegative("--warmup", schedule.warmup());
        below("--warmup", schedule.warmup(), "--epochs", config.epochs());
    }

    private void below(String option, double value, String other, double limit) {
        if (value > 0 && value >= limit) {
            problems.add(
                    "%s: expected less than %s, %s, found %s"
                            .formatted(option, other, limit, value));
        }
    }

    /** Choices that the architecture does not have. */
    private void network(TrainingConfig.Network network) {
        Architectures choice = Architectures.of(network.architecture());
        if (!choice.takesBlocks()) {
            onlyWith("--blocks", network.blocks(), 1, choice);
            onlyWith("--width", network.widthFactor(), 1, choice);
        }
        if (!choice.takesStem()) {
            onlyWith("--stem", network.stem().key(), Stem.STANDARD.key(), choice);
        }
    }

    private void onlyWith(String option, Object value, Object usual, Architectures of) {
        if (!value.equals(usual)) {
            problems.add(
                    "%s: expected %s with --network %s, which has no such choice, found %s"
                            .formatted(option, usual, of.key(), value));
        }
    }

    private void path(String option, String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            problems.add(option + ": expected a path, found a zero character in it");
        }
    }

    private void oneOf(String option, String value, List<String> known) {
        if (!known.contains(value)) {
            problems.add(
                    "%s: expected one of %s, found %s"
                            .formatted(option, String.join(", ", known), value));
        }
    }

    private void fromOneTo(int most, String option, int value) {
        if (value < 1 || value > most) {
            problems.add("%s: expected 1 to %d, found %d".formatted(option, most, value));
        }
    }

    private void atLeastOne(String option, long value) {
        if (value < 1) {
            problems.add(option + ": expected at least 1, found " + value);
        }
    }

    private void notNegative(String option, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            problems.add(option + ": expected 0 or more, found " + value);
        }
    }

    private void positive(String option, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            problems.add(option + ": expected a number above 0, found " + value);
        }
    }

    private void within(String option, double value, double low, double high) {
        if (!(value >= low && value < high)) {
            problems.add(
                    "%s: expected at least %s and below %s, found %s"
                            .formatted(option, low, high, value));
        }
    }
}

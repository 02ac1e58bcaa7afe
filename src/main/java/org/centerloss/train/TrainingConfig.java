package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.centerloss.base.Bounds;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.op.Augmentation;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objective.Classification;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Architectures;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Stem;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedule;
import org.centerloss.optim.Schedules;

/**
 * Everything that determines a run: what {@code config.json} and every checkpoint hold.
 *
 * @param seed key of every random draw: weights, order, augmentation, splits
 * @param epochs passes over the training set
 * @param maxSteps steps after which the run ends early; 0 for no limit
 * @param centers by which the run is evaluated after each epoch; the trained ones in files from
 *     before there was a choice
 * @param earlyStop when the run ends early; not at all in files from before there was a choice
 */
public record TrainingConfig(
        Data data,
        Network network,
        Loss loss,
        Optimization optimization,
        long seed,
        int epochs,
        long maxSteps,
        Pace pace,
        @JsonProperty(required = false) CenterKind centers,
        @JsonProperty(required = false) EarlyStop earlyStop) {
    private static final int MOST_FEATURES = 1_000_000;
    private static final int MOST_BLOCKS = 1000;
    private static final int MOST_WIDTH = 1000;

    public TrainingConfig {
        centers = centers == null ? CenterKind.TRAINED : centers;
        earlyStop = earlyStop == null ? EarlyStop.NEVER : earlyStop;
    }

    /** A run that is evaluated by its trained centers. */
    public TrainingConfig(
            Data data,
            Network network,
            Loss loss,
            Optimization optimization,
            long seed,
            int epochs,
            long maxSteps,
            Pace pace) {
        this(data, network, loss, optimization, seed, epochs, maxSteps, pace, null, null);
    }

    /**
     * Which images.
     *
     * @param dataset a known name, or a folder
     * @param dataDir the folder to look in first; null for none
     * @param checksum whether the files of known data sets must be the published ones
     * @param images how a folder of images is read
     * @param heldOutClasses names of classes that are left out of training and of the test set;
     *     none in files from before there was this setting
     */
    public record Data(
            String dataset,
            @JsonProperty(required = false) String dataDir,
            boolean checksum,
            ImageOptions images,
            Augmentation augmentation,
            @JsonProperty(required = false) List<String> heldOutClasses) {
        public Data {
            heldOutClasses = heldOutClasses == null ? List.of() : List.copyOf(heldOutClasses);
        }

        /** Images of all classes. */
        public Data(
                String dataset,
                String dataDir,
                boolean checksum,
                ImageOptions images,
                Augmentation augmentation) {
            this(dataset, dataDir, checksum, images, augmentation, List.of());
        }

        /** The same images, looked for in another folder first. */
        public Data withDataDir(String other) {
            return new Data(dataset, other, checksum, images, augmentation, heldOutClasses);
        }
    }

    /**
     * The network's free choices; see {@link NetworkShape}.
     *
     * @param initialWeights what it starts from; null where its weights are drawn
     * @param architecture a key of {@link Architectures}; the reference's where a file names none
     */
    public record Network(
            int features,
            int blocks,
            int widthFactor,
            @JsonProperty(required = false) InitialWeights initialWeights,
            @JsonProperty(required = false) String architecture,
            @JsonProperty(required = false) Stem stem) {
        public Network {
            architecture = architecture == null ? Architectures.RESNET.key() : architecture;
            stem = stem == null ? Stem.STANDARD : stem;
        }

        /** The reference implementation's network, whose weights are drawn. */
        public Network(int features, int blocks, int widthFactor) {
            this(features, blocks, widthFactor, null);
        }

        /** The reference implementation's network. */
        public Network(int features, int blocks, int widthFactor, InitialWeights initialWeights) {
            this(features, blocks, widthFactor, initialWeights, null, null);
        }

        /** The network for images of that shape and that many classes. */
        NetworkShape shape(int channels, int height, int width, int classes) {
            return new NetworkShape(
                    channels,
                    height,
                    width,
                    features,
                    classes,
                    blocks,
                    widthFactor,
                    architecture,
                    stem);
        }
    }

    /**
     * A file of weights.
     *
     * @param file its path, as it was given
     * @param sha256 of its content, in hexadecimal
     */
    public record InitialWeights(String file, String sha256) {}

    /**
     * What is minimised.
     *
     * @param objective a key of {@link Objectives}
     * @param centerUpdate {@code sgd} or {@code wen}
     * @param centerAlpha rate of the {@code wen} rule
     */
    public record Loss(
            String objective,
            Objectives.Settings settings,
            String centerUpdate,
            double centerAlpha) {}

    /**
     * How it is minimised.
     *
     * @param learningRate the highest rate
     */
    public record Optimization(
            int batchSize,
            double learningRate,
            Schedules.Settings schedule,
            Optimizers.Settings optimizer) {
        /**
         * Reads files from before there was a choice of optimisers, too: they have momentum and
         * weight decay of SGD instead.
         */
        @JsonCreator
        static Optimization read(
                @JsonProperty("batchSize") int batchSize,
                @JsonProperty("learningRate") double learningRate,
                @JsonProperty(value = "momentum", required = false) Double momentum,
                @JsonProperty(value = "weightDecay", required = false) Double weightDecay,
                @JsonProperty("schedule") Schedules.Settings schedule,
                @JsonProperty(value = "optimizer", required = false)
                        Optimizers.Settings optimizer) {
            boolean old = momentum != null && weightDecay != null;
            boolean present = optimizer != null && momentum == null && weightDecay == null;
            Bounds.require(
                    old && optimizer == null || present,
                    "optimizer",
                    "either this, or momentum and weightDecay",
                    optimizer == null ? "none" : "both");
            return new Optimization(
                    batchSize,
                    learningRate,
                    schedule,
                    old ? Optimizers.Settings.sgd(momentum, weightDecay) : optimizer);
        }

        /** The rates of a run. */
        Schedule schedule(int stepsPerEpoch, long steps) {
            return schedule.schedule(new Schedules.Run(learningRate, stepsPerEpoch, steps));
        }
    }

    /**
     * When a run ends before its last epoch.
     *
     * @param epochs after so many without a better accuracy; 0 for no such end
     * @param learningRate after the epoch from which on no rate is higher; 0 for no such end
     */
    public record EarlyStop(int epochs, double learningRate) {
        public static final EarlyStop NEVER = new EarlyStop(0, 0);

        /** Why a run that stands there ends early; empty where it does not. */
        public Optional<String> reason(Progress progress) {
            if (epochs > 0 && progress.epoch() - 1 - progress.bestEpoch() >= epochs) {
                return Optional.of("no better accuracy in %d epochs".formatted(epochs));
            }
            double rate = progress.schedule().learningRate();
            if (learningRate > 0 && rate <= learningRate) {
                return Optional.of("a learning rate of " + rate);
            }
            return Optional.empty();
        }
    }

    /**
     * How often the run looks at itself; without influence on its result.
     *
     * @param logInterval steps between two readings of the loss
     * @param checkpointInterval steps between two checkpoints within an epoch; 0 for none
     */
    public record Pace(int logInterval, int checkpointInterval) {}

    public Objective objective() {
        return Objectives.of(loss.objective()).create(loss.settings());
    }

    /** Whether the optimiser moves the centers, rather than Wen's rule. */
    public boolean centersByGradient() {
        return loss.centerUpdate().equals("sgd");
    }

    /** The kind of centers that images are measured against: class means where none are trained. */
    public CenterKind evaluatedBy() {
        return objective().usesCenters() ? centers : CenterKind.MEANS;
    }

    /**
     * The kind of centers that gives the other way to classify, which is measured beside the run's
     * own: by class means, and of a run that goes by these, by its trained centers.
     */
    public CenterKind otherCenters() {
        boolean byMeans =
                evaluatedBy() == CenterKind.MEANS
                        && objective().classification() == Classification.NEAREST_CENTER;
        return byMeans ? CenterKind.TRAINED : CenterKind.MEANS;
    }

    /** Whether a run that stands there is at its end. */
    public boolean isFinished(Progress progress) {
        return progress.epoch() > epochs
                || reachedMaxSteps(progress)
                || earlyStop.reason(progress).isPresent();
    }

    boolean reachedMaxSteps(Progress progress) {
        return maxSteps > 0 && progress.step() >= maxSteps;
    }

    /** The rate of Wen's center update; 0 where the optimiser moves the centers. */
    double wenAlpha() {
        return centersByGradient() ? 0 : loss.centerAlpha();
    }

    /** The rates of a run with so many steps in an epoch. */
    Schedule schedule(int stepsPerEpoch) {
        long steps = (long) epochs * stepsPerEpoch;
        return optimization.schedule(
                stepsPerEpoch, maxSteps > 0 ? Math.min(maxSteps, steps) : steps);
    }

    /**
     * What is wrong with it, one line each, naming option, expectation and value; empty if all is
     * well.
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        path(problems, "--dataset", data.dataset());
        path(problems, "--data-dir", data.dataDir());
        oneOf(problems, "--loss", loss.objective(), Objectives.keys());
        oneOf(problems, "--center-update", loss.centerUpdate(), List.of("sgd", "wen"));
        fromOneTo(MOST_FEATURES, problems, "--feat-dim", network.features());
        fromOneTo(MOST_BLOCKS, problems, "--blocks", network.blocks());
        fromOneTo(MOST_WIDTH, problems, "--width", network.widthFactor());
        oneOf(problems, "--network", network.architecture(), Architectures.keys());
        if (problems.isEmpty()) {
            problems.addAll(networkProblems());
        }
        atLeastOne(problems, "--batch-size", optimization.batchSize());
        atLeastOne(problems, "--epochs", epochs);
        notNegative(problems, "--max-steps", maxSteps);
        atLeastOne(problems, "--log-interval", pace.logInterval());
        notNegative(problems, "--checkpoint-interval", pace.checkpointInterval());
        positive(problems, "--lr", optimization.learningRate());
        optimizerProblems(problems, optimization.optimizer());
        scheduleProblems(problems, optimization.schedule());
        notNegative(problems, "--early-stop", earlyStop.epochs());
        notNegative(problems, "--stop-at-lr", earlyStop.learningRate());
        below(
                problems,
                "--stop-at-lr",
                earlyStop.learningRate(),
                "--lr",
                optimization.learningRate);
        notNegative(problems, "--weight-intra", loss.settings().intraWeight());
        notNegative(problems, "--weight-inter", loss.settings().interWeight());
        notNegative(problems, "--weight-cent", loss.settings().centerWeight());
        positive(problems, "--margin", loss.settings().margin());
        positive(problems, "--alpha", loss.settings().alpha());
        positive(problems, "--center-alpha", loss.centerAlpha());
        if (problems.isEmpty() && !centersByGradient() && !objective().allowsWenUpdate()) {
            problems.add(
                    "--center-update wen: expected a loss whose centers can follow it (cent,"
                            + " standalone, margin, raw), found "
                            + loss.objective());
        }
        return problems;
    }

    private void optimizerProblems(List<String> problems, Optimizers.Settings optimizer) {
        oneOf(problems, "--optimizer", optimizer.name(), Optimizers.keys());
        within(problems, "--momentum", optimizer.momentum(), 0, 1);
        notNegative(problems, "--weight-decay", optimizer.weightDecay());
        within(problems, "--beta1", optimizer.beta1(), 0, 1);
        within(problems, "--beta2", optimizer.beta2(), 0, 1);
        positive(problems, "--eps", optimizer.epsilon());
        notNegative(problems, "--clip-norm", optimizer.clipNorm());
        if (optimizer.nesterov() && optimizer.momentum() == 0) {
            problems.add("--nesterov: expected --momentum above 0, found 0");
        }
        if (optimizer.centerLearningRate() != null) {
            positive(problems, "--lr-cent", optimizer.centerLearningRate());
            if (!centersByGradient()) {
                problems.add(
                        "--lr-cent: expected --center-update sgd, found " + loss.centerUpdate());
            }
        }
    }

    private void scheduleProblems(List<String> problems, Schedules.Settings schedule) {
        oneOf(problems, "--schedule", schedule.name(), Schedules.keys());
        within(problems, "--lr-factor", schedule.factor(), 0, 1);
        notNegative(problems, "--lr-patience", schedule.patience());
        notNegative(problems, "--lr-threshold", schedule.threshold());
        atLeastOne(problems, "--lr-step-epochs", schedule.stepEpochs());
        notNegative(problems, "--lr-min", schedule.minimum());
        notNegative(problems, "--warmup", schedule.warmup());
        below(problems, "--warmup", schedule.warmup(), "--epochs", epochs);
    }

    private static void below(
            List<String> problems, String option, double value, String other, double limit) {
        if (value > 0 && value >= limit) {
            problems.add(
                    "%s: expected less than %s, %s, found %s"
                            .formatted(option, other, limit, value));
        }
    }

    /**
     * @throws IllegalArgumentException naming the first of the {@link #problems}, if there is one
     */
    void requireSound() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("config: " + problems.get(0));
        }
    }

    /** Choices that the architecture does not have. */
    private List<String> networkProblems() {
        List<String> problems = new ArrayList<>();
        Architectures choice = Architectures.of(network.architecture());
        if (!choice.takesBlocks()) {
            onlyWith(problems, "--blocks", network.blocks(), 1, choice);
            onlyWith(problems, "--width", network.widthFactor(), 1, choice);
        }
        if (!choice.takesStem()) {
            onlyWith(problems, "--stem", network.stem().key(), Stem.STANDARD.key(), choice);
        }
        return problems;
    }

    private static void onlyWith(
            List<String> problems, String option, Object value, Object usual, Architectures of) {
        if (!value.equals(usual)) {
            problems.add(
                    "%s: expected %s with --network %s, which has no such choice, found %s"
                            .formatted(option, usual, of.key(), value));
        }
    }

    private static void path(List<String> problems, String option, String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            problems.add(option + ": expected a path, found a zero character in it");
        }
    }

    private static void oneOf(
            List<String> problems, String option, String value, List<String> known) {
        if (!known.contains(value)) {
            problems.add(
                    "%s: expected one of %s, found %s"
                            .formatted(option, String.join(", ", known), value));
        }
    }

    private static void fromOneTo(int most, List<String> problems, String option, int value) {
        if (value < 1 || value > most) {
            problems.add("%s: expected 1 to %d, found %d".formatted(option, most, value));
        }
    }

    private static void atLeastOne(List<String> problems, String option, long value) {
        if (value < 1) {
            problems.add(option + ": expected at least 1, found " + value);
        }
    }

    private static void notNegative(List<String> problems, String option, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            problems.add(option + ": expected 0 or more, found " + value);
        }
    }

    private static void positive(List<String> problems, String option, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            problems.add(option + ": expected a number above 0, found " + value);
        }
    }

    private static void within(
            List<String> problems, String option, double value, double low, double high) {
        if (!(value >= low && value < high)) {
            problems.add(
                    "%s: expected at least %s and below %s, found %s"
                            .formatted(option, low, high, value));
        }
    }
}

package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
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
     * @param stem of architectures that have a choice; the standard one where a file names none
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
        public Optional<String> reason(TrainState progress) {
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
    public boolean isFinished(TrainState progress) {
        return progress.epoch() > epochs
                || reachedMaxSteps(progress)
                || earlyStop.reason(progress).isPresent();
    }

    boolean reachedMaxSteps(TrainState progress) {
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
        return ConfigChecks.problems(this);
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
}

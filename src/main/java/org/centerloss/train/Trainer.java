package org.centerloss.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.centerloss.base.InputException;
import org.centerloss.base.Resources;
import org.centerloss.data.Dataset;
import org.centerloss.data.EpochOrder;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.data.Stratified;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.Program;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.LossMeter;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embedder;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Optimizers;

/**
 * Trains a network on a data set and keeps its run directory: after each epoch it evaluates, steps
 * the schedule, appends the metrics and saves a checkpoint.
 */
public final class Trainer implements AutoCloseable {
    /** How a run ended. */
    public enum Outcome {
        FINISHED,
        /** The stop was asked for; the state is saved and can be resumed. */
        INTERRUPTED
    }

    private static final int EVALUATION_BATCH = 128;
    private static final int MOST_TRAINING_IMAGES_EVALUATED = 5000;

    private final Resources owned = new Resources();
    private final TrainingConfig config;
    private final RunDirectory run;
    private final TrainingListener listener;
    private final Profile profile;
    private final TrainingConfig.Pace pace;
    private final Checkpoint.Model model;
    private final Objective objective;
    private final List<Objective.Term> terms;
    private final Parameters parameters;
    private final ImageStore trainImages;
    private final ImageStore chosenImages;
    private final int[] trainSample;
    private final Part part;
    private final int chosenCount;
    private final int trainCount;
    private final int batch;
    private final ImageBatches batches;
    private final TrainingStep step;
    private final Runnable batchAndStep;
    private final Embedder embedder;
    private final Optimizer optimizer;
    private final LearningRates rates;
    private final LastGoodState lastGood;
    private final FinalTest finalTest;
    private TrainState progress;
    private Optional<String> note = Optional.empty();
    private Optional<FinalResult> result = Optional.empty();

    /** Steps of the epoch that this process made, and how long they took. */
    private int epochSteps;

    private double epochSeconds;

    /**
     * Plans everything and draws the initial weights.
     *
     * @param run where results go; its checkpoint is continued if it has one
     * @param profile told where the time goes, if it is switched on
     */
    public Trainer(
            Device device,
            TrainingConfig config,
            Dataset dataset,
            RunDirectory run,
            TrainingListener listener,
            Profile profile) {
        this.config = config;
        this.run = run;
        pace = config.pace();
        this.listener = listener;
        this.profile = profile;
        ImageSet train = dataset.train();
        batch = config.optimization().batchSize();
        trainCount = train.count();
        part = dataset.chosenBy();
        chosenCount = dataset.images(part).count();
        NetworkShape shape = shape(config, dataset);
        model = new Checkpoint.Model(shape, dataset.classes());
        objective = config.objective();
        terms = objective.terms();
        parameters =
                owned.add(
                        new Parameters(
                                device,
                                Objectives.parameters(objective, shape, config.centersByGradient()),
                                config.optimization().optimizer()::group));
        optimizer = owned.add(new Optimizer(device, parameters, config.optimization().optimizer()));
        // Everything that the batch's size and the network decide comes before the first number is
        // written, so that a device without enough memory for it says so at once.
        embedder =
                owned.add(
                        new Embedder(
                                device,
                                shape,
                                objective,
                                parameters,
                                Math.min(EVALUATION_BATCH, chosenCount)));
        lastGood = owned.add(new LastGoodState(device, parameters, optimizer));
        step =
                owned.add(
                        new TrainingStep(
                                device,
                                shape,
                                objective,
                                parameters,
                                batch,
                                optimizer,
                                config.wenAlpha()));
        int stepsPerEpoch = trainCount / batch;
        rates =
                owned.add(
                        new LearningRates(
                                device, config.schedule(stepsPerEpoch), optimizer, stepsPerEpoch));
        trainImages = owned.add(Embedder.store(device, train));
        chosenImages = owned.add(Embedder.store(device, dataset.images(part)));
        ImageStore testImages =
                part == Part.TEST
                        ? chosenImages
                        : owned.add(Embedder.store(device, dataset.test()));
        finalTest =
                new FinalTest(
                        run,
                        objective,
                        parameters,
                        embedder,
                        trainImages,
                        trainCount,
                        testImages,
                        dataset.test().count());
        trainSample =
                Stratified.sample(
                        config.seed(),
                        train.labels(),
                        dataset.classes().size(),
                        Math.min(chosenCount, MOST_TRAINING_IMAGES_EVALUATED));
        batches =
                owned.add(
                        device.imageBatches(
                                trainImages, batch, config.data().augmentation(), config.seed()));
        batchAndStep = plan(device);
        try {
            start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The next batch and the step with it: one recorded program, or in phases for the profile. */
    private Runnable plan(Device device) {
        Runnable draw =
                () -> {
                    batches.next(step.images(), step.labels());
                    rates.next();
                };
        if (profile.enabled()) {
            return owned.add(new PhasedStep(device, profile, draw, step));
        }
        Program program =
                owned.add(
                        device.record(
                                () -> {
                                    draw.run();
                                    step.run();
                                }));
        return program::run;
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

    private static NetworkShape shape(TrainingConfig config, Dataset dataset) {
        ImageSet train = dataset.train();
        return config.network()
                .shape(train.channels(), train.height(), train.width(), dataset.classes().size());
    }

    private void start() {
        Optional<Checkpoint> last = run.lastCheckpoint();
        if (last.isPresent()) {
            last.get().requireModel(model);
            last.get().requireSettings(config);
            last.get().restore(parameters);
            last.get().restore(parameters, optimizer);
            note = last.get().note();
            progress = last.get().progress();
            if (progress.position() > trainCount) {
                throw new InputException(
                        "%s: position: expected at most the %d training images, found %d"
                                .formatted(run.last(), trainCount, progress.position()));
            }
        } else {
            parameters.initialise(config.seed());
            progress = TrainState.start(config.optimization().learningRate(), terms.size());
            if (config.network().initialWeights() != null) {
                WeightsFile weights = WeightsFile.read(config.network().initialWeights());
                weights.copyInto(parameters, model.shape());
                note = weights.note();
                // So that whoever resumes the run needs the file no more.
                save();
            }
        }
        run.dropMetricsAfter(progress);
        run.startMetrics(config, part);
        lastGood.start(progress);
    }

    /** Where the run stands. */
    public TrainState progress() {
        return progress;
    }

    /** What the run came to; empty before it has finished. */
    public Optional<FinalResult> result() {
        return result;
    }

    /** What is to be said of the file that it starts from, in a line. */
    public Optional<String> note() {
        return note;
    }

    /**
     * Trains until the configured end, or until {@code stop} says so, which is asked after every
     * step, then tests the best checkpoint. After that the weights are those of that checkpoint.
     *
     * @throws DivergenceException if a loss term becomes infinite or not a number; the last good
     *     state is saved
     */
    public Outcome run(BooleanSupplier stop) {
        profile.begin();
        while (!config.isFinished(progress)) {
            if (!trainEpoch(stop) || !evaluateEpoch(stop)) {
                save();
                profile.lap();
                return Outcome.INTERRUPTED;
            }
        }
        FinalTest.Outcome tested = finalTest.measure(stop);
        result = tested.result();
        return tested.finished() ? Outcome.FINISHED : Outcome.INTERRUPTED;
    }

    private boolean reachedMaxSteps() {
        return config.reachedMaxSteps(progress);
    }

    /** Runs the rest of the epoch's steps; false if it was stopped before the end. */
    private boolean trainEpoch(BooleanSupplier stop) {
        int stepsPerEpoch = trainCount / batch;
        int done = progress.position() / batch;
        int[] order = EpochOrder.of(config.seed(), progress.epoch(), trainCount);
        batches.begin(progress.epoch(), order, progress.position());
        if (done < stepsPerEpoch) {
            rates.begin(progress, stepsPerEpoch - done);
        }
        listener.epochStarted(progress.epoch(), done, stepsPerEpoch);
        long begin = System.nanoTime();
        epochSteps = 0;
        boolean complete = true;
        while (done < stepsPerEpoch && !reachedMaxSteps()) {
            // Where a device only queues the step, the reading of the loss is what waits for it: no
            // more steps are ahead than the log interval has, and nobody waits without need.
            batchAndStep.run();
            done++;
            epochSteps++;
            progress = progress.afterStep(done * batch);
            listener.stepDone(progress.epoch(), done);
            boolean stopped = stop.getAsBoolean() && done < stepsPerEpoch;
            boolean due =
                    pace.checkpointInterval() > 0
                            && progress.step() % pace.checkpointInterval() == 0;
            if (atIntervalEnd() || done == stepsPerEpoch || reachedMaxSteps() || stopped || due) {
                profile.time(Profile.Phase.LOGGING, this::readLoss);
            }
            if (due) {
                save();
            }
            if (stopped) {
                complete = false;
                break;
            }
        }
        epochSeconds = (System.nanoTime() - begin) / 1e9;
        return complete;
    }

    /**
     * Reads the device's sums, stops if one is not finite, else keeps the state as the last good.
     * At the end of a log interval, which may have begun in an earlier epoch or before the run was
     * resumed, the means over its steps are written.
     */
    private void readLoss() {
        LossMeter.Reading reading = step.meter().read();
        if (reading.firstNonFiniteStep() >= 0) {
            stopDiverged(reading);
        }
        progress = progress.plus(reading.sums(), reading.steps());
        if (atIntervalEnd()) {
            double[] means = progress.interval().means();
            double loss = weightedSum(means);
            run.appendSteps(progress, rates.last(progress), loss, means);
            listener.lossRead(progress.step(), loss, means);
            progress = progress.startInterval();
        }
        lastGood.save(progress);
    }

    private boolean atIntervalEnd() {
        return progress.step() % pace.logInterval() == 0;
    }

    private void stopDiverged(LossMeter.Reading reading) {
        long guilty = progress.step() - reading.steps() + reading.firstNonFiniteStep() + 1;
        String term = terms.get(reading.nonFiniteTerm()).name();
        progress = lastGood.restore(reading.firstNonFiniteStep() == 0);
        run.dropMetricsAfter(progress);
        save();
        throw new DivergenceException(
                ("the loss diverged at step %d: term '%s' is no longer finite; try %s; the last good"
                                + " state (step %d) is saved in %s")
                        .formatted(
                                guilty,
                                term,
                                config.objective().remedy(),
                                progress.step(),
                                run.path()));
    }

    private double weightedSum(double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += terms.get(i).weight() * values[i];
        }
        return sum;
    }

    /** Evaluates, steps the schedule, writes metrics and checkpoints; false if it was stopped. */
    private boolean evaluateEpoch(BooleanSupplier stop) {
        listener.evaluationStarted(progress.epoch());
        Optional<Embeddings> train = embed(trainImages, trainSample, stop);
        Optional<Embeddings> chosen = embed(chosenImages, Embedder.all(chosenCount), stop);
        if (train.isEmpty() || chosen.isEmpty()) {
            return false;
        }
        CenterKind kind = config.evaluatedBy();
        int classes = model.classes().size();
        ClassCenters centers =
                ClassCenters.of(objective, embedder.centers(), train.get().classMeans(classes));
        Embeddings classified = centers.classify(chosen.get(), kind);
        Evaluation evaluation =
                profile.time(
                        Profile.Phase.EVALUATION,
                        () -> Evaluation.of(classified, centers.get(kind)));
        double accuracy = evaluation.accuracy();
        boolean best = progress.isBest(accuracy);
        double[] means = progress.termMeans();
        EpochResult result =
                new EpochResult(
                        progress.epoch(),
                        progress.step(),
                        rates.last(progress),
                        weightedSum(means),
                        means,
                        centers.classify(train.get(), kind),
                        part,
                        classified,
                        evaluation,
                        centers,
                        config.otherCenters(),
                        centers.accuracies(chosen.get()),
                        imagesPerSecond(),
                        best);
        // The checkpoint comes last: until it is there, a run that dies makes the epoch again, and
        // all that tells of it.
        profile.time(Profile.Phase.LOGGING, () -> run.appendEpoch(result, model.classes()));
        listener.epochFinished(result);
        boolean whole = progress.position() / batch == trainCount / batch;
        if (whole) {
            progress = progress.nextEpoch(rates.after(progress, accuracy), accuracy);
            lastGood.replaceNewest(progress);
        }
        if (best) {
            save(run.best(), Optional.empty());
        }
        if (profile.enabled()) {
            run.appendProfile(result.epoch(), profile.lap());
        }
        save();
        return true;
    }

    /** The rate of this epoch; that of a few steps after the start would tell nothing of it. */
    private double imagesPerSecond() {
        boolean ofMost = 2 * epochSteps >= progress.position() / batch;
        return ofMost && epochSteps > 0 ? epochSteps * (double) batch / epochSeconds : Double.NaN;
    }

    private Optional<Embeddings> embed(ImageStore images, int[] indices, BooleanSupplier stop) {
        return profile.time(Profile.Phase.EVALUATION, () -> embedder.embed(images, indices, stop));
    }

    private void save() {
        save(run.last(), Optional.of(optimizer));
    }

    private void save(Path file, Optional<Optimizer> resumable) {
        profile.time(
                Profile.Phase.LOGGING,
                () -> Checkpoint.write(file, config, model, progress, parameters, resumable));
    }

    @Override
    public void close() {
        owned.close();
    }
}

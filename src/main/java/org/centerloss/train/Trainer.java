package org.centerloss.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.EpochOrder;
import org.centerloss.data.Part;
import org.centerloss.device.Device;
import org.centerloss.device.op.LossMeter;
import org.centerloss.loss.Objective;
import org.centerloss.optim.Optimizer;

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

    private final TrainingConfig config;
    private final RunDirectory run;
    private final TrainingListener listener;
    private final Profile profile;
    private final TrainingConfig.Pace pace;
    private final List<Objective.Term> terms;
    private final PlannedRun plan;
    private final EpochEvaluation evaluation;
    private final Part part;
    private final int trainCount;
    private final int batch;
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
        terms = config.objective().terms();
        plan = new PlannedRun(device, config, dataset, run, profile);
        evaluation = new EpochEvaluation(plan, config, dataset, profile);
        batch = config.optimization().batchSize();
        part = dataset.chosenBy();
        trainCount = dataset.train().count();
        try {
            start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void start() {
        Optional<Checkpoint> last = run.lastCheckpoint();
        if (last.isPresent()) {
            last.get().requireModel(plan.model);
            last.get().requireSettings(config);
            last.get().restore(plan.parameters);
            last.get().restore(plan.parameters, plan.optimizer);
            note = last.get().note();
            progress = last.get().progress();
            if (progress.position() > trainCount) {
                throw new InputException(
                        "%s: position: expected at most the %d training images, found %d"
                                .formatted(run.last(), trainCount, progress.position()));
            }
        } else {
            plan.parameters.initialise(config.seed());
            progress = TrainState.start(config.optimization().learningRate(), terms.size());
            if (config.network().initialWeights() != null) {
                WeightsFile weights = WeightsFile.read(config.network().initialWeights());
                weights.copyInto(plan.parameters, plan.model.shape());
                note = weights.note();
                // So that whoever resumes the run needs the file no more.
                save();
            }
        }
        run.dropMetricsAfter(progress);
        run.startMetrics(config, part);
        plan.lastGood.start(progress);
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
        FinalTest.Outcome tested = plan.finalTest.measure(stop);
        result = tested.result();
        return tested.finished() ? Outcome.FINISHED : Outcome.INTERRUPTED;
    }

    /** Runs the rest of the epoch's steps; false if it was stopped before the end. */
    private boolean trainEpoch(BooleanSupplier stop) {
        int stepsPerEpoch = trainCount / batch;
        int done = progress.position() / batch;
        int[] order = EpochOrder.of(config.seed(), progress.epoch(), trainCount);
        plan.batches.begin(progress.epoch(), order, progress.position());
        if (done < stepsPerEpoch) {
            plan.rates.begin(progress, stepsPerEpoch - done);
        }
        listener.epochStarted(progress.epoch(), done, stepsPerEpoch);
        long begin = System.nanoTime();
        epochSteps = 0;
        boolean complete = true;
        while (done < stepsPerEpoch && !config.reachedMaxSteps(progress)) {
            // Where a device only queues the step, the reading of the loss is what waits for it: no
            // more steps are ahead than the log interval has, and nobody waits without need.
            plan.batchAndStep.run();
            done++;
            epochSteps++;
            progress = progress.afterStep(done * batch);
            listener.stepDone(progress.epoch(), done);
            boolean stopped = stop.getAsBoolean() && done < stepsPerEpoch;
            boolean due =
                    pace.checkpointInterval() > 0
                            && progress.step() % pace.checkpointInterval() == 0;
            if (atIntervalEnd()
                    || done == stepsPerEpoch
                    || config.reachedMaxSteps(progress)
                    || stopped
                    || due) {
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
        LossMeter.Reading reading = plan.step.meter().read();
        if (reading.firstNonFiniteStep() >= 0) {
            stopDiverged(reading);
        }
        progress = progress.plus(reading.sums(), reading.steps());
        if (atIntervalEnd()) {
            double[] means = progress.interval().means();
            double loss = weightedSum(means);
            run.appendSteps(progress, plan.rates.last(progress), loss, means);
            listener.lossRead(progress.step(), loss, means);
            progress = progress.startInterval();
        }
        plan.lastGood.save(progress);
    }

    private boolean atIntervalEnd() {
        return progress.step() % pace.logInterval() == 0;
    }

    private void stopDiverged(LossMeter.Reading reading) {
        long guilty = progress.step() - reading.steps() + reading.firstNonFiniteStep() + 1;
        String term = terms.get(reading.nonFiniteTerm()).name();
        progress = plan.lastGood.restore(reading.firstNonFiniteStep() == 0);
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
        Optional<EpochResult> evaluated =
                evaluation.measure(
                        progress,
                        plan.rates.last(progress),
                        weightedSum(progress.termMeans()),
                        imagesPerSecond(),
                        stop);
        if (evaluated.isEmpty()) {
            return false;
        }
        EpochResult result = evaluated.get();
        double accuracy = result.evaluation().accuracy();
        // The checkpoint comes last: until it is there, a run that dies makes the epoch again, and
        // all that tells of it.
        profile.time(Profile.Phase.LOGGING, () -> run.appendEpoch(result, plan.model.classes()));
        listener.epochFinished(result);
        boolean whole = progress.position() / batch == trainCount / batch;
        if (whole) {
            progress = progress.nextEpoch(plan.rates.after(progress, accuracy), accuracy);
            plan.lastGood.replaceNewest(progress);
        }
        if (result.best()) {
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

    private void save() {
        save(run.last(), Optional.of(plan.optimizer));
    }

    private void save(Path file, Optional<Optimizer> resumable) {
        profile.time(
                Profile.Phase.LOGGING,
                () ->
                        Checkpoint.write(
                                file, config, plan.model, progress, plan.parameters, resumable));
    }

    @Override
    public void close() {
        plan.close();
    }
}

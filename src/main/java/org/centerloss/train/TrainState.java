package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import org.centerloss.base.Bounds;
import org.centerloss.optim.Schedule;

/**
 * Where a run stands between two steps: with the tensors, all that is needed to go on as if it had
 * never stopped, since every random draw is addressed by seed, epoch and sample.
 *
 * @param epoch the epoch under way, counted from 1
 * @param position samples of that epoch's order already drawn
 * @param step steps made since the start of the run
 * @param bestAccuracy best accuracy so far, on the images that the run chooses by; null before the
 *     first evaluation
 * @param bestEpoch the epoch that reached it; 0 before
 * @param termSums sums of the loss terms over the steps of this epoch so far
 * @param termSteps the number of those steps
 * @param interval sums of the loss terms since the last whole interval of readings; empty in files
 *     from before intervals went on across epochs
 */
public record TrainState(
        int epoch,
        int position,
        long step,
        Schedule.State schedule,
        @JsonProperty(required = false) Double bestAccuracy,
        int bestEpoch,
        double[] termSums,
        long termSteps,
        @JsonProperty(required = false) Interval interval) {

    /**
     * Sums of the loss terms over some steps.
     *
     * @param sums of each unweighted term
     */
    public record Interval(double[] sums, long steps) {
        public Interval {
            for (double sum : sums) {
                Bounds.finite("sums", sum);
            }
            Bounds.atLeast("steps", steps, 0);
        }

        static Interval empty(int terms) {
            return new Interval(new double[terms], 0);
        }

        Interval plus(double[] more, long moreSteps) {
            return new Interval(TrainState.sum(sums, more), steps + moreSteps);
        }

        /** The mean of each term. */
        double[] means() {
            return Arrays.stream(sums).map(sum -> sum / steps).toArray();
        }
    }

    public TrainState {
        Bounds.atLeast("epoch", epoch, 1);
        Bounds.atLeast("position", position, 0);
        Bounds.atLeast("step", step, 0);
        if (bestAccuracy != null) {
            Bounds.within("bestAccuracy", bestAccuracy, 0, 1);
        }
        Bounds.atLeast("bestEpoch", bestEpoch, 0);
        for (double sum : termSums) {
            Bounds.finite("termSums", sum);
        }
        Bounds.atLeast("termSteps", termSteps, 0);
        interval = interval == null ? Interval.empty(termSums.length) : interval;
        Bounds.require(
                interval.sums().length == termSums.length,
                "interval",
                "sums of %d terms".formatted(termSums.length),
                interval.sums().length);
    }

    /** The start of a run. */
    static TrainState start(double learningRate, int terms) {
        return new TrainState(
                1,
                0,
                0,
                Schedule.State.start(learningRate),
                null,
                0,
                new double[terms],
                0,
                Interval.empty(terms));
    }

    /** After one more step, with {@code newPosition} samples drawn. */
    TrainState afterStep(int newPosition) {
        return new TrainState(
                epoch,
                newPosition,
                step + 1,
                schedule,
                bestAccuracy,
                bestEpoch,
                termSums,
                termSteps,
                interval);
    }

    /** With the sums of {@code steps} more steps. */
    TrainState plus(double[] sums, long steps) {
        return new TrainState(
                epoch,
                position,
                step,
                schedule,
                bestAccuracy,
                bestEpoch,
                sum(termSums, sums),
                termSteps + steps,
                interval.plus(sums, steps));
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /** With a new interval of readings. */
    TrainState startInterval() {
        return new TrainState(
                epoch,
                position,
                step,
                schedule,
                bestAccuracy,
                bestEpoch,
                termSums,
                termSteps,
                Interval.empty(termSums.length));
    }

    /** At the start of the next epoch, after one that was evaluated with {@code accuracy}. */
    TrainState nextEpoch(Schedule.State newSchedule, double accuracy) {
        boolean best = isBest(accuracy);
        return new TrainState(
                epoch + 1,
                0,
                step,
                newSchedule,
                best ? Double.valueOf(accuracy) : bestAccuracy,
                best ? epoch : bestEpoch,
                new double[termSums.length],
                0,
                interval);
    }

    /** Whether no earlier epoch reached that accuracy. */
    boolean isBest(double accuracy) {
        return bestAccuracy == null || accuracy > bestAccuracy;
    }

    /** The mean of each term over the epoch's steps so far. */
    double[] termMeans() {
        return Arrays.stream(termSums).map(sum -> sum / termSteps).toArray();
    }
}

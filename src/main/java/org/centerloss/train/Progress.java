package org.centerloss.train;

import java.util.Arrays;

/**
 * Where a run stands between two steps: with the tensors, all that is needed to go on as if it had
 * never stopped, since every random draw is addressed by seed, epoch and sample.
 *
 * @param epoch the epoch under way, counted from 1
 * @param position samples of that epoch's order already drawn
 * @param step steps made since the start of the run
 * @param bestAccuracy best test accuracy so far; null before the first evaluation
 * @param bestEpoch the epoch that reached it; 0 before
 * @param termSums sums of the loss terms over the steps of this epoch so far
 * @param termSteps the number of those steps
 */
public record Progress(
        int epoch,
        int position,
        long step,
        PlateauSchedule.State schedule,
        Double bestAccuracy,
        int bestEpoch,
        double[] termSums,
        long termSteps) {

    /** The start of a run. */
    static Progress start(double learningRate, int terms) {
        return new Progress(
                1,
                0,
                0,
                new PlateauSchedule.State(learningRate, null, 0),
                null,
                0,
                new double[terms],
                0);
    }

    /** After one more step, with {@code newPosition} samples drawn. */
    Progress afterStep(int newPosition) {
        return new Progress(
                epoch,
                newPosition,
                step + 1,
                schedule,
                bestAccuracy,
                bestEpoch,
                termSums,
                termSteps);
    }

    /** With the sums of {@code steps} more steps. */
    Progress plus(double[] sums, long steps) {
        double[] total = termSums.clone();
        for (int i = 0; i < total.length; i++) {
            total[i] += sums[i];
        }
        return new Progress(
                epoch, position, step, schedule, bestAccuracy, bestEpoch, total, termSteps + steps);
    }

    /** At the start of the next epoch, after one that was evaluated with {@code accuracy}. */
    Progress nextEpoch(PlateauSchedule.State newSchedule, double accuracy) {
        boolean best = isBest(accuracy);
        return new Progress(
                epoch + 1,
                0,
                step,
                newSchedule,
                best ? Double.valueOf(accuracy) : bestAccuracy,
                best ? epoch : bestEpoch,
                new double[termSums.length],
                0);
    }

    /** Whether no earlier epoch reached that test accuracy. */
    boolean isBest(double accuracy) {
        return bestAccuracy == null || accuracy > bestAccuracy;
    }

    /** The mean of each term over the epoch's steps so far. */
    double[] termMeans() {
        return Arrays.stream(termSums).map(sum -> sum / termSteps).toArray();
    }
}

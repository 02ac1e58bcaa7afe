package org.centerloss.optim;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.centerloss.base.Bounds;

/**
 * The learning rate of every step: an entry of {@link Schedules}. It keeps nothing itself, so a run
 * that goes on has the rates of one that never stopped.
 */
public interface Schedule {
    /**
     * What a run's epochs have come to, as far as it decides rates; a checkpoint keeps it.
     *
     * @param learningRate the highest rate of the steps to come
     * @param best best accuracy so far; null before the first, and where the schedule does not ask
     * @param badEpochs epochs since then, or since the rate was lowered
     */
    record State(double learningRate, @JsonProperty(required = false) Double best, int badEpochs) {
        public State {
            Bounds.require(
                    learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY,
                    "learningRate",
                    "a finite number of 0 or more",
                    learningRate);
            if (best != null) {
                Bounds.within("best", best, 0, 1);
            }
            Bounds.atLeast("badEpochs", badEpochs, 0);
        }

        /** The start of a run. */
        public static State start(double learningRate) {
            return new State(learningRate, null, 0);
        }

        State withLearningRate(double rate) {
            return new State(rate, best, badEpochs);
        }
    }

    /**
     * The rate of a step.
     *
     * @param step counted from 0 over the whole run
     * @param state after the epoch before
     */
    double rate(long step, State state);

    /**
     * The state after an epoch.
     *
     * @param before the state of the epoch
     * @param accuracy what the epoch reached, in [0, 1]
     * @param nextStep the first step of the epoch that follows
     */
    State after(State before, double accuracy, long nextStep);
}

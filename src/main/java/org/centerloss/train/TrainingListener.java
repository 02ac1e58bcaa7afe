package org.centerloss.train;

import java.util.List;

/** Hears what happens in a run. Called on the training thread; must be quick. */
public interface TrainingListener {
    /** An epoch starts, or goes on after {@code stepsDone} of its {@code steps}. */
    default void epochStarted(int epoch, int stepsDone, int steps) {}

    /** A step was handed to the device. */
    default void stepDone(int epoch, int stepsDone) {}

    /**
     * A log interval ended.
     *
     * @param loss mean weighted sum over its steps
     * @param terms the mean of each unweighted term over those steps
     */
    default void lossRead(long step, double loss, double[] terms) {}

    /** All steps of an epoch are done; evaluation begins. */
    default void evaluationStarted(int epoch) {}

    /** An epoch was evaluated, and is saved next: if that fails, it is made and told again. */
    default void epochFinished(EpochResult result) {}

    /** One listener that tells several, in their order. */
    static TrainingListener all(List<TrainingListener> listeners) {
        return new TrainingListener() {
            @Override
            public void epochStarted(int epoch, int stepsDone, int steps) {
                listeners.forEach(one -> one.epochStarted(epoch, stepsDone, steps));
            }

            @Override
            public void stepDone(int epoch, int stepsDone) {
                listeners.forEach(one -> one.stepDone(epoch, stepsDone));
            }

            @Override
            public void lossRead(long step, double loss, double[] terms) {
                listeners.forEach(one -> one.lossRead(step, loss, terms));
            }

            @Override
            public void evaluationStarted(int epoch) {
                listeners.forEach(one -> one.evaluationStarted(epoch));
            }

            @Override
            public void epochFinished(EpochResult result) {
                listeners.forEach(one -> one.epochFinished(result));
            }
        };
    }
}

package org.centerloss.train;

/** Hears what happens in a run. Called on the training thread; must be quick. */
public interface TrainingListener {
    /** An epoch starts, or goes on after {@code stepsDone} of its {@code steps}. */
    default void epochStarted(int epoch, int stepsDone, int steps) {}

    /** A step was handed to the device. */
    default void stepDone(int epoch, int stepsDone) {}

    /**
     * The loss terms were read.
     *
     * @param loss mean weighted sum over the steps since the last reading
     */
    default void lossRead(long step, double loss) {}

    /** All steps of an epoch are done; evaluation begins. */
    default void evaluationStarted(int epoch) {}

    /** An epoch was evaluated and saved. */
    default void epochFinished(EpochResult result) {}

    /** Something a person should know. */
    default void notice(String message) {}
}

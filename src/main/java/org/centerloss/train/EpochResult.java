package org.centerloss.train;

/**
 * One line of a run's metrics.
 *
 * @param epoch counted from 1
 * @param step steps made since the start of the run
 * @param learningRate the rate of this epoch
 * @param loss mean weighted sum of the terms over the epoch's steps
 * @param terms mean of each unweighted term
 * @param trainAccuracy over a fixed sample of the training images, in evaluation mode, without
 *     augmentation
 * @param test the whole test set
 * @param imagesPerSecond rate of the training steps, evaluation excluded
 * @param best whether no earlier epoch had a higher test accuracy
 */
public record EpochResult(
        int epoch,
        long step,
        double learningRate,
        double loss,
        double[] terms,
        double trainAccuracy,
        Evaluation test,
        double imagesPerSecond,
        boolean best) {

    /** How much better the network is on images that it was trained on. */
    public double accuracyGap() {
        return trainAccuracy - test.accuracy();
    }
}

package org.centerloss.train;

/**
 * What an epoch came to: one line of a run's metrics, and what the network made of the images.
 *
 * @param epoch counted from 1
 * @param step steps made since the start of the run
 * @param learningRate the rate of this epoch
 * @param loss mean weighted sum of the terms over the epoch's steps
 * @param terms mean of each unweighted term
 * @param trainEmbeddings a fixed sample of the training images, in evaluation mode, without
 *     augmentation
 * @param testEmbeddings every test image, in the order of the set
 * @param test the evaluation of {@code testEmbeddings}
 * @param imagesPerSecond rate of the training steps, evaluation excluded
 * @param best whether no earlier epoch had a higher test accuracy
 */
public record EpochResult(
        int epoch,
        long step,
        double learningRate,
        double loss,
        double[] terms,
        Embeddings trainEmbeddings,
        Embeddings testEmbeddings,
        Evaluation test,
        double imagesPerSecond,
        boolean best) {

    /** The accuracy over the sample of the training images. */
    public double trainAccuracy() {
        return trainEmbeddings.accuracy();
    }

    /** How much better the network is on images that it was trained on. */
    public double accuracyGap() {
        return trainAccuracy() - test.accuracy();
    }
}

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
 * @param test the evaluation of {@code testEmbeddings}, against the centers that the run goes by
 * @param centers all that the classes have; the means are those of {@code trainEmbeddings}
 * @param otherKind those that the run does not go by, see {@link TrainingConfig#otherCenters}
 * @param testAccuracies each way of classifying the test images
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
        ClassCenters centers,
        CenterKind otherKind,
        Accuracies testAccuracies,
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

    /**
     * The accuracy on the test images by the nearest center of the kind that the run does not go
     * by.
     */
    public double otherTestAccuracy() {
        return testAccuracies.by(otherKind);
    }

    /** The centers of that kind, [class][feature]; null where the loss trains none. */
    public double[][] otherCenters() {
        return centers.get(otherKind);
    }

    /**
     * The column in {@code metrics.csv} of the test accuracy by centers that a run does not go by.
     * Class means are those of the sample of the training images that each epoch is evaluated on.
     */
    public static String otherAccuracyColumn(CenterKind kind) {
        return kind == CenterKind.MEANS
                ? "test_accuracy_by_sample_means"
                : "test_accuracy_by_trained_centers";
    }
}

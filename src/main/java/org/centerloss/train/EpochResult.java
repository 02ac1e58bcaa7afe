package org.centerloss.train;

import org.centerloss.data.Part;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;

/**
 * What an epoch came to: one line of a run's metrics, and what the network made of the images.
 *
 * @param epoch counted from 1
 * @param step steps made since the start of the run
 * @param learningRate the rate of this epoch's last step
 * @param loss mean weighted sum of the terms over the epoch's steps
 * @param terms mean of each unweighted term
 * @param trainEmbeddings a fixed sample of the training images, in evaluation mode, without
 *     augmentation
 * @param part what the run chooses by: validation images, else the test's
 * @param evaluated every image of that part, in the order of the set
 * @param evaluation the evaluation of {@code evaluated}, against the centers that the run goes by
 * @param centers all that the classes have; the means are those of {@code trainEmbeddings}
 * @param otherKind those that the run does not go by, see {@link TrainingConfig#otherCenters}
 * @param accuracies each way of classifying {@code evaluated}
 * @param imagesPerSecond rate of the training steps, evaluation excluded; NaN where most of them
 *     were made before the run went on
 * @param best whether no earlier epoch had a higher accuracy
 */
public record EpochResult(
        int epoch,
        long step,
        double learningRate,
        double loss,
        double[] terms,
        Embeddings trainEmbeddings,
        Part part,
        Embeddings evaluated,
        Evaluation evaluation,
        ClassCenters centers,
        CenterKind otherKind,
        Accuracies accuracies,
        double imagesPerSecond,
        boolean best) {

    /** The accuracy over the sample of the training images. */
    public double trainAccuracy() {
        return trainEmbeddings.accuracy();
    }

    /** How much better the network is on images that it was trained on. */
    public double accuracyGap() {
        return trainAccuracy() - evaluation.accuracy();
    }

    /** The accuracy by the nearest center of the kind that the run does not go by. */
    public double otherAccuracy() {
        return accuracies.by(otherKind);
    }

    /** The centers of that kind, [class][feature]; null where the loss trains none. */
    public double[][] otherCenters() {
        return centers.get(otherKind);
    }

    /** The column in {@code metrics.csv} of the accuracy that the run chooses by. */
    public static String accuracyColumn(Part part) {
        return part.adjective() + "_accuracy";
    }

    /**
     * The column in {@code metrics.csv} of the accuracy by centers that a run does not go by. Class
     * means are those of the sample of the training images that each epoch is evaluated on.
     */
    public static String otherAccuracyColumn(Part part, CenterKind kind) {
        return accuracyColumn(part)
                + (kind == CenterKind.MEANS ? "_by_sample_means" : "_by_trained_centers");
    }
}

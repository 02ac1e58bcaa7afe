package org.centerloss.train;

import java.util.Optional;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embedder;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objective.Classification;
import org.centerloss.nn.Parameters;

/**
 * The centers of a model's classes, and how images are classified by them.
 *
 * @param byLogits whether the largest logit classifies, whichever centers distances are measured to
 * @param trained [class][feature]; null where the loss trains none
 * @param means [class][feature], those of the training images, not a number for a class without
 *     images; null where they are not known
 */
public record ClassCenters(boolean byLogits, double[][] trained, double[][] means) {

    /** The centers of a model that was trained with {@code objective}. */
    static ClassCenters of(Objective objective, Optional<double[][]> trained, double[][] means) {
        boolean byLogits = objective.classification() == Classification.LARGEST_LOGIT;
        return new ClassCenters(byLogits, trained.orElse(null), means);
    }

    /** The centers of a checkpoint. */
    public static ClassCenters of(Checkpoint checkpoint, double[][] means) {
        Objective objective = checkpoint.config().objective();
        return of(
                objective,
                objective.usesCenters() ? Optional.of(parameter(checkpoint)) : Optional.empty(),
                means);
    }

    /**
     * The parameter {@code centers} of a checkpoint, trained or not: [class][feature], rounded to
     * float32 where the file has float64.
     */
    public static double[][] parameter(Checkpoint checkpoint) {
        return checkpoint.parameters().stream()
                .filter(p -> p.name().equals(Parameters.CENTERS))
                .findFirst()
                .map(p -> Embedder.rows(checkpoint.values(p), checkpoint.model().classes().size()))
                .orElseThrow();
    }

    /** Whether there are centers of that kind. */
    public boolean have(CenterKind kind) {
        return get(kind) != null;
    }

    /** The centers of a kind, [class][feature]; null where there are none. */
    public double[][] get(CenterKind kind) {
        return kind == CenterKind.TRAINED ? trained : means;
    }

    /**
     * Images with the classes that a kind of centers gives them, or the largest logit.
     *
     * @param embedded with the classes that the device gave them: by the largest logit or the
     *     nearest trained center
     */
    public Embeddings classify(Embeddings embedded, CenterKind kind) {
        return byLogits || kind == CenterKind.TRAINED
                ? embedded
                : embedded.withPredictions(embedded.nearest(means));
    }

    /** How many of the images each way of classifying them gets right. */
    public Accuracies accuracies(Embeddings embedded) {
        double asEmbedded = embedded.accuracy();
        return new Accuracies(
                byLogits ? asEmbedded : null,
                byLogits ? null : asEmbedded,
                means == null
                        ? null
                        : embedded.withPredictions(embedded.nearest(means)).accuracy());
    }
}

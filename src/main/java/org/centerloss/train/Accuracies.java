package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.centerloss.base.Bounds;
import org.centerloss.evaluate.CenterKind;

/**
 * The share of a set's images that are classified correctly, by each way of classifying that the
 * loss has; null for the others.
 *
 * @param largestLogit by the largest logit
 * @param trainedCenters by the nearest trained center
 * @param classMeans by the nearest mean of a class's training images
 */
public record Accuracies(
        @JsonProperty(required = false) Double largestLogit,
        @JsonProperty(required = false) Double trainedCenters,
        @JsonProperty(required = false) Double classMeans) {
    /** A way to classify, for people. */
    public static final String LARGEST_LOGIT = "largest logit";

    public Accuracies {
        requireShare("largestLogit", largestLogit);
        requireShare("trainedCenters", trainedCenters);
        requireShare("classMeans", classMeans);
    }

    private static void requireShare(String field, Double accuracy) {
        if (accuracy != null) {
            Bounds.within(field, accuracy, 0, 1);
        }
    }

    /** Those that there are, by how the images were classified, for people. */
    public Map<String, Double> named() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put(LARGEST_LOGIT, largestLogit);
        all.put(CenterKind.TRAINED.text(), trainedCenters);
        all.put(CenterKind.MEANS.text(), classMeans);
        all.values().removeIf(accuracy -> accuracy == null);
        return all;
    }

    /** The accuracy by the way that a run goes by. */
    public double of(TrainingConfig config) {
        return largestLogit != null ? largestLogit : by(config.evaluatedBy());
    }

    /** The accuracy by the nearest center of a kind; null where there is none. */
    public Double by(CenterKind kind) {
        return kind == CenterKind.TRAINED ? trainedCenters : classMeans;
    }
}

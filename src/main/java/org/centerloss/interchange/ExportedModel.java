package org.centerloss.interchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.loss.Objective;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.Threshold;

/**
 * A trained model on its way to other programs.
 *
 * @param kind of its centers: what the output {@code distances} and the tensor {@code centers} are
 *     of
 * @param centers [class][feature]
 * @param threshold beyond which an image is unknown; null where none was calibrated for it
 * @param version of this program
 */
public record ExportedModel(
        Checkpoint checkpoint,
        CenterKind kind,
        double[][] centers,
        Threshold threshold,
        String version) {

    NetworkShape shape() {
        return checkpoint.model().shape();
    }

    Objective objective() {
        return checkpoint.config().objective();
    }

    /** The name of its loss. */
    String loss() {
        return checkpoint.config().loss().objective();
    }

    /** Whether the nearest center classifies, not the largest logit. */
    boolean byCenters() {
        return objective().classification() == Objective.Classification.NEAREST_CENTER;
    }

    private ImageOptions images() {
        return checkpoint.config().data().images();
    }

    /** Whether training has moved its centers, or they are the means of what it made of images. */
    boolean centersMeanSomething() {
        return kind == CenterKind.MEANS || objective().usesCenters();
    }

    /**
     * The values of a parameter. A class that has no mean, for want of training images, has its
     * center infinitely far away.
     */
    float[] values(Parameter parameter) {
        if (!parameter.name().equals(Parameters.CENTERS)) {
            return checkpoint.values(parameter);
        }
        int width = shape().features();
        float[] flat = new float[centers.length * width];
        for (int i = 0; i < flat.length; i++) {
            double value = centers[i / width][i % width];
            flat[i] = Double.isNaN(value) ? Float.POSITIVE_INFINITY : (float) value;
        }
        return flat;
    }

    /** What the network takes for an image. */
    String input() {
        return (shape().channels() == 1 ? "grayscale" : "RGB") + ", pixel / 255";
    }

    /**
     * What a program needs to use it, as text, by name: the same in every format. {@code
     * unknown_distance} is there where a threshold is: an image farther than that from every center
     * shows none of the classes. {@code unknown_class_distances} has one for each center instead.
     */
    Map<String, String> metadata() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("classes", json(checkpoint.model().classes()));
        if (centersMeanSomething()) {
            all.put("centers", kind.text());
        }
        all.put("classification", byCenters() ? "smallest of distances" : "largest of logits");
        all.put("input", input());
        all.put("channels", String.valueOf(shape().channels()));
        all.put("image_height", String.valueOf(shape().height()));
        all.put("image_width", String.valueOf(shape().width()));
        all.put("resize", images().resize().name().toLowerCase(Locale.ROOT));
        all.put("background", images().background().toString());
        all.put("features", String.valueOf(shape().features()));
        all.put("loss", loss());
        all.put("centerloss_version", version);
        if (threshold != null) {
            all.put("unknown_distance", String.valueOf(threshold.distance()));
            if (threshold.classDistances() != null) {
                all.put("unknown_class_distances", json(threshold.classDistances()));
            }
        }
        return all;
    }

    /** A JSON array. */
    static String json(Object values) {
        try {
            return new ObjectMapper().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

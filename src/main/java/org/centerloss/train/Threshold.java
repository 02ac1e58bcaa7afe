package org.centerloss.train;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.centerloss.InputException;

/**
 * The distance to the nearest center beyond which an image shows none of the classes that a model
 * knows. It is calibrated on labelled images, as the smallest distance within which a wanted share
 * of the correctly classified ones lie, and kept in a run's {@code threshold.json}.
 *
 * @param checksum of the checkpoint that it was calibrated for, see {@link Checkpoint#checksum}
 * @param step steps that this checkpoint was trained for
 * @param images what it was calibrated on, for people: data set and split
 * @param correct how many of these were classified correctly
 * @param knownShare the share of those that lie within {@code distance}
 * @param distance Euclidean distance to the nearest center
 * @param classes the names of the classes
 * @param centers [class][feature]: the trained centers; the means of the classes over those images
 *     where none are trained, NaN for a class without images
 */
public record Threshold(
        long checksum,
        long step,
        String images,
        int correct,
        double knownShare,
        double distance,
        List<String> classes,
        double[][] centers) {

    /** Where a run's folder keeps it. */
    public static Path file(Path run) {
        return run.resolve("threshold.json");
    }

    /**
     * Calibrates it.
     *
     * @param images what the embeddings were made from, for people
     * @param centers [class][feature], those of {@link Evaluation#centers}
     * @param knownShare above 0, at most 1
     * @throws InputException if no image was classified correctly
     */
    public static Threshold of(
            Checkpoint checkpoint,
            String images,
            Embeddings embeddings,
            double[][] centers,
            double knownShare) {
        double[] distances = new double[embeddings.count()];
        int correct = 0;
        for (int i = 0; i < embeddings.count(); i++) {
            if (embeddings.predictions()[i] == embeddings.labels()[i]) {
                distances[correct++] = nearest(embeddings, i, centers);
            }
        }
        if (correct == 0) {
            throw new InputException(
                    images + ": no threshold: expected a correctly classified image, found none");
        }
        Arrays.sort(distances, 0, correct);
        // The product of the share may lie a rounding error above the whole number that it means.
        int within = Math.max(1, (int) Math.ceil(knownShare * correct - 1e-9));
        return new Threshold(
                checkpoint.checksum(),
                checkpoint.progress().step(),
                images,
                correct,
                knownShare,
                distances[within - 1],
                checkpoint.model().classes(),
                centers);
    }

    /** The distance to the nearest center; infinite where there is none. */
    private static double nearest(Embeddings embeddings, int sample, double[][] centers) {
        double nearest = Double.POSITIVE_INFINITY;
        for (double[] center : centers) {
            double distance = embeddings.distance(sample, center);
            nearest = distance < nearest ? distance : nearest;
        }
        return nearest;
    }

    /** Whether an image at this distance from its nearest center shows none of the classes. */
    public boolean unknown(double nearestDistance) {
        return !(nearestDistance <= distance);
    }

    /** The share of samples that are unknown. */
    public double unknownShare(Embeddings embeddings) {
        int unknown = 0;
        for (int i = 0; i < embeddings.count(); i++) {
            unknown += unknown(nearest(embeddings, i, centers)) ? 1 : 0;
        }
        return (double) unknown / embeddings.count();
    }

    /** Whether it was calibrated for this very checkpoint, rather than before more training. */
    public boolean isOf(Checkpoint checkpoint) {
        return checksum == checkpoint.checksum();
    }

    /**
     * Writes it, replacing {@code file} in one step.
     *
     * @throws InputException if that fails
     */
    public void write(Path file) {
        Output.write(
                file,
                out -> {
                    out.write(
                            Checkpoint.JSON
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsBytes(this));
                    out.write('\n');
                });
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputException where the file is missing, damaged or no threshold
     */
    public static Threshold read(Path file) {
        Threshold threshold;
        try {
            threshold = Checkpoint.JSON.readValue(file.toFile(), Threshold.class);
        } catch (IOException e) {
            String reason =
                    e instanceof JacksonException j ? j.getOriginalMessage() : AtomicFile.reason(e);
            throw new InputException(
                    "%s: expected a threshold made by evaluate: %s"
                            .formatted(file, reason.lines().findFirst().orElse("unreadable")),
                    e);
        }
        threshold.requireSound(file);
        return threshold;
    }

    private void requireSound(Path file) {
        if (!(distance >= 0)) {
            throw new InputException(
                    "%s: distance: expected 0 or more, found %s".formatted(file, distance));
        }
        if (classes == null || centers == null || classes.size() != centers.length) {
            throw new InputException(
                    "%s: centers: expected one for each of the %s classes, found %s"
                            .formatted(
                                    file,
                                    classes == null ? "missing" : classes.size(),
                                    centers == null ? "none" : centers.length));
        }
        for (double[] center : centers) {
            if (center == null || center.length != centers[0].length) {
                throw new InputException(
                        "%s: centers: expected the same number of features in each"
                                .formatted(file));
            }
        }
    }
}

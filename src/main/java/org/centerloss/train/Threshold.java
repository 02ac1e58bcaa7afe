package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.Output;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.evaluate.KnownRegion;
import org.centerloss.format.StrictJson;

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
 * @param classDistances [class] the same for each class, over its own correctly classified images
 *     and their distance to its center; {@code distance} for a class with fewer than {@value
 *     #FEWEST_OF_A_CLASS} of them; null in files from before there were such
 * @param classes the names of the classes
 * @param kind of the centers; null in files from before there was a choice, and where neither kind
 *     was there: then the centers are the class means of the images that it was calibrated on
 * @param centers [class][feature], NaN for a class without images
 */
public record Threshold(
        long checksum,
        long step,
        String images,
        int correct,
        double knownShare,
        double distance,
        @JsonProperty(required = false) double[] classDistances,
        List<String> classes,
        @JsonProperty(required = false) CenterKind kind,
        double[][] centers) {
    /** From so few images the share says little. */
    static final int FEWEST_OF_A_CLASS = 20;

    /** Which distances an image is measured by. */
    public enum Scope {
        /** One for all classes. */
        GLOBAL,
        /** Each class has its own. */
        PER_CLASS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Threshold {
        Bounds.atLeast("step", step, 0);
        Bounds.atLeast("correct", correct, 1);
        Bounds.require(
                knownShare > 0 && knownShare <= 1, "knownShare", "above 0, at most 1", knownShare);
        Bounds.require(distance >= 0, "distance", "0 or more", distance);
        Bounds.require(
                centers.length == classes.size() && centers.length > 0,
                "centers",
                "one for each of the %d classes".formatted(classes.size()),
                centers.length);
        if (classDistances != null) {
            Bounds.require(
                    classDistances.length == centers.length
                            && Arrays.stream(classDistances).allMatch(d -> d >= 0),
                    "classDistances",
                    "a number of 0 or more for each class",
                    Arrays.toString(classDistances));
        }
        for (double[] center : centers) {
            Bounds.require(
                    center.length > 0 && center.length == centers[0].length,
                    "centers",
                    "the same number of features in each",
                    "%d and %d".formatted(centers[0].length, center.length));
        }
    }

    /** Where a run's folder keeps it. */
    public static Path file(Path run) {
        return run.resolve("threshold.json");
    }

    /**
     * Calibrates it.
     *
     * @param images what the embeddings were made from, for people
     * @param kind of the centers; null where they are the class means of these images
     * @param centers [class][feature], those of {@link Evaluation#centers}
     * @param knownShare above 0, at most 1
     * @throws InputException if no image was classified correctly
     */
    public static Threshold of(
            Checkpoint checkpoint,
            String images,
            Embeddings embeddings,
            CenterKind kind,
            double[][] centers,
            double knownShare) {
        int[] correct =
                IntStream.range(0, embeddings.count()).filter(embeddings::isCorrect).toArray();
        if (correct.length == 0) {
            throw new InputException(
                    images + ": no threshold: expected a correctly classified image, found none");
        }
        double[] nearest =
                Arrays.stream(correct).mapToDouble(i -> nearest(embeddings, i, centers)).toArray();
        double distance = within(knownShare, nearest);
        double[] classDistances = new double[centers.length];
        for (int c = 0; c < centers.length; c++) {
            int label = c;
            double[] own =
                    Arrays.stream(correct)
                            .filter(i -> embeddings.labels()[i] == label)
                            .mapToDouble(i -> embeddings.distance(i, centers[label]))
                            .toArray();
            classDistances[c] = own.length < FEWEST_OF_A_CLASS ? distance : within(knownShare, own);
        }
        return new Threshold(
                checkpoint.checksum(),
                checkpoint.progress().step(),
                images,
                correct.length,
                knownShare,
                distance,
                classDistances,
                checkpoint.model().classes(),
                kind,
                centers);
    }

    /** The smallest of some distances within which a share of them lies. */
    private static double within(double share, double[] distances) {
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        // The product of the share may lie a rounding error above the whole number that it means.
        return sorted[Math.max(1, (int) Math.ceil(share * sorted.length - 1e-9)) - 1];
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

    /**
     * Where an image counts as known.
     *
     * @throws InputException where each class is to have a distance of its own, and the file is
     *     from before there were such
     */
    public KnownRegion region(Scope scope) {
        if (scope == Scope.GLOBAL) {
            return KnownRegion.of(centers, distance);
        }
        if (classDistances == null) {
            throw new InputException(
                    "threshold of %s: expected a distance for each class, found one for all: run evaluate again"
                            .formatted(images));
        }
        return new KnownRegion(centers, classDistances);
    }

    /** Whether it was calibrated for this very checkpoint, rather than before more training. */
    public boolean isOf(Checkpoint checkpoint) {
        return checksum == checkpoint.checksum()
                && classes.equals(checkpoint.model().classes())
                && centers[0].length == checkpoint.model().shape().features();
    }

    /** Whether it was calibrated for distances to exactly these centers. */
    public boolean isFor(double[][] others) {
        return Arrays.deepEquals(centers, others);
    }

    /** What its distances are measured to, for people. */
    public String measuredTo() {
        return kind == null ? "other centers" : "the " + kind.text();
    }

    /**
     * Writes it, replacing {@code file} in one step.
     *
     * @throws InputException if that fails
     */
    public void write(Path file) {
        Output.write(file, out -> out.write(StrictJson.lines(this)));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputException where the file is missing, damaged or no threshold
     */
    public static Threshold read(Path file) {
        return StrictJson.read(file, Threshold.class);
    }
}

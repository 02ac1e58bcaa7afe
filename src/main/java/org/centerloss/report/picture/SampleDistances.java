package org.centerloss.report.picture;

import java.util.stream.IntStream;
import org.centerloss.evaluate.Embeddings;

/**
 * How far samples lie from the centers.
 *
 * @param own [count], Euclidean distance to the center of the true class
 * @param foreign [count], Euclidean distance to the nearest other center; infinite where there is
 *     none
 */
record SampleDistances(double[] own, double[] foreign) {

    /**
     * @param centers [classes, dimension]; one that is not finite, of a class without samples, is
     *     no candidate
     */
    static SampleDistances of(Embeddings set, float[] centers) {
        int dimension = set.dimension();
        int classes = centers.length / dimension;
        double[] own = new double[set.count()];
        double[] foreign = new double[set.count()];
        for (int i = 0; i < own.length; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                double square = 0;
                for (int k = 0; k < dimension; k++) {
                    double difference =
                            set.features()[i * dimension + k] - centers[c * dimension + k];
                    square += difference * difference;
                }
                if (c == set.labels()[i]) {
                    own[i] = Math.sqrt(square);
                } else if (square < nearest) {
                    nearest = square;
                }
            }
            foreign[i] = Math.sqrt(nearest);
        }
        return new SampleDistances(own, foreign);
    }

    /** Whether any sample has its own and a foreign center. */
    boolean anyFinite() {
        return IntStream.range(0, own.length).anyMatch(i -> Double.isFinite(hardness(i)));
    }

    /** How much nearer a sample is to a foreign center than to its own; negative if it is not. */
    double hardness(int sample) {
        return own[sample] - foreign[sample];
    }
}

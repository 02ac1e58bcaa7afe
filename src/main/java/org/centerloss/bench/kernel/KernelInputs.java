package org.centerloss.bench.kernel;

import java.util.Arrays;
import org.centerloss.base.Philox;

/**
 * What an operation is run on: normal features and centers, labels drawn evenly.
 *
 * @param x [m, d]
 * @param labels [m]
 * @param centers [C, d]
 */
record KernelInputs(KernelShape shape, float[] x, int[] labels, float[] centers) {
    private static final int POINTS = 1;
    private static final int CENTERS = 2;
    private static final int LABELS = 3;

    /** The same for the same seed and shape. */
    static KernelInputs draw(KernelShape shape, long seed) {
        float[] x = new float[shape.batch() * shape.features()];
        float[] centers = new float[shape.classes() * shape.features()];
        Philox.fillNormal(seed, POINTS, Philox.SYNTHETIC, x);
        Philox.fillNormal(seed, CENTERS, Philox.SYNTHETIC, centers);
        int[] labels = new int[shape.batch()];
        int[] words = new int[4];
        for (int i = 0; i < labels.length; i++) {
            Philox.block(seed, i, LABELS, 0, Philox.SYNTHETIC, words);
            labels[i] = (int) (Philox.uniform(words[0]) * shape.classes());
        }
        return new KernelInputs(shape, x, labels, centers);
    }

    /** The first samples of these, with all centers. */
    KernelInputs first(int samples) {
        return new KernelInputs(
                new KernelShape(samples, shape.features(), shape.classes()),
                Arrays.copyOf(x, samples * shape.features()),
                Arrays.copyOf(labels, samples),
                centers);
    }

    private int[] samplesOfClass() {
        int[] counts = new int[shape.classes()];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** How many classes have a sample. */
    long presentClasses() {
        return Arrays.stream(samplesOfClass()).filter(count -> count > 0).count();
    }

    /** How many pairs of samples are of different classes, each pair counted once. */
    double pairs() {
        double m = shape.batch();
        double same = 0;
        for (double count : samplesOfClass()) {
            same += count * count;
        }
        return (m * m - same) / 2;
    }

    /** The largest squared norm of a sample and that of a center, added. */
    double largestSquares() {
        return largestSquare(x) + largestSquare(centers);
    }

    private double largestSquare(float[] rows) {
        double largest = 0;
        for (int start = 0; start < rows.length; start += shape.features()) {
            double square = 0;
            for (int k = start; k < start + shape.features(); k++) {
                square += (double) rows[k] * rows[k];
            }
            largest = Math.max(largest, square);
        }
        return largest;
    }

    /** The squared distance between a sample and a center. */
    double squaredDistance(int sample, int center) {
        int d = shape.features();
        double sum = 0;
        for (int k = 0; k < d; k++) {
            double difference = (double) x[sample * d + k] - centers[center * d + k];
            sum += difference * difference;
        }
        return sum;
    }
}

package org.centerloss.train;

import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * How good an embedding is, measured over every sample of a set.
 *
 * @param confusion counts, [true class][predicted class]
 * @param intraMean per class the mean Euclidean distance of its samples to its center; NaN for a
 *     class without samples
 * @param intraDeviation per class the standard deviation of that distance (divisor n − 1; 0 for one
 *     sample; NaN for none)
 * @param centers [class][feature]: the trained centers, or the class means where none are trained
 */
public record Evaluation(
        long[][] confusion, double[] intraMean, double[] intraDeviation, double[][] centers) {

    /**
     * Evaluates embeddings.
     *
     * @param centers trained centers [classes, dimension], or null for the class means
     */
    public static Evaluation of(Embeddings embeddings, int classes, float[] centers) {
        double[][] middle =
                centers == null ? classMeans(embeddings, classes) : rows(centers, classes);
        long[][] confusion = new long[classes][classes];
        SummaryStatistics[] distances = new SummaryStatistics[classes];
        for (int c = 0; c < classes; c++) {
            distances[c] = new SummaryStatistics();
        }
        for (int i = 0; i < embeddings.count(); i++) {
            int label = embeddings.labels()[i];
            confusion[label][embeddings.predictions()[i]]++;
            distances[label].addValue(embeddings.distance(i, middle[label]));
        }
        double[] mean = new double[classes];
        double[] deviation = new double[classes];
        for (int c = 0; c < classes; c++) {
            mean[c] = distances[c].getMean();
            deviation[c] = distances[c].getStandardDeviation();
        }
        return new Evaluation(confusion, mean, deviation, middle);
    }

    private static double[][] classMeans(Embeddings e, int classes) {
        double[][] means = new double[classes][e.dimension()];
        int[] counts = new int[classes];
        for (int i = 0; i < e.count(); i++) {
            int label = e.labels()[i];
            counts[label]++;
            for (int k = 0; k < e.dimension(); k++) {
                means[label][k] += e.features()[i * e.dimension() + k];
            }
        }
        for (int c = 0; c < classes; c++) {
            for (int k = 0; k < e.dimension(); k++) {
                means[c][k] /= counts[c];
            }
        }
        return means;
    }

    /** [count × width] values as rows. */
    static double[][] rows(float[] flat, int count) {
        int width = flat.length / count;
        double[][] rows = new double[count][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }

    /** The fraction of samples that were classified correctly. */
    public double accuracy() {
        long correct = 0;
        long total = 0;
        for (int c = 0; c < confusion.length; c++) {
            correct += confusion[c][c];
            total += count(c);
        }
        return (double) correct / total;
    }

    /** The fraction of a class's samples that were classified correctly; NaN if it has none. */
    public double accuracy(int label) {
        return (double) confusion[label][label] / count(label);
    }

    /** The number of samples of a class. */
    public long count(int label) {
        long count = 0;
        for (long n : confusion[label]) {
            count += n;
        }
        return count;
    }

    /** The Euclidean distance between the centers of two classes. */
    public double centerDistance(int a, int b) {
        double sum = 0;
        for (int k = 0; k < centers[a].length; k++) {
            double difference = centers[a][k] - centers[b][k];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}

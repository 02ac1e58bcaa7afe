package org.centerloss.evaluate;

import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * How good an embedding is, measured over every sample of a set.
 *
 * @param confusion counts of the samples whose features are finite, [true class][predicted class]
 * @param notFinite counts of the others by true class; each counts as wrong
 * @param intraMean per class the mean Euclidean distance of its samples to its center; NaN for a
 *     class without samples
 * @param intraDeviation per class the standard deviation of that distance (divisor n − 1; 0 for one
 *     sample; NaN for none)
 * @param centers [class][feature]: what the distances were measured to
 */
public record Evaluation(
        long[][] confusion,
        long[] notFinite,
        double[] intraMean,
        double[] intraDeviation,
        double[][] centers) {

    /**
     * Evaluates embeddings.
     *
     * @param centers [class][feature]
     */
    public static Evaluation of(Embeddings embeddings, double[][] centers) {
        int classes = centers.length;
        long[][] confusion = new long[classes][classes];
        long[] notFinite = new long[classes];
        SummaryStatistics[] distances = new SummaryStatistics[classes];
        for (int c = 0; c < classes; c++) {
            distances[c] = new SummaryStatistics();
        }
        for (int i = 0; i < embeddings.count(); i++) {
            int label = embeddings.labels()[i];
            if (embeddings.isFinite(i)) {
                confusion[label][embeddings.predictions()[i]]++;
            } else {
                notFinite[label]++;
            }
            distances[label].addValue(embeddings.distance(i, centers[label]));
        }
        double[] mean = new double[classes];
        double[] deviation = new double[classes];
        for (int c = 0; c < classes; c++) {
            mean[c] = distances[c].getMean();
            deviation[c] = distances[c].getStandardDeviation();
        }
        return new Evaluation(confusion, notFinite, mean, deviation, centers);
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
        long count = notFinite[label];
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

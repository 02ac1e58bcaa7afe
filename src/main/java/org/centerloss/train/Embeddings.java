package org.centerloss.train;

/**
 * What a network makes of a set of images.
 *
 * @param dimension features per sample
 * @param features [count, dimension], row-major
 * @param labels [count], the true classes
 * @param predictions [count], the predicted classes
 */
public record Embeddings(int dimension, float[] features, int[] labels, int[] predictions) {
    public int count() {
        return labels.length;
    }

    /** The fraction of samples whose prediction is right. */
    public double accuracy() {
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += predictions[i] == labels[i] ? 1 : 0;
        }
        return (double) correct / labels.length;
    }

    /** The same samples with other true classes, [count]. */
    public Embeddings withLabels(int[] others) {
        return new Embeddings(dimension, features, others, predictions);
    }

    /**
     * The same samples with features of Euclidean length 1; one at the origin stays there. Only
     * directions are left then, and distances to centers mean nothing any more.
     */
    public Embeddings normalized() {
        float[] unit = new float[features.length];
        double[] origin = new double[dimension];
        for (int i = 0; i < count(); i++) {
            double length = distance(i, origin);
            for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                unit[k] = length == 0 ? 0 : (float) (features[k] / length);
            }
        }
        return new Embeddings(dimension, unit, labels, predictions);
    }

    /** The Euclidean distance of a sample to a point in the space of the features. */
    public double distance(int sample, double[] point) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            double difference = features[sample * dimension + k] - point[k];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}

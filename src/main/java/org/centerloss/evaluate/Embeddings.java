package org.centerloss.evaluate;

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

    /** Whether all features of a sample are finite numbers. */
    public boolean isFinite(int sample) {
        for (int k = sample * dimension; k < (sample + 1) * dimension; k++) {
            if (!Float.isFinite(features[k])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a prediction is right; one that features without finite numbers led to never is. */
    public boolean isCorrect(int sample) {
        return predictions[sample] == labels[sample] && isFinite(sample);
    }

    /** The fraction of samples whose prediction is right. */
    public double accuracy() {
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += isCorrect(i) ? 1 : 0;
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

    /** The same samples with other predicted classes, [count]. */
    public Embeddings withPredictions(int[] others) {
        return new Embeddings(dimension, features, labels, others);
    }

    /**
     * The mean features of each class, summed in float64 in the order of the samples.
     *
     * @return [class][feature]; not a number for a class without samples
     */
    public double[][] classMeans(int classes) {
        double[][] means = new double[classes][dimension];
        int[] counts = new int[classes];
        for (int i = 0; i < count(); i++) {
            double[] sum = means[labels[i]];
            counts[labels[i]]++;
            for (int k = 0; k < dimension; k++) {
                sum[k] += features[i * dimension + k];
            }
        }
        for (int c = 0; c < classes; c++) {
            for (int k = 0; k < dimension; k++) {
                means[c][k] /= counts[c];
            }
        }
        return means;
    }

    /**
     * The class with the nearest center, for each sample; the lowest of several.
     *
     * @param centers [class][feature]; one that is not a number is nobody's nearest
     */
    public int[] nearest(double[][] centers) {
        int[] nearest = new int[count()];
        for (int i = 0; i < nearest.length; i++) {
            double smallest = Double.POSITIVE_INFINITY;
            for (int c = 0; c < centers.length; c++) {
                double distance = distance(i, centers[c]);
                if (distance < smallest) {
                    smallest = distance;
                    nearest[i] = c;
                }
            }
        }
        return nearest;
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

package org.centerloss.evaluate.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;

/** Points of an embedding with the classes that they belong to. */
public final class Samples {
    private final int dimension;
    private final float[] features;
    private final int[] classes;
    private final int[] sizes;

    /**
     * @param dimension features per sample
     * @param features [n, dimension], row-major; not copied
     * @param labels [n]; any numbers, equal for samples of one class
     * @throws InputException if there are no samples or a feature is not finite
     */
    public Samples(int dimension, float[] features, int[] labels) {
        if (labels.length == 0) {
            throw new InputException("features: expected at least one sample, found none");
        }
        if (features.length != (long) labels.length * dimension) {
            throw new InputException(
                    "features: expected %d × %d numbers, found %d"
                            .formatted(labels.length, dimension, features.length));
        }
        for (int i = 0; i < features.length; i++) {
            if (!Float.isFinite(features[i])) {
                throw new InputException(
                        "features: expected finite numbers, found %s in sample %d, feature %d"
                                .formatted(features[i], i / dimension, i % dimension));
            }
        }
        this.dimension = dimension;
        this.features = features;
        int[] names = Arrays.stream(labels).sorted().distinct().toArray();
        classes = Arrays.stream(labels).map(l -> Arrays.binarySearch(names, l)).toArray();
        sizes = new int[names.length];
        for (int c : classes) {
            sizes[c]++;
        }
    }

    public int count() {
        return classes.length;
    }

    public int dimension() {
        return dimension;
    }

    /** The number of classes that have samples. */
    public int classCount() {
        return sizes.length;
    }

    /** The class of a sample: 0 to {@link #classCount} − 1, in the order of their labels. */
    int classOf(int sample) {
        return classes[sample];
    }

    /** The number of samples of a class. */
    int size(int c) {
        return sizes[c];
    }

    double feature(int sample, int k) {
        return features[sample * dimension + k];
    }

    /** The features of a sample. */
    double[] features(int sample) {
        return IntStream.range(0, dimension).mapToDouble(k -> feature(sample, k)).toArray();
    }

    /** The squared Euclidean distance of two samples, features added in their order. */
    double squaredDistance(int i, int j) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            double difference = feature(i, k) - feature(j, k);
            sum += difference * difference;
        }
        return sum;
    }
}

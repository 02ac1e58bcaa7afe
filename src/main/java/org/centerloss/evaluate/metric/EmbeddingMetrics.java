package org.centerloss.evaluate.metric;

/**
 * All figures of an embedding.
 *
 * @param samples number of samples
 * @param classes number of classes that have samples
 * @param retrieval null where no class has two samples
 * @param normalizedMutualInformation of the classes and as many groups found by k-means
 * @param silhouette see {@link Silhouette}; null where it is not measurable
 * @param verification null where there are no pairs of one class, or none of two
 */
public record EmbeddingMetrics(
        int samples,
        int classes,
        Retrieval retrieval,
        double normalizedMutualInformation,
        Double silhouette,
        PairVerification verification) {

    /**
     * Measures all of them, in O(n² · dimension) on all processors.
     *
     * @param seed of k-means, and of the pairs where there are too many to measure all
     */
    public static EmbeddingMetrics of(Samples samples, long seed) {
        int[] classes = new int[samples.count()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = samples.classOf(i);
        }
        int[] groups = Clustering.kMeans(samples, samples.classCount(), seed);
        return new EmbeddingMetrics(
                samples.count(),
                samples.classCount(),
                Retrieval.of(samples),
                Clustering.normalizedMutualInformation(classes, groups),
                Silhouette.of(samples),
                PairVerification.of(samples, seed));
    }
}

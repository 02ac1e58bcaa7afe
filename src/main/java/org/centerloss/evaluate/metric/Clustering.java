package org.centerloss.evaluate.metric;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.Clusterable;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.MersenneTwister;

/** Groups that are found without labels, and how well they agree with the classes. */
public final class Clustering {
    private static final int MOST_ITERATIONS = 100;

    /** A sample as Commons Math wants it. */
    private record Point(int index, double[] features) implements Clusterable {
        @Override
        public double[] getPoint() {
            return features;
        }
    }

    private Clustering() {}

    /**
     * Groups samples by k-means: seeding by k-means++, then Lloyd's iterations until nothing
     * changes or 100 are done.
     *
     * <p>Source: Arthur, Vassilvitskii: k-means++ (SODA 2007).
     *
     * @param groups how many, at most as many as samples
     * @param seed of every random draw
     * @return [n] the group of each sample
     */
    public static int[] kMeans(Samples samples, int groups, long seed) {
        List<Point> points =
                IntStream.range(0, samples.count())
                        .mapToObj(i -> new Point(i, samples.features(i)))
                        .toList();
        KMeansPlusPlusClusterer<Point> clusterer =
                new KMeansPlusPlusClusterer<>(
                        groups,
                        MOST_ITERATIONS,
                        new EuclideanDistance(),
                        new MersenneTwister(seed));
        int[] group = new int[samples.count()];
        List<CentroidCluster<Point>> found = clusterer.cluster(points);
        for (int g = 0; g < found.size(); g++) {
            for (Point point : found.get(g).getPoints()) {
                group[point.index()] = g;
            }
        }
        return group;
    }

    /**
     * Normalised mutual information of two ways to divide the same samples into groups: I(A; B)
     * over the arithmetic mean of H(A) and H(B), between 0 and 1; 1 where both know one group only.
     * Natural logarithms, which cancel.
     *
     * <p>Source: Strehl, Ghosh, JMLR 3 (2002); with the arithmetic mean as in scikit-learn's {@code
     * normalized_mutual_info_score}.
     *
     * @param a [n] the group of each sample, any numbers
     * @param b [n]
     */
    public static double normalizedMutualInformation(int[] a, int[] b) {
        int[] rows = numbered(a);
        int[] columns = numbered(b);
        int n = a.length;
        int rowCount = Arrays.stream(rows).max().orElseThrow() + 1;
        int columnCount = Arrays.stream(columns).max().orElseThrow() + 1;
        if (rowCount == 1 && columnCount == 1) {
            return 1;
        }
        long[] together =
                IntStream.range(0, n)
                        .mapToLong(i -> (long) rows[i] * columnCount + columns[i])
                        .sorted()
                        .toArray();
        int[] rowSizes = sizes(rows, rowCount);
        int[] columnSizes = sizes(columns, columnCount);
        double information = 0;
        for (int start = 0, end; start < n; start = end) {
            end = start;
            while (end < n && together[end] == together[start]) {
                end++;
            }
            int both = end - start;
            double expected =
                    (double) rowSizes[(int) (together[start] / columnCount)]
                            * columnSizes[(int) (together[start] % columnCount)];
            information += (double) both / n * StrictMath.log((double) n * both / expected);
        }
        double mean = (entropy(rowSizes, n) + entropy(columnSizes, n)) / 2;
        // Rounding errors lead past neither end.
        return Math.max(0, Math.min(1, information / mean));
    }

    /** The groups as 0, 1, 2, … in the order of their numbers. */
    private static int[] numbered(int[] groups) {
        int[] names = Arrays.stream(groups).sorted().distinct().toArray();
        return Arrays.stream(groups).map(g -> Arrays.binarySearch(names, g)).toArray();
    }

    private static int[] sizes(int[] groups, int count) {
        int[] sizes = new int[count];
        for (int group : groups) {
            sizes[group]++;
        }
        return sizes;
    }

    private static double entropy(int[] sizes, int n) {
        double entropy = 0;
        for (int size : sizes) {
            double share = (double) size / n;
            entropy -= share * StrictMath.log(share);
        }
        return entropy;
    }
}

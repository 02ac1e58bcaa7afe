package org.centerloss.evaluate.metric;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.util.KthSelector;

/**
 * How well the nearest neighbours of a sample are those of its class. Every sample is a query for
 * its R fellows among all others, itself excluded; of neighbours at equal distance the one with the
 * lower index goes first.
 *
 * <p>Source: Musgrave, Belongie, Lim: A Metric Learning Reality Check (ECCV 2020), section 3.2.
 *
 * @param precisionAt1 share of the queries whose nearest neighbour is of their class
 * @param rPrecision mean share of fellows among the R nearest neighbours
 * @param mapAtR mean of (1/R) Σ P(k) over the ranks k ≤ R that hold a fellow, where P(k) is the
 *     share of fellows among the k nearest
 * @param queries number of queries
 * @param withoutFellows samples that are alone in their class: they have no R and are no queries,
 *     though neighbours of the others
 */
public record Retrieval(
        double precisionAt1, double rPrecision, double mapAtR, int queries, int withoutFellows) {

    /** The figures of one query. */
    record Query(double precisionAt1, double rPrecision, double averagePrecisionAtR) {
        /**
         * @param hits [R] whether the neighbour at a rank is a fellow, from the nearest on
         */
        static Query of(boolean[] hits) {
            int found = 0;
            double precisions = 0;
            for (int k = 0; k < hits.length; k++) {
                if (hits[k]) {
                    found++;
                    precisions += (double) found / (k + 1);
                }
            }
            return new Query(
                    hits[0] ? 1 : 0, (double) found / hits.length, precisions / hits.length);
        }
    }

    /** Measures it in O(n² · dimension); null where no class has two samples. */
    public static Retrieval of(Samples samples) {
        Query[] queries = new Query[samples.count()];
        new DistanceRows(samples)
                .forEach(
                        () ->
                                (i, squared) -> {
                                    int fellows = samples.size(samples.classOf(i)) - 1;
                                    if (fellows > 0) {
                                        queries[i] = Query.of(hits(samples, i, squared, fellows));
                                    }
                                });
        Query[] asked = Arrays.stream(queries).filter(q -> q != null).toArray(Query[]::new);
        if (asked.length == 0) {
            return null;
        }
        return new Retrieval(
                mean(asked, Query::precisionAt1),
                mean(asked, Query::rPrecision),
                mean(asked, Query::averagePrecisionAtR),
                asked.length,
                samples.count() - asked.length);
    }

    private static double mean(Query[] queries, ToDoubleFunction<Query> figure) {
        double sum = 0;
        for (Query query : queries) {
            sum += figure.applyAsDouble(query);
        }
        return sum / queries.length;
    }

    /** Which of the {@code depth} nearest neighbours, from the nearest on, are of i's class. */
    private static boolean[] hits(Samples samples, int i, double[] squared, int depth) {
        squared[i] = Double.POSITIVE_INFINITY;
        double[] nearest = squared.clone();
        new KthSelector().select(nearest, null, depth - 1);
        Arrays.sort(nearest, 0, depth);
        boolean[] hit = new boolean[depth];
        int[] taken = new int[depth];
        for (int j = 0; j < squared.length; j++) {
            if (squared[j] <= nearest[depth - 1]) {
                int first = firstPlace(nearest, depth, squared[j]);
                int rank = first + taken[first]++;
                // Of those at the very distance of the last place, some are too many.
                if (rank < depth && samples.classOf(j) == samples.classOf(i)) {
                    hit[rank] = true;
                }
            }
        }
        return hit;
    }

    /** The lowest index of {@code value} in the sorted front of an array, where it occurs. */
    private static int firstPlace(double[] sorted, int length, double value) {
        int low = 0;
        int high = length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

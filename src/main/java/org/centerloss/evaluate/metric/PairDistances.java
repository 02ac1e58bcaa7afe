package org.centerloss.evaluate.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Squared Euclidean distances of pairs of different samples, of one class and of two, each in
 * ascending order: every pair up to a limit, beyond it a seeded sample of either kind. It holds 8
 * bytes per pair.
 *
 * @param samePairs number of pairs of one class that there are
 * @param differentPairs number of pairs of two classes that there are
 * @param same squared distances of pairs of one class, sorted
 * @param different squared distances of pairs of two classes, sorted
 */
record PairDistances(long samePairs, long differentPairs, double[] same, double[] different) {
    /**
     * Measures them.
     *
     * @param mostPairs so many pairs are measured one and all; of more, a kind is still measured
     *     whole if it has at most half as many, else so many of it are drawn with replacement, each
     *     with equal chance
     * @param seed of the draws
     */
    static PairDistances of(Samples samples, int mostPairs, long seed) {
        NumberedPairs same = new NumberedPairs(samples, true);
        NumberedPairs different = new NumberedPairs(samples, false);
        PairDistances result =
                same.count() + different.count() <= mostPairs
                        ? every(samples, (int) same.count(), (int) different.count())
                        : new PairDistances(
                                same.count(),
                                different.count(),
                                some(same, mostPairs / 2, seed),
                                some(different, mostPairs / 2, seed));
        Arrays.parallelSort(result.same);
        Arrays.parallelSort(result.different);
        return result;
    }

    private static double[] some(NumberedPairs pairs, int most, long seed) {
        return pairs.count() <= most ? pairs.all() : pairs.drawn(most, seed);
    }

    private static PairDistances every(Samples samples, int samePairs, int differentPairs) {
        int count = samples.count();
        // Where the pairs (i, j > i) of a row begin, so that rows can be written in any order.
        int[] sameStart = new int[count + 1];
        int[] differentStart = new int[count + 1];
        int[] left = IntStream.range(0, samples.classCount()).map(samples::size).toArray();
        for (int i = 0; i < count; i++) {
            int fellows = --left[samples.classOf(i)];
            sameStart[i + 1] = sameStart[i] + fellows;
            differentStart[i + 1] = differentStart[i] + (count - 1 - i) - fellows;
        }
        double[] same = new double[samePairs];
        double[] different = new double[differentPairs];
        new DistanceRows(samples)
                .forEach(
                        () ->
                                (i, squared) -> {
                                    int s = sameStart[i];
                                    int d = differentStart[i];
                                    for (int j = i + 1; j < count; j++) {
                                        if (samples.classOf(j) == samples.classOf(i)) {
                                            same[s++] = squared[j];
                                        } else {
                                            different[d++] = squared[j];
                                        }
                                    }
                                });
        return new PairDistances(samePairs, differentPairs, same, different);
    }
}

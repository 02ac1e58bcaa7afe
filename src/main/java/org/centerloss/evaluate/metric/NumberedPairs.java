package org.centerloss.evaluate.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * The ordered pairs of different samples that are of one class, or of two, numbered so that each
 * can be reached directly.
 */
final class NumberedPairs {
    private static final int DRAWS_OF_A_TASK = 1 << 16;

    private final Samples samples;
    private final boolean same;

    /** The samples class by class, and where in that order a class starts. */
    private final int[] order;

    private final int[] classStart;

    /** The number of the first pair whose first sample is of a class. */
    private final long[] firstNumber;

    /**
     * @param same whether the pairs of one class are meant, or those of two
     */
    NumberedPairs(Samples samples, boolean same) {
        this.samples = samples;
        this.same = same;
        int classes = samples.classCount();
        classStart = new int[classes + 1];
        firstNumber = new long[classes + 1];
        for (int c = 0; c < classes; c++) {
            classStart[c + 1] = classStart[c] + samples.size(c);
            firstNumber[c + 1] = firstNumber[c] + (long) samples.size(c) * partners(c);
        }
        order = new int[samples.count()];
        int[] next = classStart.clone();
        for (int i = 0; i < order.length; i++) {
            order[next[samples.classOf(i)]++] = i;
        }
    }

    /** How many partners a sample of a class has. */
    private int partners(int c) {
        return same ? samples.size(c) - 1 : samples.count() - samples.size(c);
    }

    /** The number of unordered pairs. */
    long count() {
        return firstNumber[firstNumber.length - 1] / 2;
    }

    /** The squared distances of all pairs, each counted once. */
    double[] all() {
        double[] squared = new double[Math.toIntExact(count())];
        int next = 0;
        for (long number = 0; number < 2 * count(); number++) {
            int[] pair = pair(number);
            if (pair[0] < pair[1]) {
                squared[next++] = samples.squaredDistance(pair[0], pair[1]);
            }
        }
        return squared;
    }

    /** The squared distances of {@code draws} pairs, drawn with replacement, all alike. */
    double[] drawn(int draws, long seed) {
        double[] squared = new double[draws];
        int tasks = (draws + DRAWS_OF_A_TASK - 1) / DRAWS_OF_A_TASK;
        IntStream.range(0, tasks)
                .parallel()
                .forEach(
                        task -> {
                            int[] key = {(int) seed, (int) (seed >>> 32), same ? 1 : 0, task};
                            RandomGenerator random = new MersenneTwister(key);
                            int start = task * DRAWS_OF_A_TASK;
                            int end = Math.min(draws, start + DRAWS_OF_A_TASK);
                            for (int i = start; i < end; i++) {
                                int[] pair = pair((long) (random.nextDouble() * 2 * count()));
                                squared[i] = samples.squaredDistance(pair[0], pair[1]);
                            }
                        });
        return squared;
    }

    /** The two samples of a pair, by its number from 0 to twice {@link #count} − 1. */
    int[] pair(long number) {
        int found = Arrays.binarySearch(firstNumber, number);
        // Classes without pairs begin at the same number as the class after them, which is meant.
        int c = found < 0 ? -found - 2 : found;
        while (firstNumber[c + 1] == number) {
            c++;
        }
        int first = classStart[c] + (int) ((number - firstNumber[c]) / partners(c));
        int partner = (int) ((number - firstNumber[c]) % partners(c));
        // Partners of the class are counted from its start and leave out the sample itself; those
        // of
        // other classes from the start of all, and leave out the class.
        int second = same ? classStart[c] + partner : partner;
        int gap = same ? first : classStart[c];
        int leftOut = same ? 1 : samples.size(c);
        return new int[] {order[first], order[second < gap ? second : second + leftOut]};
    }
}

package org.centerloss.data;

import java.util.Arrays;
import org.centerloss.base.Philox;

/** The order in which an epoch visits the training images; the same everywhere. */
public final class EpochOrder {
    private EpochOrder() {}

    /**
     * A permutation of 0 … count − 1: the indices sorted by a random key each. The key of index i
     * is the signed 64-bit number w_0 · 2³² + w_1 of Philox.block(seed, 0, i, epoch, {@link
     * Philox#SHUFFLE}).
     */
    public static int[] of(long seed, int epoch, int count) {
        long[] keys = new long[count];
        int[] words = new int[4];
        for (int i = 0; i < count; i++) {
            keys[i] = key(seed, i, epoch, Philox.SHUFFLE, words);
        }
        return sortedByKey(keys);
    }

    /** The random key at an address; {@code words} is scratch space for four words. */
    static long key(long seed, int index, int stream, int purpose, int[] words) {
        Philox.block(seed, 0, index, stream, purpose, words);
        return (long) words[0] << 32 | (words[1] & 0xFFFFFFFFL);
    }

    /**
     * The indices of {@code keys} in ascending order of their keys; equal keys keep their order.
     */
    static int[] sortedByKey(long[] keys) {
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        int[] order = new int[keys.length];
        int[] taken = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            int first = firstPlace(sorted, keys[i]);
            order[first + taken[first]++] = i;
        }
        return order;
    }

    private static int firstPlace(long[] sorted, long key) {
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

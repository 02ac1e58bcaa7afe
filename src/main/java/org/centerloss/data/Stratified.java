package org.centerloss.data;

import java.util.Arrays;
import org.centerloss.base.Philox;

/**
 * Seeded choices that keep the shares of the classes. Every image has a random rank within its
 * class, from keys at addresses (0, index, stream, {@link Philox#SPLIT}); the same everywhere.
 */
public final class Stratified {
    private static final int SPLIT_STREAM = 0;
    private static final int SAMPLE_STREAM = 1;

    private Stratified() {}

    /**
     * Chooses about {@code count} images, for example to measure the accuracy on training images
     * without running over all of them. Each class's share is kept to within one image.
     *
     * @param labels [images]
     * @param classes number of classes
     * @param count how many; all images where there are no more than that
     * @return indices, ascending, {@code min(count, images)} of them
     */
    public static int[] sample(long seed, int[] labels, int classes, int count) {
        int[] ranks = ranks(seed, SAMPLE_STREAM, labels, classes);
        int[] sizes = sizes(labels, classes);
        // Where an image stands in its class, in (0, 1): the lowest of all classes are taken.
        long[] places = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            places[i] = Double.doubleToLongBits((ranks[i] + 0.5) / sizes[labels[i]]);
        }
        int[] order = EpochOrder.sortedByKey(places);
        int[] chosen = Arrays.copyOf(order, Math.min(count, order.length));
        Arrays.sort(chosen);
        return chosen;
    }

    /**
     * Chooses images to keep back: of each class the fraction, rounded, but at least one image, and
     * at least one stays.
     *
     * @param labels [images]
     * @param classes number of classes
     * @param fraction share of the images to keep back, between 0 and 1
     * @return [images], true for one that is kept back
     */
    public static boolean[] split(long seed, int[] labels, int classes, double fraction) {
        int[] ranks = ranks(seed, SPLIT_STREAM, labels, classes);
        int[] sizes = sizes(labels, classes);
        boolean[] kept = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int size = sizes[labels[i]];
            kept[i] = ranks[i] < Math.min(size - 1, Math.max(1, Math.round(size * fraction)));
        }
        return kept;
    }

    private static int[] ranks(long seed, int stream, int[] labels, int classes) {
        long[] keys = new long[labels.length];
        int[] words = new int[4];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = EpochOrder.key(seed, i, stream, Philox.SPLIT, words);
        }
        int[] ranks = new int[labels.length];
        int[] seen = new int[classes];
        for (int i : EpochOrder.sortedByKey(keys)) {
            ranks[i] = seen[labels[i]]++;
        }
        return ranks;
    }

    private static int[] sizes(int[] labels, int classes) {
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        return sizes;
    }
}

package org.centerloss.data;

import java.util.Arrays;
import java.util.List;
import org.centerloss.InputException;
import org.centerloss.device.Philox;

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
     * Chooses the test images: of each class the fraction, rounded, but at least one image, and at
     * least one stays for training.
     *
     * @param labels [images]
     * @param classes the classes' names
     * @param fraction share of the test images, between 0 and 1
     * @return [images], true for a test image
     * @throws InputException where a class has fewer than two images, or the fraction is no such
     */
    static boolean[] split(long seed, int[] labels, List<String> classes, double fraction) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new InputException(
                    "--test-fraction: expected a number between 0 and 1, found " + fraction);
        }
        int[] ranks = ranks(seed, SPLIT_STREAM, labels, classes.size());
        int[] sizes = sizes(labels, classes.size());
        for (int label = 0; label < sizes.length; label++) {
            if (sizes[label] < 2) {
                throw new InputException(
                        "class %s: expected at least 2 images to split into training and test, found %d; add images, or give folders train/ and test/"
                                .formatted(classes.get(label), sizes[label]));
            }
        }
        boolean[] test = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int size = sizes[labels[i]];
            test[i] = ranks[i] < Math.max(1, Math.min(size - 1, Math.round(size * fraction)));
        }
        return test;
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

package org.centerloss.cpu.distance;

import java.util.Arrays;

/**
 * Samples in the order of their labels, equal labels in the order of the samples, so that a class
 * is a run of neighbouring positions. Its cost does not depend on how many classes there are.
 */
public final class SamplesByClass {
    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;

    /** The sample at each position. */
    final int[] samples;

    /** For each position the first position of its class. */
    final int[] first;

    /** For each position the position after the last of its class. */
    final int[] end;

    private final int[] counts = new int[DIGITS + 1];
    private int[] from;
    private int[] to;

    public SamplesByClass(int size) {
        samples = new int[size];
        first = new int[size];
        end = new int[size];
        from = new int[size];
        to = new int[size];
    }

    public static long bytes(int size) {
        return 5L * Integer.BYTES * size;
    }

    /** Whether a label is that of a class; one that is not belongs to none. */
    public static boolean isClass(int label, int classes) {
        return label >= 0 && label < classes;
    }

    /** Sorts by the bytes of the label, the lowest first; a byte that all share costs one look. */
    void sort(int[] labels) {
        int size = samples.length;
        for (int i = 0; i < size; i++) {
            from[i] = i;
        }
        for (int shift = 0; shift < Integer.SIZE; shift += DIGIT_BITS) {
            Arrays.fill(counts, 0);
            for (int i = 0; i < size; i++) {
                counts[digit(labels[i], shift) + 1]++;
            }
            if (counts[digit(labels[0], shift) + 1] == size) {
                continue;
            }
            for (int digit = 0; digit < DIGITS; digit++) {
                counts[digit + 1] += counts[digit];
            }
            for (int i = 0; i < size; i++) {
                to[counts[digit(labels[from[i]], shift)]++] = from[i];
            }
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        System.arraycopy(from, 0, samples, 0, size);
        for (int start = 0; start < size; ) {
            int stop = start + 1;
            while (stop < size && labels[samples[stop]] == labels[samples[start]]) {
                stop++;
            }
            Arrays.fill(first, start, stop, start);
            Arrays.fill(end, start, stop, stop);
            start = stop;
        }
    }

    /** Numbers the classes, so that samples have equal numbers where they have equal labels. */
    public void number(int[] labels, float[] numbers) {
        sort(labels);
        for (int position = 0; position < samples.length; position++) {
            numbers[samples[position]] = first[position];
        }
    }

    /** What is done with the samples of one class. */
    interface ClassBody {
        /**
         * @param task the task that does it
         * @param first the first position of the class in {@link #samples}
         */
        void accept(int task, int first);
    }

    /**
     * Runs the body for each class whose first position is among the task's share of all positions.
     */
    void forEachClass(int task, int tasks, ClassBody body) {
        int size = samples.length;
        int position = (int) ((long) task * size / tasks);
        int stop = (int) ((task + 1L) * size / tasks);
        if (first[position] != position) {
            position = end[position];
        }
        for (; position < stop; position = end[position]) {
            body.accept(task, position);
        }
    }

    private static int digit(int label, int shift) {
        return label >>> shift & DIGITS - 1;
    }
}

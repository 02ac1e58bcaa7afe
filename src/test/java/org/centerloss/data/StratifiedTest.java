package org.centerloss.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedTest {
    // 50 ants, 7 bees, 2 cats.
    private static final int[] LABELS =
            IntStream.range(0, 59).map(i -> i < 50 ? 0 : i < 57 ? 1 : 2).toArray();

    private static int[] countPerClass(int[] indices) {
        int[] counts = new int[3];
        for (int i : indices) {
            counts[LABELS[i]]++;
        }
        return counts;
    }

    private static int[] chosen(boolean[] test) {
        return IntStream.range(0, test.length).filter(i -> test[i]).toArray();
    }

    @Test
    void splitKeepsEachClassesShareAndAtLeastOneImageOnEitherSide() {
        assertArrayEquals(
                new int[] {10, 1, 1}, countPerClass(chosen(Stratified.split(0, LABELS, 3, 0.2))));
        assertArrayEquals(
                new int[] {1, 1, 1}, countPerClass(chosen(Stratified.split(0, LABELS, 3, 0.001))));
        assertArrayEquals(
                new int[] {49, 6, 1}, countPerClass(chosen(Stratified.split(0, LABELS, 3, 0.999))));
    }

    @Test
    void splitFollowsTheSeed() {
        boolean[] first = Stratified.split(5, LABELS, 3, 0.2);
        assertArrayEquals(first, Stratified.split(5, LABELS, 3, 0.2));
        assertFalse(Arrays.equals(first, Stratified.split(6, LABELS, 3, 0.2)));
    }

    @Test
    void splitOfSeedZeroIsPinned() {
        assertArrayEquals(
                new int[] {6, 8, 12, 16, 21, 22, 25, 32, 33, 49, 50, 57},
                chosen(Stratified.split(0, LABELS, 3, 0.2)));
    }

    @Test
    void theOnlyImageOfAClassStays() {
        boolean[] kept = Stratified.split(3, new int[] {0, 0, 1}, 2, 0.5);
        assertTrue(kept[0] != kept[1]);
        assertFalse(kept[2]);
    }

    @Test
    void sampleHasItsSizeAscendingAndEachClassesShare() {
        int[] sample = Stratified.sample(3, LABELS, 3, 30);
        assertEquals(30, sample.length);
        for (int i = 1; i < sample.length; i++) {
            assertTrue(sample[i - 1] < sample[i]);
        }
        int[] counts = countPerClass(sample);
        assertEquals(30.0 * 50 / 59, counts[0], 1);
        assertEquals(30.0 * 7 / 59, counts[1], 1);
        assertEquals(30.0 * 2 / 59, counts[2], 1);
    }

    @Test
    void sampleFollowsTheSeedAndIsAllWhereMoreAreAskedFor() {
        assertArrayEquals(Stratified.sample(3, LABELS, 3, 30), Stratified.sample(3, LABELS, 3, 30));
        assertFalse(
                Arrays.equals(
                        Stratified.sample(3, LABELS, 3, 30), Stratified.sample(4, LABELS, 3, 30)));
        assertArrayEquals(IntStream.range(0, 59).toArray(), Stratified.sample(3, LABELS, 3, 1000));
    }

    @Test
    void balancedClassesGiveABalancedSample() {
        int[] labels = IntStream.range(0, 1000).map(i -> i % 10).toArray();
        int[] counts = new int[10];
        for (int i : Stratified.sample(1, labels, 10, 200)) {
            counts[labels[i]]++;
        }
        int[] expected = new int[10];
        Arrays.fill(expected, 20);
        assertArrayEquals(expected, counts);
    }
}

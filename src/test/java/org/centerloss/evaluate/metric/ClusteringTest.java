package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusteringTest {
    private static double nmi(int[] a, int[] b) {
        double one = Clustering.normalizedMutualInformation(a, b);
        assertEquals(one, Clustering.normalizedMutualInformation(b, a), 1e-15, "symmetric");
        return one;
    }

    @Test
    void equalGroupsUnderOtherNumbersAgreeWholly() {
        assertEquals(1, nmi(new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 1}), 1e-15);
        assertEquals(1, nmi(new int[] {0, 0, 1, 1}, new int[] {-3, -3, 9, 9}), 1e-15);
    }

    @Test
    void independentGroupsAgreeNotAtAll() {
        assertEquals(0, nmi(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}), 1e-15);
        assertEquals(0, nmi(new int[] {0, 0, 0, 0}, new int[] {0, 1, 2, 3}), 1e-15);
    }

    @Test
    void oneGroupOnBothSidesAgrees() {
        assertEquals(1, nmi(new int[] {4, 4, 4}, new int[] {0, 0, 0}));
    }

    @Test
    void splitGroupsAgreeInPartByHand() {
        // H(A) = ln 2, H(B) = 1.5 ln 2, I = ln 2: 1 / 1.25.
        assertEquals(0.8, nmi(new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 2}), 1e-15);
        // H(A) = ln 2, H(B) = 2 ln 2, I = ln 2: 1 / 1.5.
        assertEquals(2 / 3.0, nmi(new int[] {0, 0, 1, 1}, new int[] {0, 1, 2, 3}), 1e-15);
        // The example of scikit-learn's user guide: H(A) = ln 2, H(B) = ln 3, I = (2/3) ln 2.
        double expected = 2 / 3.0 * Math.log(2) / ((Math.log(2) + Math.log(3)) / 2);
        assertEquals(
                expected, nmi(new int[] {0, 0, 0, 1, 1, 1}, new int[] {0, 0, 1, 1, 2, 2}), 1e-15);
        assertEquals(0.516, expected, 5e-4, "as printed there");
    }

    /** Four tight heaps of 25 samples, far apart. */
    private static Samples heaps() {
        Random random = new Random(1);
        float[] features = new float[200];
        int[] labels = IntStream.range(0, 100).map(i -> i % 4).toArray();
        for (int i = 0; i < 100; i++) {
            features[2 * i] = 100 * (labels[i] % 2) + random.nextFloat();
            features[2 * i + 1] = 100 * (labels[i] / 2) + random.nextFloat();
        }
        return new Samples(2, features, labels);
    }

    @Test
    void kMeansFindsHeapsThatLieApart() {
        Samples heaps = heaps();
        int[] classes = IntStream.range(0, 100).map(heaps::classOf).toArray();
        for (long seed = 0; seed < 10; seed++) {
            int[] groups = Clustering.kMeans(heaps, 4, seed);
            assertEquals(1, nmi(classes, groups), 1e-15, "seed " + seed);
        }
    }

    @Test
    void kMeansFollowsItsSeedAlone() {
        Random random = new Random(2);
        float[] features = new float[600];
        for (int i = 0; i < 600; i++) {
            features[i] = random.nextFloat();
        }
        Samples cloud = new Samples(2, features, new int[300]);
        int[] once = Clustering.kMeans(cloud, 20, 3);
        assertArrayEquals(once, Clustering.kMeans(cloud, 20, 3));
        assertEquals(false, Arrays.equals(once, Clustering.kMeans(cloud, 20, 4)));
    }

    @Test
    void coincidentSamplesAndAsManyGroupsAsSamplesAreGroupedToo() {
        Samples coincident = new Samples(1, new float[] {7, 7, 7, 7}, new int[] {0, 0, 1, 1});
        assertEquals(4, Clustering.kMeans(coincident, 2, 0).length);
        Samples three = new Samples(1, new float[] {1, 2, 3}, new int[] {0, 1, 2});
        assertEquals(3, Arrays.stream(Clustering.kMeans(three, 3, 0)).distinct().count());
        assertArrayEquals(
                new int[] {0}, Clustering.kMeans(new Samples(1, new float[1], new int[1]), 1, 0));
    }
}

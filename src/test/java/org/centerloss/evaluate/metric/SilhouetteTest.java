package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Silhouettes by hand. */
class SilhouetteTest {
    private static Double onALine(float[] places, int... labels) {
        return Silhouette.of(new Samples(1, places, labels));
    }

    @Test
    void twoPairsOnALineByHand() {
        // At 0 and 1: a = 1, b = 10.5 and 9.5; at 10 and 11 the same mirrored.
        double expected = ((10.5 - 1) / 10.5 + (9.5 - 1) / 9.5) / 2;
        assertEquals(expected, onALine(new float[] {0, 1, 10, 11}, 0, 0, 1, 1), 1e-15);
    }

    @Test
    void theNearestOtherClassCountsAndMisplacedSamplesAreNegative() {
        // Class 0 at 0 and 6; class 1 at 5 and 7; class 2 at 100 and 100.
        // 0: a 6, b (5 + 7)/2 = 6 → 0.   6: a 6, b (1 + 1)/2 = 1 → (1 − 6)/6.
        // 5: a 2, b (5 + 1)/2 = 3 → 1/3. 7: a 2, b (7 + 1)/2 = 4 → 2/4.
        // 100: a 0, b (95 + 93)/2 → 1, twice.
        double expected = (0 - 5 / 6.0 + 1 / 3.0 + 2 / 4.0 + 1 + 1) / 6;
        assertEquals(
                expected, onALine(new float[] {0, 6, 5, 7, 100, 100}, 0, 0, 1, 1, 2, 2), 1e-15);
    }

    @Test
    void aSampleAloneInItsClassCountsZero() {
        // 0 and 1: a = 1, b = 10 and 9; the one at 10 counts 0.
        double expected = (9 / 10.0 + 8 / 9.0 + 0) / 3;
        assertEquals(expected, onALine(new float[] {0, 1, 10}, 0, 0, 1), 1e-15);
    }

    @Test
    void coincidentSamplesCountZero() {
        assertEquals(0.0, onALine(new float[] {4, 4, 4, 4}, 0, 0, 1, 1));
    }

    @Test
    void distancesAreEuclideanInSeveralFeatures() {
        // A 3-4-5 triangle: a = 5 for both of class 0; b = 3 and 4; the third is alone.
        Samples triangle = new Samples(2, new float[] {0, 0, 3, 4, 3, 0}, new int[] {0, 0, 1});
        assertEquals(((3 - 5) / 5.0 + (4 - 5) / 5.0) / 3, Silhouette.of(triangle), 1e-15);
    }

    @Test
    void oneClassOrSingleMembersOnlyHaveNone() {
        assertNull(onALine(new float[] {1}, 0));
        assertNull(onALine(new float[] {1, 2, 3}, 0, 0, 0));
        assertNull(onALine(new float[] {1, 2, 3}, 0, 1, 2));
    }
}

package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSetTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void casesByHand() {
        assertEquals(1, OpenSet.areaUnderRoc(new double[] {2, 1}, new double[] {3}));
        assertEquals(0, OpenSet.areaUnderRoc(new double[] {4}, new double[] {3, 0}));
        assertEquals(0.5, OpenSet.areaUnderRoc(new double[] {1, 1}, new double[] {1}));
        assertEquals(0.75, OpenSet.areaUnderRoc(new double[] {1, 3}, new double[] {2, INFINITY}));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itIsTheShareOfPairsInOrder(long seed) {
        Random random = new Random(seed);
        double[] known = random.ints(1 + random.nextInt(40), 0, 10).asDoubleStream().toArray();
        double[] unknown = random.ints(1 + random.nextInt(40), 2, 12).asDoubleStream().toArray();
        double inOrder = 0;
        for (double k : known) {
            for (double u : unknown) {
                inOrder += k < u ? 1 : k == u ? 0.5 : 0;
            }
        }
        assertEquals(
                inOrder / known.length / unknown.length,
                OpenSet.areaUnderRoc(known, unknown),
                1e-12,
                "seed " + seed);
    }
}

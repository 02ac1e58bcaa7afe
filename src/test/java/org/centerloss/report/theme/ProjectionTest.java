package org.centerloss.report.theme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.evaluate.Embeddings;
import org.junit.jupiter.api.Test;

class ProjectionTest {
    private static Embeddings embeddings(int dimension, float... features) {
        int count = features.length / dimension;
        return new Embeddings(dimension, features, new int[count], new int[count]);
    }

    /** Variances 9 : 1 : 0 along (3, 4, 0)/5, (0, 0, 1) and (4, −3, 0)/5, around (1, 1, 1). */
    @Test
    void principalComponentsOfAKnownCase() {
        Projection projection =
                Projection.ofMostVariance(
                                embeddings(
                                        3, 1 + 9, 1 + 12, 1, 1 - 9, 1 - 12, 1, 1, 1, 1 + 5, 1, 1,
                                        1 - 5))
                        .orElseThrow();
        assertArrayEquals(new double[] {0.6, 0.8, 0}, projection.axes()[0], 1e-12);
        assertArrayEquals(new double[] {0, 0, 1}, projection.axes()[1], 1e-12);
        assertEquals("principal component 1 (90.0 % of the variance)", projection.labels()[0]);
        assertEquals("principal component 2 (10.0 % of the variance)", projection.labels()[1]);
        double[][] points = projection.project(new float[] {10, 13, 1, 1, 1, 6});
        assertArrayEquals(new double[] {15, 0}, points[0], 1e-12);
        assertArrayEquals(new double[] {0, 5}, points[1], 1e-12);
    }

    @Test
    void whatCannotBeProjectedIsLeftOut() {
        assertTrue(Projection.ofMostVariance(embeddings(1, 1, 2, 3)).isEmpty(), "one feature");
        assertTrue(Projection.ofMostVariance(embeddings(3, 1, 2, 3)).isEmpty(), "one sample");
        assertTrue(
                Projection.ofMostVariance(embeddings(3, 1, 2, 3, Float.NaN, 0, 0)).isEmpty(),
                "NaN");
    }

    @Test
    void samplesThatCoincideHaveAPlaneWithoutVariance() {
        Projection projection =
                Projection.ofMostVariance(embeddings(3, 1, 2, 3, 1, 2, 3)).orElseThrow();
        assertEquals("principal component 1 (0.0 % of the variance)", projection.labels()[0]);
    }
}

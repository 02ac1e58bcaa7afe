package org.centerloss.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.train.Accuracies;
import org.centerloss.train.ClassCenters;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final Embeddings FOUR =
            new Embeddings(
                    2,
                    new float[] {3, 4, 0, 0, 10, 0, 10, 5},
                    new int[] {0, 0, 1, 1},
                    new int[] {0, 1, 1, 1});

    @Test
    void countsDistancesAndDeviationsEqualThoseByHand() {
        Evaluation e = Evaluation.of(FOUR, new double[][] {{0, 0}, {10, 0}, {1, 1}});
        assertEquals(0.75, e.accuracy());
        assertEquals(0.5, e.accuracy(0));
        assertEquals(1.0, e.accuracy(1));
        assertArrayEquals(new long[] {1, 1, 0}, e.confusion()[0]);
        assertArrayEquals(new long[] {0, 2, 0}, e.confusion()[1]);
        // Class 0 lies 5 and 0 from its center, class 1 0 and 5.
        assertEquals(2.5, e.intraMean()[0], 1e-12);
        assertEquals(Math.sqrt(12.5), e.intraDeviation()[0], 1e-12);
        assertEquals(2.5, e.intraMean()[1], 1e-12);
        assertEquals(10, e.centerDistance(0, 1), 1e-12);
    }

    @Test
    void samplesWithoutFiniteFeaturesCountAsWrongAndOfNoClass() {
        float[] features = FOUR.features().clone();
        features[0] = Float.NaN;
        features[5] = Float.NEGATIVE_INFINITY;
        Embeddings broken = new Embeddings(2, features, FOUR.labels(), FOUR.predictions());
        Evaluation e = Evaluation.of(broken, new double[][] {{0, 0}, {10, 0}});
        assertEquals(0.25, broken.accuracy());
        assertEquals(0.25, e.accuracy());
        assertEquals(0.5, e.accuracy(1));
        assertArrayEquals(new long[] {0, 1}, e.confusion()[0]);
        assertArrayEquals(new long[] {1, 1}, e.notFinite());
    }

    @Test
    void aClassWithoutSamplesHasNoFigures() {
        Evaluation e = Evaluation.of(FOUR, new double[3][2]);
        assertEquals(0, e.count(2));
        assertTrue(Double.isNaN(e.accuracy(2)));
        assertTrue(Double.isNaN(e.intraMean()[2]));
    }

    @Test
    void classMeansEqualThoseByHandAndAClassWithoutSamplesHasNone() {
        double[][] means = FOUR.classMeans(3);
        assertArrayEquals(new double[] {1.5, 2}, means[0], 1e-12);
        assertArrayEquals(new double[] {10, 2.5}, means[1], 1e-12);
        assertArrayEquals(new double[] {Double.NaN, Double.NaN}, means[2]);
    }

    @Test
    void theNearestCenterIsTheFirstOfThoseThatAreNumbers() {
        double[][] centers = {{Double.NaN, 0}, {10, 0}, {10, 0}, {3, 4}};
        assertArrayEquals(new int[] {3, 3, 1, 1}, FOUR.nearest(centers));
    }

    @Test
    void meansClassifyButForALossOfLogits() {
        double[][] trained = {{10, 0}, {0, 0}};
        double[][] means = {{0, 0}, {10, 0}};
        ClassCenters centers = new ClassCenters(false, trained, means);
        assertSame(FOUR, centers.classify(FOUR, CenterKind.TRAINED));
        assertArrayEquals(
                new int[] {0, 0, 1, 1}, centers.classify(FOUR, CenterKind.MEANS).predictions());
        assertEquals(new Accuracies(null, 0.75, 1.0), centers.accuracies(FOUR));
        ClassCenters ofLogits = new ClassCenters(true, trained, means);
        assertSame(FOUR, ofLogits.classify(FOUR, CenterKind.MEANS));
        assertEquals(new Accuracies(0.75, null, 1.0), ofLogits.accuracies(FOUR));
    }
}

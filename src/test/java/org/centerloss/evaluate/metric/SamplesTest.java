package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.centerloss.base.InputException;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static void assertRefused(String fact, float[] features, int... labels) {
        String message =
                assertThrows(InputException.class, () -> new Samples(2, features, labels))
                        .getMessage();
        assertTrue(message.startsWith("features: ") && message.contains(fact), message);
    }

    @Test
    void featuresThatAreNotFiniteAreRefusedWithTheirPlace() {
        assertRefused("found NaN in sample 1, feature 0", new float[] {1, 2, Float.NaN, 4}, 0, 1);
        assertRefused(
                "found -Infinity in sample 0, feature 1",
                new float[] {1, Float.NEGATIVE_INFINITY},
                0);
    }

    @Test
    void noSamplesAndMissingFeaturesAreRefused() {
        assertRefused("at least one sample", new float[0]);
        assertRefused("expected 2 × 2 numbers, found 3", new float[3], 0, 1);
    }

    @Test
    void allFiguresAreTheSameBitsInEveryRunAndOnOneThread() throws Exception {
        Random random = new Random(6);
        float[] features = new float[3 * 700];
        int[] labels = new int[700];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(9);
            for (int k = 0; k < 3; k++) {
                features[3 * i + k] = (float) (labels[i] % 3 + random.nextGaussian());
            }
        }
        EmbeddingMetrics once = EmbeddingMetrics.of(new Samples(3, features, labels), 1);
        assertEquals(once, EmbeddingMetrics.of(new Samples(3, features, labels), 1));
        ForkJoinPool single = new ForkJoinPool(1);
        try {
            EmbeddingMetrics alone =
                    single.submit(() -> EmbeddingMetrics.of(new Samples(3, features, labels), 1))
                            .get();
            assertEquals(once, alone);
        } finally {
            single.shutdown();
        }
        assertEquals(700, once.samples());
        assertEquals(9, once.classes());
    }
}

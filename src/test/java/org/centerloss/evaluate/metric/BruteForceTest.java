package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every metric equals its plain definition on random samples. */
class BruteForceTest {
    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    private static final double TOLERANCE = 1e-12;

    /** Random samples; the name says what is special about them, and how to get them again. */
    private record Case(String name, int dimension, float[] features, int[] labels) {
        @Override
        public String toString() {
            return name;
        }

        BruteForce expected() {
            return new BruteForce(dimension, features, labels);
        }

        Samples samples() {
            return new Samples(dimension, features, labels);
        }
    }

    private static List<Case> cases() {
        return IntStream.range(0, 60).mapToObj(BruteForceTest::random).toList();
    }

    private static Case random(int index) {
        Random random = new Random(SEED * 1000 + index);
        // Some cases fill more than one tile of distances.
        int n = index % 20 == 19 ? 300 + random.nextInt(300) : 1 + random.nextInt(40);
        int dimension = 1 + random.nextInt(5);
        String[] kinds = {"grid", "normal", "coincident", "far from 0"};
        String kind = kinds[random.nextInt(kinds.length)];
        float[] features = new float[n * dimension];
        for (int i = 0; i < features.length; i++) {
            features[i] =
                    switch (kind) {
                        case "grid" -> random.nextInt(4);
                        case "normal" -> (float) random.nextGaussian();
                        case "coincident" -> 2.5f;
                        default -> 1e4f + (float) random.nextGaussian();
                    };
        }
        // From one class only to many of a single member.
        int classes = 1 + random.nextInt(random.nextBoolean() ? 4 : n);
        int[] labels = IntStream.range(0, n).map(i -> 7 * random.nextInt(classes)).toArray();
        String name =
                "seed %d, case %d: %s, %d samples, %d classes, %d features"
                        .formatted(SEED, index, kind, n, classes, dimension);
        return new Case(name, dimension, features, labels);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void retrievalEqualsItsDefinition(Case one) {
        double[] expected = one.expected().retrieval();
        Retrieval found = Retrieval.of(one.samples());
        if (expected == null) {
            assertNull(found);
            return;
        }
        double[] figures = {
            found.precisionAt1(),
            found.rPrecision(),
            found.mapAtR(),
            found.queries(),
            found.withoutFellows()
        };
        assertArrayEquals(expected, figures, TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void silhouetteEqualsItsDefinition(Case one) {
        Double expected = one.expected().silhouette();
        Double found = Silhouette.of(one.samples());
        if (expected == null) {
            assertNull(found);
        } else {
            assertEquals(expected, found, TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normalizedMutualInformationEqualsItsDefinition(Case one) {
        int[] groups = Clustering.kMeans(one.samples(), one.samples().classCount(), SEED);
        assertEquals(
                BruteForce.normalizedMutualInformation(one.labels(), groups),
                Clustering.normalizedMutualInformation(one.labels(), groups),
                TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verificationEqualsItsDefinition(Case one) {
        BruteForce expected = one.expected();
        PairVerification found = PairVerification.of(one.samples(), SEED);
        int same = expected.pairs(true).size();
        int different = expected.pairs(false).size();
        if (same == 0 || different == 0) {
            assertNull(found);
            return;
        }
        assertNotNull(found);
        assertEquals(same, found.samePairs());
        assertEquals(different, found.differentMeasured());
        if (one.labels().length > 100) {
            // Of many pairs only the distances themselves: the plain definitions take too long.
            PairDistances pairs = PairDistances.of(one.samples(), Integer.MAX_VALUE, SEED);
            assertArrayEquals(sorted(expected.pairs(true)), pairs.same());
            assertArrayEquals(sorted(expected.pairs(false)), pairs.different());
            return;
        }
        assertEquals(expected.areaUnderRoc(), found.areaUnderRoc(), TOLERANCE);
        assertEquals(expected.equalErrorRate(), found.equalErrorRate(), TOLERANCE);
        for (PairVerification.TarAtFar rate : found.trueAcceptRates()) {
            assertEquals(expected.trueAcceptRate(rate.falseAcceptRate()), rate.trueAcceptRate());
        }
        List<double[]> roc = expected.roc();
        for (PairVerification.RocPoint point : found.roc()) {
            assertTrue(
                    roc.stream()
                            .anyMatch(
                                    p ->
                                            p[0] == point.falseAcceptRate()
                                                    && p[1] == point.trueAcceptRate()),
                    point.toString());
        }
    }

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pairsThatAreReachedByNumberAreAllPairs(Case one) {
        for (boolean same : new boolean[] {true, false}) {
            double[] all = new NumberedPairs(one.samples(), same).all();
            Arrays.sort(all);
            assertArrayEquals(sorted(one.expected().pairs(same)), all);
        }
    }
}

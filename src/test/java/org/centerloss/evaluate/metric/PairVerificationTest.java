package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.centerloss.evaluate.metric.PairVerification.RocPoint;
import org.junit.jupiter.api.Test;

/** ROC, area, equal error rate and accept rates, by hand. */
class PairVerificationTest {
    /** Verification of pairs at these distances, ascending. */
    private static PairVerification of(double[] same, double[] different) {
        return PairVerification.of(
                new PairDistances(
                        same.length, different.length, squares(same), squares(different)));
    }

    private static double[] squares(double[] distances) {
        return Arrays.stream(distances).map(d -> d * d).toArray();
    }

    private static Double tar(PairVerification v, double far) {
        return v.trueAcceptRates().stream()
                .filter(rate -> rate.falseAcceptRate() == far)
                .findFirst()
                .orElseThrow()
                .trueAcceptRate();
    }

    @Test
    void pairsThatDoNotMixAreToldApartWithoutError() {
        PairVerification v = of(new double[] {1, 2}, new double[] {3, 4, 5});
        assertEquals(1, v.areaUnderRoc());
        assertEquals(0, v.equalErrorRate());
    }

    @Test
    void theExampleOfFourPairsByHand() {
        // By distance: same, different, same, different; three of the four pairs in order.
        PairVerification v = of(new double[] {1, 3}, new double[] {2, 4});
        assertEquals(0.75, v.areaUnderRoc());
        // The ROC goes (0, ½), (½, ½), …: FAR = 1 − TAR at ½.
        assertEquals(0.5, v.equalErrorRate());
        assertEquals(
                List.of(
                        new RocPoint(0, 0, 0),
                        new RocPoint(1, 0, 0.5),
                        new RocPoint(2, 0.5, 0.5),
                        new RocPoint(3, 0.5, 1),
                        new RocPoint(4, 1, 1)),
                v.roc());
    }

    @Test
    void tiesCountOneHalfAndMakeTheRocSlant() {
        // All at one distance: chance.
        PairVerification v = of(new double[] {2, 2}, new double[] {2, 2, 2});
        assertEquals(0.5, v.areaUnderRoc());
        assertEquals(0.5, v.equalErrorRate());
        // Same at 1 and 2, different at 2 and 3: (1 + 1 + ½ + 1) / 4.
        PairVerification partly = of(new double[] {1, 2}, new double[] {2, 3});
        assertEquals(3.5 / 4, partly.areaUnderRoc());
        // From (0, ½) to (½, 1): FAR = 1 − TAR halfway, at ¼.
        assertEquals(0.25, partly.equalErrorRate());
    }

    @Test
    void pairsInTheWrongOrderAreWorseThanChance() {
        PairVerification v = of(new double[] {5, 6}, new double[] {1, 2});
        assertEquals(0, v.areaUnderRoc());
        assertEquals(1, v.equalErrorRate());
    }

    @Test
    void trueAcceptRateIsTheHighestWithinTheFalseAcceptRate() {
        // 20 different pairs at 11 to 30; at most 2 of them may be accepted at FAR 0.1.
        double[] different = IntStream.range(11, 31).asDoubleStream().toArray();
        PairVerification v = of(new double[] {1, 11.5, 12.5, 13, 20}, different);
        // The same pair at 13 is accepted only together with the third different one, its tie.
        assertEquals(3 / 5.0, tar(v, 0.1));
        assertNull(tar(v, 0.01), "20 pairs cannot show one in a hundred");
    }

    @Test
    void aRateIsMeasurableFromOnePairToAnAcceptOn() {
        double[] hundred = IntStream.range(10, 110).asDoubleStream().toArray();
        PairVerification v = of(new double[] {5, 10.5, 11.5}, hundred);
        assertEquals(2 / 3.0, tar(v, 0.01), "one false accept, at 10");
        assertNull(tar(v, 0.001));
    }

    @Test
    void samplesOnALineByHand() {
        // Same: |0 − 1| = 1 and |3 − 5| = 2. Different: 3, 5, 2, 4.
        PairVerification v =
                PairVerification.of(
                        new Samples(1, new float[] {0, 1, 3, 5}, new int[] {0, 0, 1, 1}), 0);
        assertEquals(2, v.samePairs());
        assertEquals(4, v.differentPairs());
        assertEquals((4 + 3.5) / 8, v.areaUnderRoc());
    }

    @Test
    void withoutPairsOfEitherKindThereIsNothingToMeasure() {
        assertNull(PairVerification.of(new Samples(1, new float[1], new int[1]), 0));
        assertNull(PairVerification.of(new Samples(1, new float[3], new int[3]), 0));
        assertNull(PairVerification.of(new Samples(1, new float[2], new int[] {0, 1}), 0));
    }

    @Test
    void theRocIsThinnedButKeepsItsEndsAndRises() {
        Random random = new Random(3);
        double[] same = random.doubles(5000).sorted().toArray();
        double[] different = random.doubles(5000).map(d -> d + 0.2).sorted().toArray();
        List<RocPoint> roc = of(same, different).roc();
        assertTrue(roc.size() > 500 && roc.size() <= 1002, "points: " + roc.size());
        assertEquals(new RocPoint(0, 0, 0), roc.get(0));
        RocPoint last = roc.get(roc.size() - 1);
        assertEquals(2, last.falseAcceptRate() + last.trueAcceptRate());
        for (int i = 1; i < roc.size(); i++) {
            assertTrue(roc.get(i).distance() >= roc.get(i - 1).distance());
            assertTrue(roc.get(i).falseAcceptRate() >= roc.get(i - 1).falseAcceptRate());
            assertTrue(roc.get(i).trueAcceptRate() >= roc.get(i - 1).trueAcceptRate());
        }
    }

    private static Samples cloud(int count, int classes) {
        Random random = new Random(4);
        float[] features = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(classes);
            features[2 * i] = labels[i] + (float) random.nextGaussian();
            features[2 * i + 1] = (float) random.nextGaussian();
        }
        return new Samples(2, features, labels);
    }

    @Test
    void ofMorePairsThanTheLimitASeededSampleIsNearTheWhole() {
        Samples samples = cloud(1000, 5);
        PairVerification whole = PairVerification.of(PairDistances.of(samples, 500_000, 0));
        assertEquals(499_500, whole.sameMeasured() + whole.differentMeasured());
        PairDistances drawn = PairDistances.of(samples, 80_000, 7);
        PairVerification some = PairVerification.of(drawn);
        assertEquals(whole.samePairs(), some.samePairs());
        assertEquals(40_000, some.sameMeasured());
        assertEquals(40_000, some.differentMeasured());
        // The standard error of 40,000 draws is below 0.003.
        assertEquals(whole.areaUnderRoc(), some.areaUnderRoc(), 0.01);
        assertEquals(whole.equalErrorRate(), some.equalErrorRate(), 0.01);
        PairDistances again = PairDistances.of(samples, 80_000, 7);
        assertArrayEquals(drawn.same(), again.same());
        assertArrayEquals(drawn.different(), again.different());
        PairDistances other = PairDistances.of(samples, 80_000, 8);
        assertTrue(!Arrays.equals(drawn.same(), other.same()));
    }

    @Test
    void aKindWithFewPairsIsMeasuredWholeThoughTheOtherIsDrawn() {
        Samples samples = cloud(1000, 200);
        PairDistances whole = PairDistances.of(samples, 500_000, 0);
        PairDistances drawn = PairDistances.of(samples, 80_000, 0);
        assertArrayEquals(whole.same(), drawn.same());
        assertEquals(40_000, drawn.different().length);
    }

    @Test
    void everyPairOfItsKindIsDrawn() {
        // 2 + 1 + 3 samples at powers of 2, so that a pair is known by its distance.
        Samples samples =
                new Samples(1, new float[] {1, 2, 4, 8, 16, 32}, new int[] {0, 0, 1, 2, 2, 2});
        for (boolean same : new boolean[] {true, false}) {
            NumberedPairs pairs = new NumberedPairs(samples, same);
            double[] drawn = pairs.drawn(11_000, 5);
            double[] all = pairs.all();
            assertEquals(same ? 4 : 11, all.length);
            for (double one : all) {
                long count = Arrays.stream(drawn).filter(d -> d == one).count();
                // Five standard deviations about the mean.
                double mean = 11_000.0 / all.length;
                assertEquals(mean, count, 5 * Math.sqrt(mean), "pairs at " + Math.sqrt(one));
            }
        }
    }
}

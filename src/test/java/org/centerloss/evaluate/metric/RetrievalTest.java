package org.centerloss.evaluate.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Precision at 1, R-precision and MAP@R, by hand. */
class RetrievalTest {
    private static Retrieval onALine(float[] places, int... labels) {
        return Retrieval.of(new Samples(1, places, labels));
    }

    /** A query with {@code fellows} fellows, of which those at {@code ranks} are found. */
    private static void assertFigures(double rPrecision, double mapAtR, int fellows, int... ranks) {
        boolean[] hits = new boolean[fellows];
        for (int rank : ranks) {
            hits[rank - 1] = true;
        }
        Retrieval.Query query = Retrieval.Query.of(hits);
        assertEquals(hits[0] ? 1 : 0, query.precisionAt1());
        assertEquals(rPrecision, query.rPrecision(), 1e-15);
        assertEquals(mapAtR, query.averagePrecisionAtR(), 1e-15);
    }

    @Test
    void singleQueriesByHand() {
        assertFigures(0, 0, 10);
        assertFigures(0.1, 0.1, 10, 1);
        assertFigures(0.2, (1 + 2 / 10.0) / 10, 10, 1, 10);
        assertFigures(0.2, (1 + 2 / 2.0) / 10, 10, 1, 2);
        assertFigures(2 / 3.0, (1 / 2.0 + 2 / 3.0) / 3, 3, 2, 3);
        assertFigures(1, 1, 4, 1, 2, 3, 4);
    }

    @Test
    void fiveSamplesOnALineByHand() {
        // a at 0, 1 and 10; b at 2 and 9.
        Retrieval r = onALine(new float[] {0, 1, 10, 2, 9}, 0, 0, 0, 1, 1);
        // a 0:  1 a | 2 b            P@1 1, R-precision 1/2, (1/1)/2
        // a 1:  0 a | 2 b (tie at 1; index 0 first)    P@1 1, 1/2, 1/2
        // a 10: 9 b | 2 b            0, 0, 0
        // b 2:  1 a                  0, 0, 0
        // b 9:  10 a                 0, 0, 0
        assertEquals(2 / 5.0, r.precisionAt1(), 1e-15);
        assertEquals(1 / 5.0, r.rPrecision(), 1e-15);
        assertEquals(1 / 5.0, r.mapAtR(), 1e-15);
        assertEquals(5, r.queries());
        assertEquals(0, r.withoutFellows());
    }

    @Test
    void mapAtRCountsEarlyHitsMore() {
        // Seen from 0, the places 1 to 4 hold: b a b a, with R = 4 fellows, two of them far away.
        float[] places = {0, 1, 2, 3, 4, 100, 101};
        Retrieval all = onALine(places, 0, 1, 0, 1, 0, 0, 0);
        Retrieval without = onALine(places, 0, 1, 2, 1, 3, 4, 5);
        assertEquals(2, without.queries(), "only the two of class 1 have fellows");
        assertEquals(5, without.withoutFellows());
        // Query 0: hits at ranks 2 and 4: R-precision 2/4, MAP@R (1/2 + 2/4)/4 = 1/4.
        // Query 2 (place 2): 1 b, 3 b, 0 a, 4 a: the same 2/4; (1/3 + 2/4)/4 = 5/24.
        // Query 4 (place 4): 3 b, 2 a, 1 b, 0 a: 2/4; (1/2 + 2/4)/4 = 1/4.
        // Query 100: 101 a, 4 a, 3 b, 2 a: 3/4; (1 + 1 + 3/4)/4 = 11/16.
        // Query 101: 100 a, 4 a, 3 b, 2 a: the same 11/16.
        // The two b, R = 1: place 1: 0 a (a tie with 2, which is later); place 3: 2 a.
        assertEquals(
                (2 / 4.0 + 2 / 4.0 + 2 / 4.0 + 3 / 4.0 + 3 / 4.0) / 7, all.rPrecision(), 1e-15);
        assertEquals(
                (1 / 4.0 + 5 / 24.0 + 1 / 4.0 + 11 / 16.0 + 11 / 16.0) / 7, all.mapAtR(), 1e-15);
        assertEquals(2 / 7.0, all.precisionAt1(), 1e-15);
    }

    @Test
    void ofNeighboursAtEqualDistanceTheLowerIndexGoesFirst() {
        // The sample at 0 has neighbours at −1 and 1; R = 1, so one place for two.
        Retrieval fellowFirst = onALine(new float[] {-1, 0, 1}, 5, 5, 6);
        assertEquals(1, fellowFirst.precisionAt1());
        Retrieval strangerFirst = onALine(new float[] {1, 0, -1}, 6, 5, 5);
        // For the query at 0 the stranger at index 0 wins; the query at −1 finds 0.
        assertEquals(0.5, strangerFirst.precisionAt1());
        assertEquals(0.5, strangerFirst.rPrecision());
    }

    @Test
    void aSampleIsNeverItsOwnNeighbour() {
        // Were it so, every query would find itself at distance 0.
        Retrieval r = onALine(new float[] {0, 10, 1, 11}, 0, 0, 1, 1);
        assertEquals(0, r.precisionAt1());
    }

    @Test
    void coincidentSamplesAreTakenByIndex() {
        // All at one place: everybody's nearest is sample 0, for which it is sample 1.
        Retrieval r = onALine(new float[] {3, 3, 3, 3}, 0, 0, 1, 1);
        assertEquals(0.5, r.precisionAt1());
    }

    @Test
    void aSingleClassIsRetrievedWithoutError() {
        Retrieval r = onALine(new float[] {0, 1, 5}, 4, 4, 4);
        assertEquals(1, r.precisionAt1());
        assertEquals(1, r.rPrecision());
        assertEquals(1, r.mapAtR());
    }

    @Test
    void withoutFellowsThereIsNothingToMeasure() {
        assertNull(onALine(new float[] {1}, 0));
        assertNull(onALine(new float[] {1, 2, 3}, 0, 1, 2));
    }
}

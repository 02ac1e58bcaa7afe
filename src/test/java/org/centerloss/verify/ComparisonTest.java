package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static Comparison compare(double actual, double reference) {
        return Comparison.of(new double[] {0, actual}, new double[] {0, reference}, 0.5, 0.1);
    }

    @Test
    void boundIsAbsolutePlusRelativePart() {
        assertTrue(compare(11.4, 10).pass());
        assertTrue(compare(8.6, 10).pass());
        assertFalse(compare(11.6, 10).pass());
        assertFalse(compare(8.4, 10).pass());
        assertFalse(compare(10, -10).pass());
    }

    @Test
    void worstElementIsNamedWithBothValues() {
        Comparison comparison =
                Comparison.of(new double[] {1, 2, 3.5}, new double[] {1, 1, 3}, 0.1, 0);
        assertFalse(comparison.pass());
        assertEquals(1, comparison.worstIndex());
        assertEquals(10, comparison.worstRatio(), 1e-12);
        assertEquals(1, comparison.maxAbs());
        assertEquals(1, comparison.maxRel());
        assertEquals(Math.sqrt(1.25 / 11), comparison.relativeL2(), 1e-15);
        assertEquals("element 1: 2.0, reference 1.0, 10.0 × the bound", comparison.detail());
    }

    @Test
    void notANumberNeverPasses() {
        assertFalse(compare(Double.NaN, 1).pass());
        assertFalse(compare(1, Double.NaN).pass());
        assertFalse(compare(Double.NaN, Double.NaN).pass());
        assertEquals(1, compare(Double.NaN, Double.NaN).worstIndex());
        double[] nan = {Double.NaN};
        assertFalse(Comparison.of(nan, new double[] {1}, INFINITY, 0).pass());
        assertFalse(Comparison.of(new double[] {1}, new double[] {2}, Double.NaN, 0).pass());
        assertFalse(Comparison.ofTensor(nan, new double[] {1}, 1, 1).pass());
        assertFalse(Comparison.ofTensor(new double[] {1}, nan, 1, 1).pass());
        assertFalse(Comparison.of(nan, nan, new Tolerance(1, 1)).pass());
    }

    @Test
    void infinityPassesOnlyWithTheSameInfinity() {
        assertTrue(compare(-INFINITY, -INFINITY).pass());
        assertFalse(compare(-INFINITY, INFINITY).pass());
        assertFalse(compare(INFINITY, 1).pass());
        assertFalse(compare(1, INFINITY).pass());
        assertEquals(0, compare(INFINITY, INFINITY).relativeL2());
        assertFalse(Comparison.ofTensor(new double[] {INFINITY}, new double[] {1}, 1, 1).pass());
    }

    @Test
    void differentSizesAndNothingDoNotPass() {
        Comparison sizes = Comparison.of(new double[2], new double[3], 1, 1);
        assertFalse(sizes.pass());
        assertEquals("expected 3 values, found 2", sizes.detail());
        assertFalse(Comparison.of(new double[0], new double[0], 1, 1).pass());
        assertFalse(Comparison.ofTensor(new double[0], new double[0], 1, 1).pass());
        assertFalse(Comparison.ofTensor(new double[2], new double[3], 1, 1).pass());
    }

    @Test
    void zeroReferenceNeedsAnAbsoluteBound() {
        double[] zero = {0};
        assertTrue(Comparison.of(zero, zero, 0, 0).pass());
        assertEquals(0, Comparison.of(zero, zero, 0, 0).relativeL2());
        Comparison off = Comparison.of(new double[] {1e-300}, zero, 0, 0.5);
        assertFalse(off.pass());
        assertTrue(Comparison.of(new double[] {1e-9}, zero, 1e-8, 0).pass());
        assertEquals(INFINITY, Comparison.of(new double[] {1e-9}, zero, 1e-8, 0).relativeL2());
    }

    @Test
    void tensorIsMeasuredByItsNormOrAThousandthOfAll() {
        double[] reference = {3, 4};
        assertTrue(Comparison.ofTensor(new double[] {3, 4.4}, reference, 0, 0.1).pass());
        assertFalse(Comparison.ofTensor(new double[] {3, 4.6}, reference, 0, 0.1).pass());
        double[] zero = {0, 0};
        assertTrue(Comparison.ofTensor(new double[] {0, 0.9e-4}, zero, 1, 0.1).pass());
        assertFalse(Comparison.ofTensor(new double[] {0, 1.1e-4}, zero, 1, 0.1).pass());
        assertFalse(Comparison.ofTensor(new double[] {0, 1e-9}, zero, 0, 0.1).pass());
    }
}

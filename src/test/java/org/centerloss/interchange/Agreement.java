package org.centerloss.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How near two results are, relative to the scale of the expected one. */
public final class Agreement {
    private Agreement() {}

    /**
     * Holds ‖found − expected‖ / ‖expected‖ and max|found − expected| / max|expected| to a
     * tolerance; what is not a number fails.
     */
    public static void assertNear(String what, double[] expected, float[] found, double tolerance) {
        assertEquals(expected.length, found.length, what);
        double squares = 0;
        double errorSquares = 0;
        double largest = 0;
        double largestError = 0;
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs(found[i] - expected[i]);
            squares += expected[i] * expected[i];
            errorSquares += error * error;
            largest = Math.max(largest, Math.abs(expected[i]));
            largestError = Math.max(largestError, error);
        }
        double ofNorm = Math.sqrt(errorSquares / squares);
        double ofLargest = largestError / largest;
        String said =
                "%s: error %.2e of the norm, %.2e of the largest element"
                        .formatted(what, ofNorm, ofLargest);
        assertTrue(ofNorm <= tolerance && ofLargest <= tolerance, said);
    }
}

package org.centerloss.verify;

/**
 * The one comparator: a result a against its reference r.
 *
 * <p>An element passes only where |a − r| ≤ absolute + relative · |r|. NaN never passes, on either
 * side or both. An infinite reference passes only with the same infinity (the spread of coincident
 * centers is −∞ on every device); such a pair counts as no difference. Results of different sizes
 * and empty results do not pass: a comparison of nothing proves nothing.
 *
 * @param worstIndex the element with the largest ratio of difference and bound; −1 without elements
 * @param worstRatio that ratio; infinite where an element cannot pass by any bound
 * @param maxAbs largest |a − r|
 * @param maxRel largest |a − r| / |r| over r ≠ 0
 * @param relativeL2 ‖a − r‖ / ‖r‖; for r = 0, 0 or infinite
 * @param detail empty when passed, otherwise one line that says what is wrong
 */
public record Comparison(
        boolean pass,
        int worstIndex,
        double worstRatio,
        double maxAbs,
        double maxRel,
        double relativeL2,
        String detail) {

    /** Compares element by element. */
    public static Comparison of(
            double[] actual, double[] reference, double absolute, double relative) {
        if (actual.length != reference.length || actual.length == 0) {
            return incomparable(actual.length, reference.length);
        }
        int worst = 0;
        double worstRatio = 0;
        double maxAbs = 0;
        double maxRel = 0;
        double differenceSquares = 0;
        double referenceSquares = 0;
        for (int i = 0; i < actual.length; i++) {
            double a = actual[i];
            double r = reference[i];
            double ratio = ratio(a, r, absolute + relative * Math.abs(r));
            if (ratio > worstRatio) {
                worst = i;
                worstRatio = ratio;
            }
            if (a == r) {
                referenceSquares += Double.isInfinite(r) ? 0 : r * r;
                continue;
            }
            double difference = Math.abs(a - r);
            maxAbs = Math.max(maxAbs, difference);
            maxRel = r == 0 ? maxRel : Math.max(maxRel, difference / Math.abs(r));
            differenceSquares += difference * difference;
            referenceSquares += r * r;
        }
        boolean pass = worstRatio <= 1;
        String detail =
                pass
                        ? ""
                        : "element %d: %s, reference %s, %.3g × the bound"
                                .formatted(worst, actual[worst], reference[worst], worstRatio);
        double l2 = differenceSquares == 0 ? 0 : Math.sqrt(differenceSquares / referenceSquares);
        return new Comparison(pass, worst, worstRatio, maxAbs, maxRel, l2, detail);
    }

    /** Compares element by element with a bound that follows the tensor's magnitude. */
    public static Comparison of(double[] actual, double[] reference, Tolerance tolerance) {
        double largest = 0;
        for (double r : reference) {
            if (Double.isFinite(r)) {
                largest = Math.max(largest, Math.abs(r));
            }
        }
        return of(actual, reference, tolerance.absolute(largest), tolerance.relative());
    }

    /**
     * Compares as a whole: ‖a − r‖ ≤ tolerance · max(‖r‖, 10⁻³ · ‖all gradients‖). The second part
     * is for gradients that are zero but for rounding, as of a convolution's bias in front of a
     * batch normalisation.
     *
     * @param normOfAll the norm of all gradients of the reference together; 0 to hold ‖r‖ alone
     */
    public static Comparison ofTensor(
            double[] actual, double[] reference, double normOfAll, double tolerance) {
        return asWhole(
                of(actual, reference, 0, tolerance),
                actual,
                reference,
                tolerance * Math.max(norm(reference), 1e-3 * normOfAll));
    }

    /** Compares as a whole: ‖a − r‖ ≤ bound. */
    public static Comparison within(double[] actual, double[] reference, double bound) {
        return asWhole(of(actual, reference, bound, 0), actual, reference, bound);
    }

    private static Comparison asWhole(
            Comparison elements, double[] actual, double[] reference, double bound) {
        if (elements.worstIndex < 0) {
            return elements;
        }
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            squares += (actual[i] - reference[i]) * (actual[i] - reference[i]);
        }
        double difference = Math.sqrt(squares);
        boolean pass = difference <= bound && Double.isFinite(bound);
        String detail =
                pass
                        ? ""
                        : "‖a − r‖ = %.3g, bound %.3g; element %d: %s, reference %s"
                                .formatted(
                                        difference,
                                        bound,
                                        elements.worstIndex,
                                        actual[elements.worstIndex],
                                        reference[elements.worstIndex]);
        return new Comparison(
                pass,
                elements.worstIndex,
                difference == 0 ? 0 : difference / bound,
                elements.maxAbs,
                elements.maxRel,
                elements.relativeL2,
                detail);
    }

    /** The Euclidean norm. */
    public static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static Comparison incomparable(int found, int expected) {
        return new Comparison(
                false,
                -1,
                Double.POSITIVE_INFINITY,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                expected == found
                        ? "nothing to compare"
                        : "expected %d values, found %d".formatted(expected, found));
    }

    /** Difference in units of the bound; infinite where no bound lets the pair pass. */
    private static double ratio(double a, double r, double bound) {
        if (a == r) {
            return 0;
        }
        double ratio = Math.abs(a - r) / bound;
        return Double.isFinite(r) && !Double.isNaN(ratio) ? ratio : Double.POSITIVE_INFINITY;
    }
}

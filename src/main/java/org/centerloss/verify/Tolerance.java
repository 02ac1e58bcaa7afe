package org.centerloss.verify;

/**
 * How far a result may be from its reference: |a − r| ≤ relative · (|r| + max|r| + terms).
 *
 * <p>A sum's rounding error is in proportion to its terms, not to itself, so an element that came
 * out small by cancellation is measured by its tensor's largest element, and where the whole tensor
 * may cancel, by the magnitude of the terms.
 *
 * @param relative the factor; 0 for results that must be equal
 * @param terms magnitude of the terms of the sums behind the result; 0 where they do not cancel
 */
public record Tolerance(double relative, double terms) {
    public static final Tolerance EXACT = new Tolerance(0, 0);

    /** For a float32 sum of {@code length} terms: a random walk of roundings, and some to spare. */
    public static Tolerance sum(long length) {
        return new Tolerance(0x1p-23 * (4 + Math.sqrt(length)), 0);
    }

    /** For a float32 sum of {@code length} terms around one, of either sign. */
    public static Tolerance randomSum(long length) {
        return sum(length).withTerms(Math.sqrt(length));
    }

    /** For terms of that magnitude, which may cancel. */
    public Tolerance withTerms(double magnitude) {
        return new Tolerance(relative, magnitude);
    }

    /** With another factor. */
    public Tolerance withRelative(double factor) {
        return new Tolerance(factor, terms);
    }

    /** The part of the bound that is the same for all elements. */
    double absolute(double largest) {
        return relative == 0 ? 0 : relative * (largest + terms);
    }
}

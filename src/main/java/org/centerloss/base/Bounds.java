package org.centerloss.base;

import org.centerloss.format.StrictJson;

/**
 * What the constructors of records demand of their components, where these come from files: {@link
 * StrictJson} turns the exceptions into a refusal of the file.
 */
public final class Bounds {
    private static final int LONGEST_SHOWN = 60;

    private Bounds() {}

    /**
     * @throws IllegalArgumentException if {@code value} is below {@code least}
     */
    public static void atLeast(String field, long value, long least) {
        require(value >= least, field, "at least " + least, value);
    }

    /**
     * @throws IllegalArgumentException if {@code value} is not finite, or not above 0
     */
    public static void positive(String field, double value) {
        require(value > 0 && Double.isFinite(value), field, "a number above 0", value);
    }

    /**
     * @throws IllegalArgumentException if {@code value} is not finite
     */
    public static void finite(String field, double value) {
        require(Double.isFinite(value), field, "a finite number", value);
    }

    /**
     * @throws IllegalArgumentException if {@code value} does not lie from {@code low} to {@code
     *     high}
     */
    public static void within(String field, double value, double low, double high) {
        require(value >= low && value <= high, field, plain(low) + " to " + plain(high), value);
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
    }

    /**
     * @param expected in words
     * @throws IllegalArgumentException if a condition does not hold
     */
    public static void require(boolean holds, String field, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s: expected %s, found %s".formatted(field, expected, shown(found)));
        }
    }

    /** A value as a message shows it: whole where it is short, else how it begins. */
    public static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}

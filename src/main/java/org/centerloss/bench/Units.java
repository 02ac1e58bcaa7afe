package org.centerloss.bench;

import java.util.Locale;

/** Quantities for a person: three digits and a unit. */
public final class Units {
    private static final String[] TIMES = {"s", "ms", "µs", "ns"};
    private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB"};

    private Units() {}

    public static String seconds(double seconds) {
        double value = seconds;
        int unit = 0;
        while (value < 0.9995 && value > 0 && unit < TIMES.length - 1) {
            value *= 1000;
            unit++;
        }
        return digits(value) + " " + TIMES[unit];
    }

    /** As {@link #seconds}, without zeros at the end: for round numbers. */
    public static String roundSeconds(double seconds) {
        String[] parts = seconds(seconds).split(" ");
        return trimmed(parts[0]) + " " + parts[1];
    }

    /** As {@link #digits}, without zeros at the end. */
    public static String round(double value) {
        return trimmed(digits(value));
    }

    private static String trimmed(String number) {
        return number.matches("\\d+\\.\\d+") ? number.replaceFirst("\\.?0+$", "") : number;
    }

    /** In powers of 1000. */
    public static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < BYTES.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? "%.0f B".formatted(value) : digits(value) + " " + BYTES[unit];
    }

    /** Three digits, without exponent unless the number is far from 1. */
    public static String digits(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double magnitude = Math.abs(value);
        if (magnitude >= 1e6 || magnitude < 9.995e-4 && magnitude > 0) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        int decimals =
                magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.0995 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    public static String percent(double share) {
        return share < 1e-3 ? "<0.1 %" : digits(100 * share) + " %";
    }
}

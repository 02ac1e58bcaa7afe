package org.centerloss.report.theme;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.time.Duration;
import java.util.Locale;

/** How reports and pictures write numbers: with a minus sign (U+2212), not a hyphen. */
public final class Numbers {
    private static final char MINUS = '\u2212';

    private Numbers() {}

    /** As {@link String#format} does in every locale alike, but for the minus sign. */
    public static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value).replace('-', MINUS);
    }

    /**
     * A format of numbers beside an axis.
     *
     * @param pattern of a {@link DecimalFormat}
     */
    public static NumberFormat axis(String pattern) {
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        symbols.setMinusSign(MINUS);
        return new DecimalFormat(pattern, symbols);
    }

    /** {@code 0.9213} as {@code 92.13 %}. */
    public static String percent(double fraction) {
        return Double.isNaN(fraction) ? "–" : format("%.2f %%", 100 * fraction);
    }

    /** {@code 0.0213} as {@code +2.13 points}, of percent. */
    public static String points(double fraction) {
        return format("%+.2f points", 100 * fraction);
    }

    public static String count(double value) {
        return Double.isNaN(value) ? "–" : format("%,.0f", value);
    }

    /** Four decimals, as the console writes a loss. */
    public static String decimals(double value) {
        return Double.isNaN(value) ? "–" : format("%.4f", value);
    }

    /** {@code 3 min 20 s}, {@code 2 h 5 min}. */
    public static String duration(double seconds) {
        if (Double.isNaN(seconds)) {
            return "–";
        }
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d s".formatted(time.toSeconds());
    }
}

package org.centerloss.report;

import java.time.Duration;
import java.util.Locale;

/** How a report writes numbers. */
final class Numbers {
    private Numbers() {}

    /** {@code 0.9213} as {@code 92.13 %}. */
    static String percent(double fraction) {
        return Double.isNaN(fraction) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
    }

    /** {@code 0.0213} as {@code +2.13 points}, of percent. */
    static String points(double fraction) {
        return String.format(Locale.ROOT, "%+.2f points", 100 * fraction);
    }

    static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    /** Four decimals, as the console writes a loss. */
    static String decimals(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
    }

    /** {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String duration(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d s".formatted(time.toSeconds());
    }
}

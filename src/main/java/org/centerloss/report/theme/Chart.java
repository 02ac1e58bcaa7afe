package org.centerloss.report.theme;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Curves over one axis, as the script of a page draws them.
 *
 * @param note a sentence below the heading; null for none
 * @param axis what x counts; cursors of charts with the same axis move together
 * @param unit what y measures, with its unit
 * @param format how values are written: percent, points (of percent), count, number
 * @param logarithmic whether equal factors are equally far apart
 * @param x ascending
 */
public record Chart(
        @JsonIgnore String heading,
        @JsonIgnore String note,
        String axis,
        String unit,
        Format format,
        boolean logarithmic,
        double[] x,
        List<Series> series) {

    /** How values are written. */
    public enum Format {
        percent,
        points,
        count,
        number
    }

    /**
     * A curve.
     *
     * @param colour a variable of the style sheet
     * @param dash lengths of strokes and gaps, pixels; empty for a line without gaps
     * @param values a value for each x; null for none
     */
    public record Series(String name, String colour, int[] dash, List<Double> values) {
        private static final int COLOURS = 8;
        private static final int[][] DASHES = {{}, {8, 4}, {2, 3}};

        /** The curve that a chart is about. */
        public static Series leading(String name, double[] values) {
            return new Series(name, "--accent", DASHES[0], finite(values));
        }

        /** A curve beside it. */
        public static Series second(String name, double[] values) {
            return new Series(name, "--quiet", DASHES[1], finite(values));
        }

        /** Another measure of what the chart is about. */
        public static Series beside(String name, double[] values) {
            return new Series(name, "--accent", DASHES[2], finite(values));
        }

        /** The curve of the {@code i}-th of several runs. */
        public static Series ofRun(int i, String name, double[] values) {
            return new Series(
                    name,
                    "--run-" + i % COLOURS,
                    DASHES[i / COLOURS % DASHES.length],
                    finite(values));
        }

        private static List<Double> finite(double[] values) {
            return Arrays.stream(values)
                    .mapToObj(v -> Double.isFinite(v) ? v : null)
                    .collect(Collectors.toList());
        }
    }

    /** What a reader who does not see the chart is told. */
    @JsonIgnore
    String description() {
        String names = series.stream().map(Series::name).collect(Collectors.joining(", "));
        return "%s by %s: %s. Arrow keys move along the curves."
                .formatted(heading, axis.toLowerCase(java.util.Locale.ROOT), names);
    }
}

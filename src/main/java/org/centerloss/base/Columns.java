package org.centerloss.base;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jline.utils.WCWidth;

/**
 * The columns of a table of text. Cells stand at least two blanks apart, however long they are,
 * numbers at the right, names at the left. They are made {@link Printable}. A table too wide for
 * the terminal does without some of its columns.
 */
public final class Columns {
    private static final String GAP = "  ";

    /**
     * A column.
     *
     * @param width of its cells; a wider cell moves the rest of its row to the right
     * @param left whether its cells stand at the left
     */
    public record Column(String head, int width, boolean left) {
        /** A column of numbers, at least as wide as its head. */
        public static Column number(String head, int width) {
            return new Column(head, Math.max(width, Columns.width(head)), false);
        }

        /** A column of names, at least as wide as its head. */
        public static Column name(String head, int width) {
            return new Column(head, Math.max(width, Columns.width(head)), true);
        }
    }

    private final List<Column> columns;
    private final List<Integer> shown;

    private Columns(List<Column> columns, List<Integer> shown) {
        this.columns = columns;
        this.shown = shown;
    }

    /**
     * The columns that fit side by side.
     *
     * @param width of the terminal, in characters
     * @param spare the heads of those that can be left out, the first one first
     */
    public static Columns fitting(int width, List<Column> columns, List<String> spare) {
        List<Integer> shown = new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
        for (String head : spare) {
            if (total(columns, shown) > width) {
                shown.removeIf(c -> columns.get(c).head.equals(head));
            }
        }
        return new Columns(List.copyOf(columns), List.copyOf(shown));
    }

    private static int total(List<Column> columns, List<Integer> shown) {
        return shown.stream().mapToInt(c -> columns.get(c).width + GAP.length()).sum()
                - GAP.length();
    }

    /** The heads of what was left out, in order. */
    public List<String> leftOut() {
        return IntStream.range(0, columns.size())
                .filter(c -> !shown.contains(c))
                .mapToObj(c -> columns.get(c).head)
                .toList();
    }

    /** The line with the heads. */
    public String head() {
        return line(columns.stream().map(Column::head).toList());
    }

    /**
     * A line of the table.
     *
     * @param cells one for each column, those left out included
     */
    public String line(List<String> cells) {
        return shown.stream()
                .map(c -> padded(Printable.of(cells.get(c)), columns.get(c)))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String padded(String cell, Column column) {
        String blanks = " ".repeat(Math.max(0, column.width - width(cell)));
        return column.left ? cell + blanks : blanks + cell;
    }

    /** How many columns of a terminal a text takes: two for each sign of East Asian scripts. */
    public static int width(String text) {
        return Printable.of(text).codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }

    /** A text that takes at most so many columns, with "…" at the end where it is longer. */
    public static String shortened(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 0 && width(text.substring(0, end)) > width - 1) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end) + "…";
    }

    /**
     * A number in at most so many characters where that is possible: with the decimals that there
     * is room for, else with an exponent.
     */
    public static String number(double value, int decimals, int width) {
        for (int d = decimals; d >= 0; d--) {
            String fixed = String.format(Locale.ROOT, "%." + d + "f", value);
            if (fixed.length() <= width) {
                return fixed;
            }
        }
        for (int d = decimals; d > 0; d--) {
            String scientific = String.format(Locale.ROOT, "%." + d + "e", value);
            if (scientific.length() <= width) {
                return scientific;
            }
        }
        return String.format(Locale.ROOT, "%.0e", value);
    }
}

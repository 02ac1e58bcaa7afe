package org.centerloss.base;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Names in CSV files. A spreadsheet runs a cell that begins with {@code =}, {@code +}, {@code -},
 * {@code @}, a tab or a carriage return as a formula, which may come with a data set. Such a name
 * gets an apostrophe in front, which a spreadsheet takes for "text", and such a path {@code ./}.
 * Numbers are written as they are.
 */
public final class SpreadsheetCell {
    private static final Pattern FORMULA = Pattern.compile("(?s)[=+\\-@\t\r].*");

    /** Those that have apostrophes anyway get one more, so that each cell is one name alone. */
    private static final Pattern QUOTED = Pattern.compile("(?s)'+[=+\\-@\t\r].*");

    private SpreadsheetCell() {}

    /** The cell for a name; null for null. */
    public static String of(String name) {
        boolean marked =
                name != null && (FORMULA.matcher(name).matches() || QUOTED.matcher(name).matches());
        return marked ? "'" + name : name;
    }

    /** The cell for a path, which leads to the same file. */
    public static String of(Path path) {
        String text = path.toString();
        return FORMULA.matcher(text).matches() ? "./" + text : text;
    }

    /** The name in a cell that {@link #of(String)} made. */
    public static String name(String cell) {
        return QUOTED.matcher(cell).matches() ? cell.substring(1) : cell;
    }
}

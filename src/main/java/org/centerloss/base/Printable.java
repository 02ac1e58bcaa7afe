package org.centerloss.base;

import java.util.Arrays;

/**
 * Text that comes from elsewhere (file and class names, contents of files) as it may be shown: a
 * terminal obeys control characters, and some that format bidirectional text make it look like
 * another. They are replaced by {@code \n}, {@code \t}, {@code \x1b} or {@code \}{@code u202e}.
 */
public final class Printable {
    /** What a message has at most, in characters. */
    public static final int LONGEST_MESSAGE = 1000;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Printable() {}

    /** The text in one line. */
    public static String of(Object foreign) {
        String text = String.valueOf(foreign);
        if (text.codePoints().allMatch(Printable::isShown)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> append(shown, c));
        return shown.toString();
    }

    /** The text in one line, without its middle where it is longer than a message may be. */
    public static String message(String text) {
        String line = of(text);
        if (line.length() <= LONGEST_MESSAGE) {
            return line;
        }
        int half = (LONGEST_MESSAGE - 1) / 2;
        int from = line.length() - half;
        int to = half;
        // No half of a character of two.
        from += Character.isLowSurrogate(line.charAt(from)) ? 1 : 0;
        to -= Character.isHighSurrogate(line.charAt(to - 1)) ? 1 : 0;
        return line.substring(0, to) + "…" + line.substring(from);
    }

    /** What stands in the places of a format: numbers as they are, all else printable. */
    public static Object[] all(Object... values) {
        return Arrays.stream(values)
                .map(value -> value instanceof Number || value == null ? value : of(value))
                .toArray();
    }

    /** Joiners are part of how some scripts are written. */
    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            case Character.FORMAT -> c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
            default -> true;
        };
    }

    private static void append(StringBuilder shown, int c) {
        if (isShown(c)) {
            shown.appendCodePoint(c);
        } else if (c == '\n') {
            shown.append("\\n");
        } else if (c == '\r') {
            shown.append("\\r");
        } else if (c == '\t') {
            shown.append("\\t");
        } else {
            shown.append(
                    String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\u{%x}", c));
        }
    }
}

package org.centerloss.cli.option;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Sizes to try, as a user writes them: numbers and doubling ranges between commas. {@code
 * 32..200,300} stands for 32, 64, 128 and 300.
 *
 * @param values each at least 1, in the order given
 */
public record Sizes(List<Integer> values) {
    public static final String SYNTAX = "N[..N][,…]";

    public Sizes {
        values = List.copyOf(values);
    }

    /** Reads them from the command line. */
    public static final class Converter implements ITypeConverter<Sizes> {
        @Override
        public Sizes convert(String text) {
            List<Integer> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                int dots = part.indexOf("..");
                int first = number(dots < 0 ? part : part.substring(0, dots), text);
                int last = dots < 0 ? first : number(part.substring(dots + 2), text);
                if (last < first) {
                    throw new TypeConversionException(
                            "expected a range from the smaller size up, found " + part);
                }
                for (long size = first; size <= last; size *= 2) {
                    values.add((int) size);
                }
            }
            return new Sizes(values);
        }

        private static int number(String part, String text) {
            if (!part.matches("[1-9]\\d{0,8}")) {
                throw new TypeConversionException(
                        "expected sizes of at least 1 such as 32,64 or 32..1024, found " + text);
            }
            return Integer.parseInt(part);
        }
    }
}

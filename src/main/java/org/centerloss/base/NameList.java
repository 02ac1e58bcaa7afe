package org.centerloss.base;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in a message: all where they are few, else the first ones and how many there are more. */
public final class NameList {
    private static final int MANY = 10;
    private static final int LONG_NAME = 40;

    private NameList() {}

    /** {@code a, b, c}, or {@code a, b, … and 1190 more}; long names are shortened. */
    public static String of(Collection<String> names) {
        String first =
                names.stream()
                        .limit(MANY)
                        .map(name -> Columns.shortened(name, LONG_NAME))
                        .collect(Collectors.joining(", "));
        int more = names.size() - MANY;
        return more > 0 ? "%s, … and %d more".formatted(first, more) : first;
    }
}

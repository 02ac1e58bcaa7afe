package org.centerloss.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be. */
public final class NearestName {
    private NearestName() {}

    /**
     * The known name with the fewest edits to the given one (Levenshtein distance, ignoring case),
     * the first such in order; empty where none is near: at most half of the given name's letters,
     * or two, may differ. A name that begins with the given one counts as near.
     */
    public static Optional<String> of(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        int limit = Math.max(2, wanted.length() / 2);
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(wanted, name)))
                .filter(name -> distance(wanted, name) <= limit || begins(name, wanted));
    }

    /** " (did you mean x?)" or nothing, to end a message about an unknown name. */
    public static String hint(String given, Collection<String> known) {
        return of(given, known).map(name -> " (did you mean " + name + "?)").orElse("");
    }

    private static boolean begins(String name, String start) {
        return start.length() >= 2 && name.startsWith(start);
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}

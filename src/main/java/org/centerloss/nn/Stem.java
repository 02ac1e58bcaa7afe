package org.centerloss.nn;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a network begins, where its architecture has the choice. */
public enum Stem {
    /** A 7×7 convolution with stride 2, then max pooling with stride 2: for large images. */
    STANDARD,
    /** A 3×3 convolution with stride 1 and no pooling: for images of about 32×32 pixels. */
    SMALL;

    /** The name on the command line and in files. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Stem::key).toList();
    }

    /** The stem of that name. */
    public static Stem of(String key) {
        return Arrays.stream(values())
                .filter(stem -> stem.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stem '" + key + "'"));
    }
}

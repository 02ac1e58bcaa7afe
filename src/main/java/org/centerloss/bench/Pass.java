package org.centerloss.bench;

import java.util.Locale;

/** What of an operation is run: its value, its gradient without the value, or both at once. */
public enum Pass {
    FORWARD,
    BACKWARD,
    BOTH;

    /** The name on the command line and in files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

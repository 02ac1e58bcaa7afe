package org.centerloss.cli;

import com.sun.jna.Function;

/** Whether a person is watching. */
final class Terminal {
    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** Whether standard error is a terminal, so that a line can be redrawn. */
    static boolean isInteractive() {
        try {
            return Function.getFunction("c", "isatty").invokeInt(new Object[] {STANDARD_ERROR})
                    == 1;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}

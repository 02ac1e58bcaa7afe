package org.centerloss;

/**
 * Something the user gave cannot be used: a file, an option, a data set, a checkpoint.
 *
 * <p>The message is one line that names what, where, what was expected and what was found; the
 * command line prints it as it is and exits with 1.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.centerloss.train;

/** A loss term became infinite or not a number. The message says when, which, and what to try. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergenceException(String message) {
        super(message);
    }
}

package org.centerloss.data.fetch;

/** A mirror did not give a file; the message is the reason, without the mirror's name. */
final class TransferException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private TransferException(String reason, boolean passing) {
        super(reason);
        this.passing = passing;
    }

    /** Something that the same mirror may not do again: a broken connection, a changed file. */
    static TransferException passing(String reason) {
        return new TransferException(reason, true);
    }

    /** Something that asking the same mirror again does not mend. */
    static TransferException lasting(String reason) {
        return new TransferException(reason, false);
    }

    /** Whether the same mirror is worth another try. */
    boolean isPassing() {
        return passing;
    }
}

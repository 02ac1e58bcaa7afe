package org.centerloss.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output or standard error. The writers on top of it swallow failures, so it keeps the
 * first one. A reader that has gone away ends the program as a signal would: quietly, with the code
 * that a shell gives for SIGPIPE, and only after a run in training has saved.
 */
final class StandardStream extends OutputStream {
    static final int READER_GONE = 141;

    private final FileOutputStream file;
    private IOException failure;

    StandardStream(FileDescriptor descriptor) {
        file = new FileOutputStream(descriptor);
    }

    /** A stream of text, UTF-8 in every locale, that leads here. */
    PrintStream printer() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    /** Why not everything could be written; null if it could. */
    synchronized IOException failure() {
        return failure;
    }

    /** Whether nobody reads it any more. */
    synchronized boolean isReaderGone() {
        return failure != null
                && String.valueOf(failure.getMessage())
                        .toLowerCase(Locale.ROOT)
                        .contains("broken pipe");
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            return;
        }
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            if (isReaderGone()) {
                // In a thread of its own, since it waits for the run, which may be waiting here.
                new Thread(() -> System.exit(READER_GONE), "reader-gone").start();
            }
        }
    }
}

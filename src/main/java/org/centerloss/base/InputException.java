package org.centerloss.base;

import java.io.EOFException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.regex.Pattern;

/**
 * Something the user gave cannot be used: a file, an option, a data set, a checkpoint.
 *
 * <p>The message is one line that names what, where, what was expected and what was found; the
 * command line prints it as it is and exits with 1.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Of a class or an object, as libraries put them into messages. */
    private static final Pattern JAVA_NAME =
            Pattern.compile("\\b(java|javax|sun|com|org)\\.\\w+\\.|\\w(Exception|Error)\\b");

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a failure of the platform says, in one line and without names of Java's. */
    public static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "there is something else of that name";
        }
        if (e instanceof NotDirectoryException) {
            return "no folder";
        }
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        // Of "what failed: a.b.SomeException: why" the end is what a person needs.
        reason = reason == null ? null : reason.replaceFirst("(?s)^.*\\w(Exception|Error): ", "");
        if (reason == null || reason.isBlank() || JAVA_NAME.matcher(reason).find()) {
            return e instanceof RuntimeException ? "contradictory content" : "it failed";
        }
        return reason.replaceAll("\\s*\\R\\s*", " ");
    }
}

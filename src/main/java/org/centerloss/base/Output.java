package org.centerloss.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes the files that a user names. A plain file, or one that is not there yet, gets its content
 * in one step ({@link AtomicFile}). Links are followed. What is no plain file (a device, a pipe, a
 * descriptor such as {@code /dev/stdout} or a shell's {@code >(…)}) is written in place, from the
 * front to the end. {@code -} is standard output.
 */
public final class Output {
    /** What stands for standard output. */
    public static final Path STANDARD = Path.of("-");

    /** Linux follows so many links in a path. */
    private static final int MOST_LINKS = 40;

    private Output() {}

    /**
     * Writes the content to where the path leads.
     *
     * @throws InputException if that fails; a plain file that was there is then untouched
     */
    public static void write(Path path, AtomicFile.Content content) {
        Path target = target(path);
        if (isStandard(path)) {
            writeInPlace(path, System.out, content);
        } else if (isStream(target)) {
            // A descriptor may lead to a plain file that others write to as well: at its end.
            try (OutputStream out =
                    Files.newOutputStream(
                            target, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                writeInPlace(path, out, content);
            } catch (IOException e) {
                throw unwritable(path, e);
            }
        } else {
            AtomicFile.write(target, content);
        }
    }

    private static void writeInPlace(Path path, OutputStream to, AtomicFile.Content content) {
        try {
            OutputStream out = new BufferedOutputStream(to, 1 << 16);
            content.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static InputException unwritable(Path path, IOException e) {
        return new InputException(
                "%s: cannot be written: %s".formatted(path, InputException.reason(e)), e);
    }

    /** Whether the path leads to this process's standard output. */
    public static boolean isStandard(Path path) {
        Path target = target(path);
        return path.equals(STANDARD) || isDescriptor(target) && target.endsWith("1");
    }

    /** Whether the path leads to what takes bytes one after the other, rather than to a file. */
    public static boolean isStream(Path path) {
        Path target = target(path);
        return path.equals(STANDARD)
                || isDescriptor(target)
                || Files.exists(target)
                        && !Files.isRegularFile(target)
                        && !Files.isDirectory(target);
    }

    /** Where links lead; the last one's target may be missing. */
    private static Path target(Path path) {
        Path at = path.toAbsolutePath();
        try {
            for (int i = 0; i < MOST_LINKS; i++) {
                if (isDescriptor(at) || !Files.isSymbolicLink(at)) {
                    return at;
                }
                at = at.resolveSibling(Files.readSymbolicLink(at));
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        throw new InputException(path + ": expected a file, found links that lead in a circle");
    }

    /** Whether it is a descriptor of this process, which Linux shows as a link to itself. */
    private static boolean isDescriptor(Path path) {
        try {
            return path.getParent() != null
                    && path.getParent().toRealPath().equals(Path.of("/proc/self/fd").toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Finds out before the work whether files can be written after it.
     *
     * @throws InputException if one cannot, or two are the same
     */
    public static void requireWritable(Collection<Path> files) {
        Set<Path> targets = new HashSet<>();
        for (Path file : files) {
            requireWritable(file);
            if (!targets.add(isStandard(file) ? STANDARD : target(file))) {
                throw new InputException(file + ": expected another file for each output");
            }
        }
    }

    /**
     * Finds out before the work whether a file can be written after it.
     *
     * @throws InputException if it cannot
     */
    public static void requireWritable(Path file) {
        Path target = target(file);
        if (isStream(file)) {
            if (!isStandard(file) && !Files.isWritable(target)) {
                throw new InputException(file + ": may not be written");
            }
            return;
        }
        Path folder = target.getParent();
        if (Files.isDirectory(target) || folder == null || !Files.isDirectory(folder)) {
            throw new InputException(
                    file + ": expected a file in a folder that exists, to write results to");
        }
        if (!Files.isWritable(folder)) {
            throw new InputException(file + ": may not be written");
        }
    }
}

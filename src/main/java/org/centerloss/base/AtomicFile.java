package org.centerloss.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Replaces a file in one step: whoever reads it sees the old or the new content, never a part. */
public final class AtomicFile {
    /** Writes the content. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes beside the file, forces the bytes to disk, and renames. Permissions stay what they
     * were.
     *
     * @throws InputException if that fails, with the old file untouched
     */
    public static void write(Path path, Content content) {
        Path directory = path.toAbsolutePath().getParent();
        Path temporary = temporary(path.toAbsolutePath());
        try {
            // Made anew: what lies there may be a link that somebody else has laid.
            Files.deleteIfExists(temporary);
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                keepPermissions(path, temporary);
                OutputStream out =
                        new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            temporary.toFile().delete();
            boolean noFolder = e instanceof NoSuchFileException;
            String state = Files.exists(path) ? "; what was there before is intact" : "";
            throw new InputException(
                    "%s: cannot be written: %s%s"
                            .formatted(
                                    path,
                                    noFolder ? "no such folder" : InputException.reason(e),
                                    state),
                    e);
        }
    }

    /** What a process that died in {@link #write} leaves beside a file. */
    public static Path temporary(Path path) {
        return path.resolveSibling("." + path.getFileName() + ".tmp");
    }

    private static void keepPermissions(Path old, Path replacement) throws IOException {
        if (Files.exists(old)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(old);
            if (!permissions.equals(Files.getPosixFilePermissions(replacement))) {
                Files.setPosixFilePermissions(replacement, permissions);
            }
        }
    }
}

package org.centerloss.data.folder;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.base.WholeFile;

/**
 * A file that is not whole yet, beside the place where it will be: {@code NAME.part}. A second
 * file, {@code NAME.part.origin}, tells which version of which address the bytes are of, since only
 * more of the same may be put behind them.
 */
public final class PartFile {
    private static final int MOST_BYTES_OF_ORIGIN = 1 << 16;

    private final Path target;
    private final Path path;
    private final Path originPath;

    /**
     * Where the bytes come from, one line each.
     *
     * @param address the file at the mirror
     * @param version the mirror's name for what it sends: a strong ETag, or the time of change
     * @param total bytes of the whole file
     */
    public record Origin(URI address, String version, long total) {}

    public PartFile(Path target) {
        this.target = target;
        path = target.resolveSibling(target.getFileName() + ".part");
        originPath = target.resolveSibling(path.getFileName() + ".origin");
    }

    public Path path() {
        return path;
    }

    /** Whether there is a file; what a link leads to is somebody else's. */
    private static boolean isOwn(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Bytes that are there. */
    public long bytes() {
        try {
            return isOwn(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Where the bytes come from; null where there are none, or none that can be gone on with. */
    public Origin origin() {
        try {
            if (!isOwn(originPath) || bytes() == 0) {
                return null;
            }
            byte[] content = WholeFile.read(originPath, MOST_BYTES_OF_ORIGIN);
            List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
            Origin origin =
                    new Origin(
                            URI.create(lines.get(0)), lines.get(1), Long.parseLong(lines.get(2)));
            return bytes() <= origin.total ? origin : null;
        } catch (IOException
                | InputException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            // A power cut may have left anything there: then the file is downloaded from its start.
            return null;
        }
    }

    /**
     * Throws away what is there and opens the file.
     *
     * @param origin null where no later try could go on with what arrives now
     */
    public Appender startAnew(Origin origin) {
        discard();
        try {
            if (origin != null) {
                Files.write(
                        originPath,
                        List.of(
                                origin.address.toString(),
                                origin.version,
                                Long.toString(origin.total)),
                        StandardOpenOption.CREATE_NEW);
            }
        } catch (IOException e) {
            throw failure(e);
        }
        return open(StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    /** Opens the file behind its last byte. */
    public Appender append() {
        return open(StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    }

    private Appender open(OpenOption... how) {
        try {
            return new Appender(FileChannel.open(path, how));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Puts bytes behind the last one; on disk once it is closed. */
    public final class Appender implements AutoCloseable {
        private final FileChannel channel;

        private Appender(FileChannel channel) {
            this.channel = channel;
        }

        public void append(byte[] bytes, int count) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw failure(e);
            }
        }

        @Override
        public void close() {
            try (channel) {
                channel.force(true);
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    /** Gives the file its final name, in one step: it must be whole and verified. */
    public void place() {
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder =
                    FileChannel.open(
                            target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
            Files.deleteIfExists(originPath);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Throws away what is there. */
    public void discard() {
        try {
            Files.deleteIfExists(originPath);
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private InputException failure(IOException e) {
        return new InputException(
                "%s: cannot be written: %s".formatted(path, InputException.reason(e)), e);
    }
}

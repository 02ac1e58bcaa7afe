package org.centerloss.data.image;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;

/**
 * Reads a file's content from its first byte to its last, whether it is compressed (gzip, known by
 * its first bytes) or not. Keeps count of the offset and the SHA-256 of what was read, and turns
 * every failure into an {@link InputException} that names the file and the offset in the content.
 */
public final class ContentReader implements Closeable {
    /** What is set aside before a byte of it has arrived: a header may lie about sizes. */
    private static final int FIRST_PIECE = 64 << 20;

    private final String name;
    private final InputStream in;
    private final MessageDigest digest = newDigest();
    private final long length;
    private long offset;

    private ContentReader(String name, InputStream in, long length) {
        this.name = name;
        this.in = in;
        this.length = length;
    }

    /** Opens a file. */
    public static ContentReader open(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new InputException(file + ": expected a file, found a folder");
            }
            return unpacked(file.toString(), Files.newInputStream(file), Files.size(file));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /** Opens a file as it is, packed or not. */
    public static ContentReader packed(Path file) {
        try {
            return new ContentReader(file.toString(), Files.newInputStream(file), Files.size(file));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /**
     * Opens a file of which no more than so many bytes are read, unpacked: little may hold much.
     */
    public static ContentReader open(Path file, long maxBytes) {
        ContentReader whole = open(file);
        try {
            InputStream limited =
                    BoundedInputStream.builder()
                            .setInputStream(whole.in)
                            // The end is found by reading on, so one byte more must be allowed.
                            .setMaxCount(maxBytes + 1)
                            .setOnMaxCount(
                                    (max, count) -> {
                                        throw new IOException(
                                                "more than %d bytes".formatted(maxBytes));
                                    })
                            .get();
            return new ContentReader(whole.name, limited, whole.length);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /**
     * Reads from a stream, unpacking it where it is gzip.
     *
     * @param length the stream's bytes as it is, −1 where not known
     */
    public static ContentReader unpacked(String name, InputStream stream, long length) {
        try {
            BufferedInputStream buffered = new BufferedInputStream(stream, 1 << 16);
            buffered.mark(2);
            boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            if (!gzip) {
                return new ContentReader(name, buffered, length);
            }
            InputStream content =
                    GzipCompressorInputStream.builder()
                            .setInputStream(buffered)
                            .setDecompressConcatenated(true)
                            .get();
            return new ContentReader(name, content, -1);
        } catch (IOException e) {
            throw new InputException(name + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /** Reads from a stream as it is, of a known length, for example a file of an archive. */
    public static ContentReader plain(String name, InputStream stream, long length) {
        return new ContentReader(name, stream, length);
    }

    public String name() {
        return name;
    }

    /** Bytes of the content, −1 where that is only known at its end. */
    public long length() {
        return length;
    }

    public long offset() {
        return offset;
    }

    /** SHA-256 of what was read so far, in hexadecimal; reading ends with it. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The stream itself, for a reader of archives; offset and digest do not follow it. */
    public InputStream stream() {
        return in;
    }

    /** A 32-bit number, high byte first. */
    public int readInt(String field) {
        byte[] bytes = new byte[4];
        readFully(bytes, 0, 4, field);
        return (bytes[0] & 0xff) << 24
                | (bytes[1] & 0xff) << 16
                | (bytes[2] & 0xff) << 8
                | (bytes[3] & 0xff);
    }

    /**
     * Reads {@code count} bytes. Memory is set aside as the bytes arrive, 64 MiB at first, so that
     * a file that promises more than it has costs little.
     *
     * @param what what the bytes are, for the message
     */
    public byte[] readBytes(int count, String what) {
        JavaMemory.require("%s: %s".formatted(name, what), count);
        byte[] bytes = new byte[Math.min(count, FIRST_PIECE)];
        int have = 0;
        while (true) {
            int read = readUpTo(bytes, have, bytes.length - have);
            have += read;
            if (have == count) {
                return bytes;
            }
            if (have < bytes.length) {
                throw truncated(offset - have + (long) count, what);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * bytes.length));
        }
    }

    /** Reads exactly {@code count} bytes to {@code into[at]} and on. */
    public void readFully(byte[] into, int at, int count, String what) {
        long start = offset;
        if (readUpTo(into, at, count) < count) {
            throw truncated(start + count, what);
        }
    }

    /** The next so many bytes as a stream; offset and digest follow it. */
    public InputStream next(long count) {
        return new InputStream() {
            private long left = count;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int at, int wanted) {
                int read = readUpTo(into, at, (int) Math.min(left, wanted));
                left -= read;
                return read == 0 && wanted > 0 ? -1 : read;
            }
        };
    }

    /** Reads all that is left, for its SHA-256. */
    public void readToEnd() {
        byte[] piece = new byte[1 << 16];
        while (readUpTo(piece, 0, piece.length) == piece.length) {
            // Only the digest is wanted.
        }
    }

    /** Checks that the content ends here. */
    public void expectEnd() {
        if (length >= 0 ? length != offset : readUpTo(new byte[1], 0, 1) != 0) {
            long end = length >= 0 ? offset : offset - 1;
            throw new InputException(
                    "%s: has bytes after its end: expected %d bytes, found %s"
                            .formatted(name, end, length >= 0 ? length : "more"));
        }
    }

    private InputException truncated(long expected, String what) {
        return new InputException(
                offset == 0
                        ? "%s: empty file: expected %s".formatted(name, what)
                        : "%s: ends too early, at byte %d: expected %d bytes (%s), found %d"
                                .formatted(name, offset, expected, what, offset));
    }

    private int readUpTo(byte[] into, int at, int count) {
        int have = 0;
        try {
            while (have < count) {
                int read = in.read(into, at + have, count - have);
                if (read < 0) {
                    break;
                }
                digest.update(into, at + have, read);
                have += read;
                offset += read;
            }
        } catch (IOException e) {
            throw new InputException(
                    "%s: damaged or cut off: unreadable after byte %d of its content: %s"
                            .formatted(name, offset, InputException.reason(e)),
                    e);
        }
        return have;
    }

    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new InputException(name + ": " + InputException.reason(e), e);
        }
    }
}

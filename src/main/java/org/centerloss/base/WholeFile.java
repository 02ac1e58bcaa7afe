package org.centerloss.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** Reads files as a whole, but no more than a limit: a device or a pipe may have no end. */
public final class WholeFile {
    /** What is read of something that has no size before it is read. */
    private static final int MOST_BYTES_OF_A_STREAM = 64 << 20;

    private WholeFile() {}

    /**
     * The bytes of a file.
     *
     * @param most bytes that it may have, below 2³¹ − 8
     * @throws InputException where it has more
     * @throws IOException where it cannot be read
     */
    public static byte[] read(Path file, int most) throws IOException {
        return read(file, most, 0, start -> {});
    }

    /**
     * The bytes of a file that tells by its first ones what it is.
     *
     * @param most bytes that it may have, below 2³¹ − 8
     * @param startBytes how many the first ones are; a shorter file has fewer
     * @param check gets these before memory is taken for the others
     * @throws InputException where it has more than {@code most}
     * @throws IOException where it cannot be read
     */
    public static byte[] read(Path file, int most, int startBytes, Consumer<byte[]> check)
            throws IOException {
        boolean plain = Files.isRegularFile(file);
        int limit = plain ? most : Math.min(most, MOST_BYTES_OF_A_STREAM);
        long size = Files.size(file);
        if (size > limit) {
            throw tooLarge(file, limit, String.valueOf(size));
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(startBytes);
            check.accept(start);
            byte[] whole;
            if (plain) {
                JavaMemory.require(file.toString(), size);
                whole = Arrays.copyOf(start, (int) Math.max(size, start.length));
                int end =
                        start.length
                                + in.readNBytes(whole, start.length, whole.length - start.length);
                whole = end < whole.length ? Arrays.copyOf(whole, end) : whole;
            } else {
                byte[] rest = in.readNBytes(limit);
                whole = Arrays.copyOf(start, start.length + rest.length);
                System.arraycopy(rest, 0, whole, start.length, rest.length);
            }
            if (in.read() >= 0) {
                throw tooLarge(file, whole.length, "more");
            }
            return whole;
        }
    }

    private static InputException tooLarge(Path file, long limit, String found) {
        return new InputException(
                "%s: expected at most %d bytes, found %s".formatted(file, limit, found));
    }
}

package org.centerloss.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.WholeFile;

/**
 * The named tensors of a safetensors file, read whole and checked: 8 bytes of little-endian header
 * length, a JSON header ({@code dtype}, {@code shape}, {@code data_offsets} per tensor and {@code
 * __metadata__}), then the numbers, little-endian and without gaps.
 *
 * <p>A file of ours may carry a checksum, in the metadata {@value #CHECKSUM}: the SHA-256, in
 * hexadecimal, of all its bytes with {@link #CHECKSUM_PLACEHOLDER} in the checksum's own place. A
 * file that has one and is not what was written is refused.
 *
 * <p>Source: https://github.com/huggingface/safetensors. Written by {@link SafetensorsWriter}.
 */
public final class Safetensors {
    /**
     * The longest header that is read, in bytes: that of a hundred thousand tensors. The format has
     * up to 100,000,000, which would fill the memory with names.
     */
    private static final long LARGEST_HEADER = 16_000_000;

    /** The longest array that every JVM has. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    static final String CHECKSUM = "centerloss.sha256";
    static final String CHECKSUM_PLACEHOLDER = "0".repeat(64);

    private final Path file;
    private final Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private Safetensors(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws InputException where the file cannot be read or is not a sound safetensors file
     */
    public static Safetensors read(Path file) {
        Safetensors tensors = new Safetensors(file);
        tensors.parse(tensors.load());
        return tensors;
    }

    /** Every tensor, in the order of the header. */
    public Map<String, SafetensorsEntry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /** The free text of the file: names and values. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /**
     * Checks that the free text has no other names than these and the checksum's, so that a file
     * whose checksum lost its name does not pass for one of an older version, which has none.
     *
     * @return the same
     * @throws InputException where it has another
     */
    public Safetensors requireMetadata(String... names) {
        for (String found : metadata.keySet()) {
            if (!found.equals(CHECKSUM) && !List.of(names).contains(found)) {
                throw failure(
                        SafetensorsHeader.METADATA
                                + ": expected nothing but "
                                + CHECKSUM
                                + Arrays.stream(names)
                                        .map(name -> " and " + name)
                                        .collect(Collectors.joining())
                                + ", found "
                                + Bounds.shown(found));
            }
        }
        return this;
    }

    /**
     * A tensor by its name.
     *
     * @throws InputException where the file has none of that name
     */
    public SafetensorsEntry get(String name) {
        SafetensorsEntry entry = entries.get(name);
        if (entry == null) {
            throw failure("expected a tensor '" + name + "', found none");
        }
        return entry;
    }

    /** The SHA-256 that the file carries and was found to have; empty where it carries none. */
    public Optional<String> checksum() {
        return Optional.ofNullable(metadata.get(CHECKSUM));
    }

    private InputException failure(String message) {
        return new InputException(file + ": " + message);
    }

    private ByteBuffer load() {
        try {
            if (Files.isDirectory(file)) {
                throw failure("expected a safetensors file, found a folder");
            }
            byte[] bytes = WholeFile.read(file, MOST_BYTES, Long.BYTES, this::requireHeaderLength);
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    private void requireHeaderLength(byte[] start) {
        if (start.length < Long.BYTES) {
            throw failure(
                    "truncated: expected 8 bytes of header length, found "
                            + start.length
                            + " bytes");
        }
        long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > LARGEST_HEADER) {
            throw failure(
                    "not a safetensors file: expected a header length of 2 to "
                            + LARGEST_HEADER
                            + " at offset 0, found "
                            + Long.toUnsignedString(length));
        }
    }

    private void parse(ByteBuffer bytes) {
        long headerLength = bytes.getLong();
        if (headerLength > bytes.remaining()) {
            throw failure(
                    "truncated: expected "
                            + headerLength
                            + " bytes of header at offset 8, found "
                            + bytes.remaining());
        }
        SafetensorsHeader header = SafetensorsHeader.read(file, bytes.array(), (int) headerLength);
        entries.putAll(header.entries);
        metadata.putAll(header.metadata);
        requireChecksum(bytes.array(), (int) headerLength);
    }

    /** Compares the checksum, if there is one, with that of the bytes. */
    private void requireChecksum(byte[] bytes, int headerLength) {
        String expected = metadata.get(CHECKSUM);
        if (expected == null) {
            return;
        }
        String header = new String(bytes, 8, headerLength, StandardCharsets.ISO_8859_1);
        String start = '"' + CHECKSUM + "\":\"";
        int at = header.indexOf(start + expected + '"');
        if (at < 0 || expected.length() != CHECKSUM_PLACEHOLDER.length()) {
            throw failure("corrupt: " + CHECKSUM + ": expected 64 hexadecimal digits");
        }
        int begin = 8 + at + start.length();
        int end = begin + expected.length();
        MessageDigest digest = newDigest();
        digest.update(bytes, 0, begin);
        digest.update(CHECKSUM_PLACEHOLDER.getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes, end, bytes.length - end);
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(expected)) {
            throw failure(
                    "corrupt: expected SHA-256 %s over the file, found %s"
                            .formatted(expected, found));
        }
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

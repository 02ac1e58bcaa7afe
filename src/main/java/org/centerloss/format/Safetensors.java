package org.centerloss.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private static final String METADATA = "__metadata__";

    static final String CHECKSUM = "centerloss.sha256";
    static final String CHECKSUM_PLACEHOLDER = "0".repeat(64);

    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .reader();

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
                        METADATA
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
        JsonNode header = header(bytes.array(), (int) headerLength);
        ByteBuffer data =
                bytes.position(8 + (int) headerLength).slice().order(ByteOrder.LITTLE_ENDIAN);
        List<Range> ranges = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(field.getValue());
            } else {
                ranges.add(readEntry(field.getKey(), field.getValue(), data));
            }
        }
        checkCover(ranges, data.limit());
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

    private JsonNode header(byte[] bytes, int length) {
        try {
            JsonNode header = JSON.readTree(bytes, 8, length);
            if (header == null || !header.isObject()) {
                throw failure("the header at offset 8: expected a JSON object");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": the header at offset 8: " + StrictJson.reason(e), e);
        } catch (IOException e) {
            throw new InputException(
                    file + ": the header at offset 8: " + InputException.reason(e), e);
        }
    }

    private void readMetadata(JsonNode node) {
        if (!node.isObject()) {
            throw failure(METADATA + ": expected a JSON object, found " + node.getNodeType());
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw failure(
                        METADATA
                                + "."
                                + field.getKey()
                                + ": expected text, found "
                                + field.getValue().getNodeType());
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    /** Where a tensor's bytes lie in the data. */
    private record Range(String name, long begin, long end) {}

    private Range readEntry(String name, JsonNode node, ByteBuffer data) {
        String where = "tensor '" + name + "': ";
        Set<String> fields = Set.of("dtype", "shape", "data_offsets");
        for (String field : fields) {
            if (!node.has(field)) {
                throw failure(where + "expected the field " + field + ", found none");
            }
        }
        if (node.size() != fields.size()) {
            throw failure(where + "expected the fields " + fields + " only");
        }
        SafetensorsEntry.Type type = type(where, node.get("dtype"));
        long[] shape = longs(where + "shape", node.get("shape"));
        long[] offsets = longs(where + "data_offsets", node.get("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.limit()) {
            throw failure(
                    where
                            + "data_offsets: expected [begin, end] within "
                            + data.limit()
                            + " bytes of data, found "
                            + Arrays.toString(offsets));
        }
        long count = 1;
        for (long length : shape) {
            if (length > Integer.MAX_VALUE) {
                count = -1;
                break;
            }
            count *= length;
            if (count > data.limit()) {
                count = -1;
                break;
            }
        }
        if (count < 0 || count * type.bytes != offsets[1] - offsets[0]) {
            throw failure(
                    where
                            + "expected the bytes of "
                            + type
                            + " "
                            + Arrays.toString(shape)
                            + ", found "
                            + (offsets[1] - offsets[0]));
        }
        int[] lengths = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        ByteBuffer bytes =
                data.slice((int) offsets[0], (int) (offsets[1] - offsets[0]))
                        .order(ByteOrder.LITTLE_ENDIAN);
        entries.put(name, new SafetensorsEntry(file + ": " + where, type, lengths, bytes));
        return new Range(name, offsets[0], offsets[1]);
    }

    private SafetensorsEntry.Type type(String where, JsonNode node) {
        for (SafetensorsEntry.Type type : SafetensorsEntry.Type.values()) {
            if (type.name().equals(node.textValue())) {
                return type;
            }
        }
        throw failure(
                where
                        + "dtype: expected one of "
                        + Arrays.toString(SafetensorsEntry.Type.values())
                        + ", found "
                        + StrictJson.describe(node));
    }

    private long[] longs(String where, JsonNode node) {
        if (!node.isArray()) {
            throw failure(where + ": expected a list of numbers, found " + node.getNodeType());
        }
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = node.get(i);
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw failure(
                        where
                                + ": expected whole numbers from 0, found "
                                + StrictJson.describe(value));
            }
            values[i] = value.longValue();
        }
        return values;
    }

    private void checkCover(List<Range> ranges, long dataLength) {
        ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
        long end = 0;
        for (Range range : ranges) {
            if (range.begin() != end) {
                throw failure(
                        "tensor '"
                                + range.name()
                                + "': data_offsets: expected to begin at "
                                + end
                                + ", where the tensor before ends, found "
                                + range.begin());
            }
            end = range.end();
        }
        if (end != dataLength) {
            throw failure("expected " + end + " bytes of data, found " + dataLength);
        }
    }
}

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.centerloss.base.InputException;

/**
 * What the header of a safetensors file says: the tensors, whose numbers lie in the data behind it,
 * and the free text.
 */
final class SafetensorsHeader {
    private final Path file;
    final Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
    final Map<String, String> metadata = new LinkedHashMap<>();

    static final String METADATA = "__metadata__";

    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .reader();

    private SafetensorsHeader(Path file) {
        this.file = file;
    }

    /**
     * Reads a header.
     *
     * @param bytes of the whole file
     * @param length of the header, which begins at offset 8
     * @throws InputException where it does not describe the file
     */
    static SafetensorsHeader read(Path file, byte[] bytes, int length) {
        SafetensorsHeader read = new SafetensorsHeader(file);
        ByteBuffer data =
                ByteBuffer.wrap(bytes, 8 + length, bytes.length - 8 - length)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
        List<Range> ranges = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : read.header(bytes, length).properties()) {
            if (field.getKey().equals(METADATA)) {
                read.readMetadata(field.getValue());
            } else {
                ranges.add(read.readEntry(field.getKey(), field.getValue(), data));
            }
        }
        read.checkCover(ranges, data.limit());
        return read;
    }

    private InputException failure(String message) {
        return new InputException(file + ": " + message);
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

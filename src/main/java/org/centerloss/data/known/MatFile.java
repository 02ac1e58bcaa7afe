package org.centerloss.data.known;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.InflaterInputStream;
import org.centerloss.base.InputException;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ContentReader;

/**
 * Reads arrays of whole numbers from 0 to 255 out of a MATLAB file of version 5. Such a file is a
 * header of 128 bytes, then elements: a type, a length, that many bytes. An array is an element of
 * elements (flags, shape, name, values), mostly in one that is packed. Source: MathWorks, MAT-File
 * Format.
 */
final class MatFile {
    /**
     * An array.
     *
     * @param shape the first index runs fastest
     * @param values unsigned
     */
    record Array(int[] shape, byte[] values) {
        /** Its shape for messages: 32 × 32 × 3. */
        String shapeText() {
            return Arrays.stream(shape)
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(" × "));
        }
    }

    private static final int HEADER_BYTES = 128;
    private static final int MAX_DIMENSIONS = 8;
    private static final int MAX_NAME_BYTES = 63;

    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int DOUBLE = 9;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;

    private static final int COMPLEX = 0x0800;

    private final ByteOrder order;

    private MatFile(ByteOrder order) {
        this.order = order;
    }

    /**
     * Reads arrays by name, as far into the file as the last of them.
     *
     * @throws InputException where one is missing, or the file is damaged or of another kind
     */
    static Map<String, Array> read(ContentReader in, Set<String> wanted) {
        byte[] header = in.readBytes(HEADER_BYTES, "the header of a MATLAB file");
        String text = new String(header, 0, 19, StandardCharsets.US_ASCII);
        String order = new String(header, 126, 2, StandardCharsets.US_ASCII);
        if (!text.startsWith("MATLAB 5.0 MAT-file") || !order.equals("IM") && !order.equals("MI")) {
            throw new InputException(
                    "%s: expected a MATLAB file of version 5, found %s"
                            .formatted(
                                    in.name(),
                                    text.startsWith("MATLAB 7.3")
                                            ? "one of version 7.3: save it with -v7"
                                            : "something else"));
        }
        MatFile file =
                new MatFile(order.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        Map<String, Array> arrays = new HashMap<>();
        while (!arrays.keySet().containsAll(wanted)) {
            file.readTop(in, wanted, arrays);
        }
        return arrays;
    }

    /** An element's type and the bytes of its content; short ones stand in the tag itself. */
    private record Tag(int type, long bytes, boolean isShort) {}

    private Tag readTag(ContentReader in, String what) {
        int first = readInt(in, what);
        if (first >>> 16 != 0) {
            return new Tag(first & 0xffff, first >>> 16, true);
        }
        return new Tag(first, Integer.toUnsignedLong(readInt(in, what)), false);
    }

    private int readInt(ContentReader in, String what) {
        return ByteBuffer.wrap(in.readBytes(4, what)).order(order).getInt();
    }

    private void readTop(ContentReader in, Set<String> wanted, Map<String, Array> arrays) {
        Tag tag = readTag(in, "the arrays " + String.join(", ", wanted));
        InputStream content = in.next(tag.bytes());
        if (tag.type() == COMPRESSED) {
            ContentReader unpacked =
                    ContentReader.plain(in.name(), new InflaterInputStream(content), -1);
            Tag inner = readTag(unpacked, "an array");
            if (inner.type() == MATRIX) {
                readArray(unpacked, wanted, arrays);
            }
        } else if (tag.type() == MATRIX) {
            readArray(ContentReader.plain(in.name(), content, tag.bytes()), wanted, arrays);
        }
        ContentReader.plain(in.name(), content, -1).readToEnd();
    }

    private void readArray(ContentReader in, Set<String> wanted, Map<String, Array> arrays) {
        int[] flags = ints(readElement(in, UINT32, 8, 8, "an array's flags"));
        int[] shape = ints(readElement(in, INT32, 8, 4 * MAX_DIMENSIONS, "an array's shape"));
        String name =
                new String(
                        readElement(in, INT8, 0, MAX_NAME_BYTES, "an array's name"),
                        StandardCharsets.US_ASCII);
        if (!wanted.contains(name)) {
            return;
        }
        boolean complex = (flags[0] & COMPLEX) != 0;
        long count = 1;
        for (int extent : shape) {
            count = extent < 0 ? Long.MAX_VALUE : Math.min(count, ImageSet.MAX_BYTES + 1L) * extent;
        }
        if (complex || count < 1 || count > ImageSet.MAX_BYTES) {
            throw new InputException(
                    "%s: %s: expected 1 to %d whole numbers, found %s"
                            .formatted(
                                    in.name(),
                                    name,
                                    ImageSet.MAX_BYTES,
                                    complex
                                            ? "complex numbers"
                                            : new Array(shape, null).shapeText()));
        }
        arrays.put(name, new Array(shape, readValues(in, name, (int) count)));
    }

    private byte[] readValues(ContentReader in, String name, int count) {
        Tag tag = readTag(in, name);
        int size = tag.type() == DOUBLE ? 8 : 1;
        boolean known = tag.type() == UINT8 || tag.type() == DOUBLE;
        if (!known || tag.bytes() != (long) count * size) {
            throw new InputException(
                    "%s: %s: expected %d numbers of type uint8 or double, found %d bytes of MATLAB's type %d"
                            .formatted(in.name(), name, count, tag.bytes(), tag.type()));
        }
        if (size == 1) {
            return in.readBytes(count, name);
        }
        byte[] values = new byte[Math.min(count, 1 << 16)];
        for (int i = 0; i < count; i++) {
            double value = ByteBuffer.wrap(in.readBytes(8, name)).order(order).getDouble();
            if (!(value >= 0 && value <= 255 && value == Math.rint(value))) {
                throw new InputException(
                        "%s: %s: value %d: expected a whole number from 0 to 255, found %s"
                                .formatted(in.name(), name, i, value));
            }
            if (i == values.length) {
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
            }
            values[i] = (byte) value;
        }
        return values;
    }

    /** Reads a small element of this type. */
    private byte[] readElement(
            ContentReader in, int type, int minBytes, int maxBytes, String what) {
        Tag tag = readTag(in, what);
        if (tag.type() != type
                || tag.bytes() < minBytes
                || tag.bytes() > maxBytes
                || tag.isShort() && tag.bytes() > 4) {
            throw new InputException(
                    "%s: %s: expected %d to %d bytes of MATLAB's type %d, found %d of type %d"
                            .formatted(
                                    in.name(),
                                    what,
                                    minBytes,
                                    maxBytes,
                                    type,
                                    tag.bytes(),
                                    tag.type()));
        }
        byte[] content = in.readBytes((int) tag.bytes(), what);
        // Elements end at multiples of 8 bytes, their tags included.
        int used = content.length + (tag.isShort() ? 4 : 0);
        in.readBytes((8 - used % 8) % 8, what);
        return content;
    }

    private int[] ints(byte[] bytes) {
        int[] values = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(order).asIntBuffer().get(values);
        return values;
    }
}

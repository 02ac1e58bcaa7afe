package org.centerloss.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes arrays in NumPy's format, version 1.0, for {@code numpy.load}: little-endian, row-major.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The
 *     format</a>
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int VALUES_PER_PIECE = 1 << 14;

    private Npy() {}

    public static void write(OutputStream out, float[] values, int... shape) throws IOException {
        out.write(header("<f4", values.length, shape));
        ByteBuffer piece = piece();
        for (int start = 0; start < values.length; start += VALUES_PER_PIECE) {
            int count = Math.min(VALUES_PER_PIECE, values.length - start);
            piece.asFloatBuffer().put(values, start, count);
            out.write(piece.array(), 0, count * Float.BYTES);
        }
    }

    public static void write(OutputStream out, int[] values, int... shape) throws IOException {
        out.write(header("<i4", values.length, shape));
        ByteBuffer piece = piece();
        for (int start = 0; start < values.length; start += VALUES_PER_PIECE) {
            int count = Math.min(VALUES_PER_PIECE, values.length - start);
            piece.asIntBuffer().put(values, start, count);
            out.write(piece.array(), 0, count * Integer.BYTES);
        }
    }

    private static ByteBuffer piece() {
        return ByteBuffer.allocate(VALUES_PER_PIECE * 4).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Magic, version, the length of what follows in two bytes, and a Python dictionary, padded with
     * spaces and ended by a line feed so that the values start at a multiple of 64 bytes.
     */
    private static byte[] header(String type, int count, int... shape) {
        long product = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        if (product != count) {
            throw new IllegalArgumentException(
                    "shape %s: expected %d values, found %d"
                            .formatted(Arrays.toString(shape), product, count));
        }
        // A comma after each number, so that one of them alone is a tuple in Python.
        String sizes = Arrays.stream(shape).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String dictionary =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, sizes);
        int used = MAGIC.length + Short.BYTES + dictionary.length() + 1;
        int padding = (ALIGNMENT - used % ALIGNMENT) % ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(used + padding).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) (dictionary.length() + padding + 1));
        header.put(dictionary.getBytes(StandardCharsets.US_ASCII));
        header.put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII)).put((byte) '\n');
        return header.array();
    }
}

package org.centerloss.data.known;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Makes small MATLAB files of version 5. Source: MathWorks, MAT-File Format. */
public final class MatBytes {
    private final ByteOrder order;
    private byte[] bytes;

    public MatBytes(ByteOrder order) {
        this.order = order;
        String text = "MATLAB 5.0 MAT-file, Platform: GLNXA64";
        ByteBuffer header = buffer(128).put(text.getBytes(StandardCharsets.US_ASCII));
        bytes = header.putShort(124, (short) 0x0100).putShort(126, (short) 0x4d49).array();
    }

    private ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(order);
    }

    /** Adds an array of bytes. */
    public MatBytes array(String name, byte[] values, boolean packed, int... shape) {
        return add(matrix(name, 9, 2, values, shape), packed);
    }

    /** Adds an array of doubles. */
    MatBytes doubles(String name, double[] values, boolean packed, int... shape) {
        ByteBuffer content = buffer(8 * values.length);
        Arrays.stream(values).forEach(content::putDouble);
        return add(matrix(name, 6, 9, content.array(), shape), packed);
    }

    private byte[] matrix(String name, int kind, int type, byte[] values, int[] shape) {
        ByteBuffer extents = buffer(4 * shape.length);
        Arrays.stream(shape).forEach(extents::putInt);
        byte[] parts = element(6, buffer(8).putInt(kind).array());
        parts = Bytes.joined(parts, element(5, extents.array()));
        parts = Bytes.joined(parts, element(1, name.getBytes(StandardCharsets.US_ASCII)));
        return element(14, Bytes.joined(parts, element(type, values)));
    }

    /** An element; one of up to four bytes in the short form. */
    private byte[] element(int type, byte[] content) {
        if (content.length <= 4) {
            return buffer(8).putInt(content.length << 16 | type).put(content).array();
        }
        int padded = (content.length + 7) / 8 * 8;
        return buffer(8 + padded).putInt(type).putInt(content.length).put(content).array();
    }

    private MatBytes add(byte[] element, boolean packed) {
        bytes = Bytes.joined(bytes, packed ? packed(element) : element);
        return this;
    }

    private byte[] packed(byte[] element) {
        Deflater deflater = new Deflater();
        deflater.setInput(element);
        deflater.finish();
        byte[] content = new byte[100 + 2 * element.length];
        int length = deflater.deflate(content);
        deflater.end();
        return buffer(8 + length).putInt(15).putInt(length).put(content, 0, length).array();
    }

    public byte[] toBytes() {
        return bytes;
    }
}

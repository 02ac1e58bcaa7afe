package org.centerloss.format.protobuf;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A message in Protocol Buffers' wire format, put together field by field in the order of the
 * calls. A format of a few messages needs no generated classes that way: the field numbers stand
 * where they are written. A repeated field is put once for each value, which is read whether its
 * definition says {@code packed} or not. What the definition says of the types is the caller's to
 * keep.
 *
 * <p>Google's own library would do it too, but has every JDK from 24 on print warnings at the start
 * of a training.
 *
 * <p>Source: <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>.
 */
public final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOUR_BYTES = 5;

    /** Of 64 bits, 7 in each byte. */
    private static final int LONGEST_VARINT = 10;

    /** What was encoded, shared with the messages that hold this one. */
    private final List<byte[]> parts = new ArrayList<>();

    private long size;

    /**
     * Puts an {@code int32}, {@code int64}, {@code bool} or {@code enum}, or a smaller unsigned.
     */
    public ProtoMessage putInteger(int field, long value) {
        return tag(field, VARINT).append(varint(value));
    }

    /** Puts a {@code float}. */
    public ProtoMessage putFloat(int field, float value) {
        return tag(field, FOUR_BYTES).append(littleEndian(Float.BYTES).putFloat(value).array());
    }

    /** Puts a {@code double}. */
    public ProtoMessage putDouble(int field, double value) {
        return tag(field, EIGHT_BYTES).append(littleEndian(Double.BYTES).putDouble(value).array());
    }

    /** Puts a {@code string}, in UTF-8. */
    public ProtoMessage putString(int field, String value) {
        return putBytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Puts {@code bytes}.
     *
     * @param value not copied: must not be changed any more
     */
    public ProtoMessage putBytes(int field, byte[] value) {
        return tag(field, LENGTH_DELIMITED).append(varint(value.length)).append(value);
    }

    /** Puts a message as it is now. */
    public ProtoMessage putMessage(int field, ProtoMessage value) {
        tag(field, LENGTH_DELIMITED).append(varint(value.size));
        List.copyOf(value.parts).forEach(this::append);
        return this;
    }

    private ProtoMessage tag(int field, int wireType) {
        return append(varint((long) field << 3 | wireType));
    }

    private ProtoMessage append(byte[] part) {
        parts.add(part);
        size += part.length;
        return this;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private static byte[] varint(long value) {
        byte[] bytes = new byte[LONGEST_VARINT];
        int length = 0;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return Arrays.copyOf(bytes, length);
    }

    /** The whole message. */
    public byte[] toByteArray() {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size));
        parts.forEach(all::put);
        return all.array();
    }

    /** Writes the message; leaves the stream open. */
    public void writeTo(OutputStream out) throws IOException {
        for (byte[] part : parts) {
            out.write(part);
        }
    }
}

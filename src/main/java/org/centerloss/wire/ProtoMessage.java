package org.centerloss.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A message in Protocol Buffers' wire format, put together field by field in the order of the
 * calls. A format of a few messages needs no generated classes that way: the field numbers stand
 * where they are written. A repeated field is put once for each value, which is read whether its
 * definition says {@code packed} or not. What the definition says of the types is the caller's to
 * keep.
 *
 * <p>Source: <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>.
 */
public final class ProtoMessage {
    /** Of a tag and a number. */
    private static final int MOST_BYTES = 15;

    private ByteString bytes = ByteString.EMPTY;

    /**
     * Puts an {@code int32}, {@code int64}, {@code bool} or {@code enum}, or a smaller unsigned.
     */
    public ProtoMessage putInteger(int field, long value) {
        return put(out -> out.writeInt64(field, value));
    }

    /** Puts a {@code float}. */
    public ProtoMessage putFloat(int field, float value) {
        return put(out -> out.writeFloat(field, value));
    }

    /** Puts a {@code double}. */
    public ProtoMessage putDouble(int field, double value) {
        return put(out -> out.writeDouble(field, value));
    }

    /** Puts a {@code string}, in UTF-8. */
    public ProtoMessage putString(int field, String value) {
        return putBytes(field, ByteString.copyFromUtf8(value));
    }

    /**
     * Puts {@code bytes}.
     *
     * @param value not copied: must not be changed any more
     */
    public ProtoMessage putBytes(int field, byte[] value) {
        return putBytes(field, UnsafeByteOperations.unsafeWrap(value));
    }

    /** Puts a message as it is now. */
    public ProtoMessage putMessage(int field, ProtoMessage value) {
        return putBytes(field, value.bytes);
    }

    private ProtoMessage putBytes(int field, ByteString value) {
        put(
                out -> {
                    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    out.writeUInt32NoTag(value.size());
                });
        bytes = bytes.concat(value);
        return this;
    }

    private interface Encoding {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private ProtoMessage put(Encoding encoding) {
        ByteString.Output encoded = ByteString.newOutput(MOST_BYTES);
        CodedOutputStream out = CodedOutputStream.newInstance(encoded, MOST_BYTES);
        try {
            encoding.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes = bytes.concat(encoded.toByteString());
        return this;
    }

    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** Writes the message; leaves the stream open. */
    public void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
    }
}

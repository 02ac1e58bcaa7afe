package org.centerloss.format.protobuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtoMessageTest {
    private static void assertBytes(String expected, ProtoMessage message) {
        assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(message.toByteArray()));
    }

    @Test
    void theExamplesOfTheSpecificationComeOut() {
        assertBytes("08 96 01", new ProtoMessage().putInteger(1, 150));
        assertBytes("12 07 74 65 73 74 69 6e 67", new ProtoMessage().putString(2, "testing"));
        assertBytes(
                "1a 03 08 96 01",
                new ProtoMessage().putMessage(3, new ProtoMessage().putInteger(1, 150)));
        assertBytes("08 fe ff ff ff ff ff ff ff ff 01", new ProtoMessage().putInteger(1, -2));
        assertBytes("0d 00 00 c0 3f", new ProtoMessage().putFloat(1, 1.5f));
        assertBytes("09 00 00 00 00 00 00 f8 3f", new ProtoMessage().putDouble(1, 1.5));
        assertBytes("", new ProtoMessage());
    }

    @Test
    void everyFieldIsReadBackByTheLibrary() throws InvalidProtocolBufferException {
        byte[] blob = new byte[100_000];
        new Random(1).nextBytes(blob);
        ProtoMessage inner = new ProtoMessage().putBytes(536_870_911, blob).putString(1, "héllo");
        ProtoMessage message =
                new ProtoMessage()
                        .putInteger(1, Long.MIN_VALUE)
                        .putInteger(1, 7)
                        .putFloat(2, Float.NaN)
                        .putDouble(3, -0.0)
                        .putMessage(16, inner)
                        .putMessage(17, new ProtoMessage());
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(message.toByteArray());
        assertEquals(List.of(Long.MIN_VALUE, 7L), fields.getField(1).getVarintList());
        assertEquals(
                List.of(Float.floatToRawIntBits(Float.NaN)), fields.getField(2).getFixed32List());
        assertEquals(
                List.of(Double.doubleToRawLongBits(-0.0)), fields.getField(3).getFixed64List());
        assertEquals(List.of(ByteString.EMPTY), fields.getField(17).getLengthDelimitedList());
        UnknownFieldSet read =
                UnknownFieldSet.parseFrom(fields.getField(16).getLengthDelimitedList().get(0));
        assertEquals("héllo", read.getField(1).getLengthDelimitedList().get(0).toStringUtf8());
        assertArrayEquals(
                blob, read.getField(536_870_911).getLengthDelimitedList().get(0).toByteArray());
    }

    @Test
    void aStreamGetsTheSameBytes() throws IOException {
        ProtoMessage message = new ProtoMessage().putString(1, "a").putBytes(2, new byte[1000]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        assertArrayEquals(message.toByteArray(), out.toByteArray());
    }

    @Test
    void aMessageIsPutAsItIsThen() {
        ProtoMessage inner = new ProtoMessage().putInteger(1, 1);
        ProtoMessage outer = new ProtoMessage().putMessage(3, inner);
        inner.putInteger(1, 2);
        assertBytes("1a 02 08 01", outer);
    }
}

package org.centerloss.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.centerloss.base.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir Path folder;

    private Path file(byte[] bytes) throws IOException {
        Path file = folder.resolve("file.safetensors");
        Files.write(file, bytes);
        return file;
    }

    private static byte[] sound() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.putMetadata("epoch", "3");
        writer.put("bytes", new byte[] {1, -1, 3}, 3);
        writer.put("weight", new float[] {1, Float.MIN_VALUE, -0f, Float.NaN}, 2, 2);
        writer.put("loss", new double[] {Math.PI});
        writer.put("labels", new int[] {7, -7}, 2);
        writer.put("steps", new long[] {Long.MAX_VALUE}, 1);
        writer.put("nothing", new float[0], 0, 5);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(out);
        return out.toByteArray();
    }

    private static byte[] withHeader(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private String failure(byte[] bytes) throws IOException {
        Path file = file(bytes);
        String message =
                assertThrows(InputException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void everyTypeIsReadBackAsWritten() throws IOException {
        Safetensors read = Safetensors.read(file(sound()));
        assertEquals(Map.of("epoch", "3"), read.metadata());
        assertEquals(6, read.entries().size());
        assertArrayEquals(new byte[] {1, -1, 3}, read.get("bytes").toBytes());
        assertArrayEquals(
                new float[] {1, Float.MIN_VALUE, -0f, Float.NaN}, read.get("weight").toFloats());
        assertArrayEquals(new int[] {2, 2}, read.get("weight").shape());
        assertArrayEquals(new double[] {Math.PI}, read.get("loss").toDoubles());
        assertArrayEquals(new int[0], read.get("loss").shape());
        assertArrayEquals(new int[] {7, -7}, read.get("labels").toInts());
        assertArrayEquals(new long[] {Long.MAX_VALUE}, read.get("steps").toLongs());
        assertEquals(0, read.get("nothing").size());
    }

    @Test
    void dataStartAlignedAndEqualCallsGiveEqualBytes() throws IOException {
        byte[] bytes = sound();
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, header % 8);
        assertArrayEquals(bytes, sound());
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] bytes = sound();
        for (int length = 0; length < bytes.length; length++) {
            failure(Arrays.copyOf(bytes, length));
        }
        assertTrue(failure(Arrays.copyOf(bytes, 3)).contains("expected 8 bytes"));
        assertTrue(failure(Arrays.copyOf(bytes, 40)).contains("bytes of header at offset 8"));
    }

    @Test
    void appendedByteIsRefused() throws IOException {
        byte[] bytes = sound();
        String message = failure(Arrays.copyOf(bytes, bytes.length + 1));
        assertTrue(message.endsWith("expected 43 bytes of data, found 44"), message);
    }

    @Test
    void headerLengthOfAForeignFileIsRefused() throws IOException {
        String message = failure("PK34 this is some zip archive".getBytes(StandardCharsets.UTF_8));
        assertTrue(message.contains("not a safetensors file"), message);
        assertTrue(failure(new byte[64]).contains("found 0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]} | expected the rest",
                "[1] | expected a JSON object",
                "{'a':3} | expected the field",
                "{'a':{'dtype':'F32','shape':[2]}} | expected the field data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | only",
                "{'a':{'dtype':'F8','shape':[2],'data_offsets':[0,8]}} | found \"F8\"",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | F32 [3], found 8",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | found -2",
                "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}} | found 2.5",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | list of numbers",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,16]}} | within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | [begin, end]",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | expected to begin at 0",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | expected 4 bytes of data",
                "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | F32",
                "{'a':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8]}} | whole",
                "{'__metadata__':{'a':1},'a':{}} | expected text",
                "{'__metadata__':1} | expected a JSON object"
            })
    void unsoundHeaderIsRefused(String header, String reason) throws IOException {
        String message = failure(withHeader(header.strip().replace('\'', '"'), 8));
        assertTrue(message.contains(reason), message);
    }

    @Test
    void overlapAndRepeatedNameAreRefused() throws IOException {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        String b = "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}";
        assertTrue(failure(withHeader("{" + a + "," + b + "}", 8)).contains("tensor 'b'"));
        assertTrue(
                failure(withHeader("{" + a + "," + a + "}", 8))
                        .contains("each name once, found 'a' again"));
    }

    /** Bit patterns and values from IEEE 754 and the definition of bfloat16. */
    @Test
    void halfPrecisionIsReadExactly() throws IOException {
        int[] halves = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x3555, 0x7c00, 0x0400};
        double[] values = {
            1, -2, 65504, 0x1p-24, -0.0, 0x1.554p-2, Double.POSITIVE_INFINITY, 0x1p-14
        };
        int[] brains = {0x3f80, 0xc000, 0x7f7f, 0x0001, 0x8000, 0x3eab, 0x7f80, 0x4049};
        double[] brainValues = {
            1, -2, 0x1.fep127, 0x1p-133, -0.0, 0x1.56p-2, Double.POSITIVE_INFINITY, 0x1.92p1
        };
        String header =
                "{'h':{'dtype':'F16','shape':[8],'data_offsets':[0,16]},"
                        + "'b':{'dtype':'BF16','shape':[8],'data_offsets':[16,32]}}";
        byte[] bytes = withHeader(header.replace('\'', '"'), 32);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        data.position(bytes.length - 32);
        Arrays.stream(halves).forEach(bits -> data.putShort((short) bits));
        Arrays.stream(brains).forEach(bits -> data.putShort((short) bits));
        Safetensors read = Safetensors.read(file(bytes));
        assertArrayEquals(values, read.get("h").toDoubles());
        assertArrayEquals(brainValues, read.get("b").toDoubles());
    }

    @Test
    void missingTensorWrongTypeAndWrongShapeAreNamed() throws IOException {
        Safetensors read = Safetensors.read(file(sound()));
        assertThrows(InputException.class, () -> read.get("bias"));
        assertThrows(InputException.class, () -> read.get("labels").toFloats());
        assertThrows(InputException.class, () -> read.get("steps").toInts());
        String message =
                assertThrows(InputException.class, () -> read.get("weight").requireShape(4))
                        .getMessage();
        assertTrue(message.endsWith("expected shape [4], found [2, 2]"), message);
    }

    @Test
    void missingFileAndFolderAreNamed() {
        Path missing = folder.resolve("missing.safetensors");
        assertEquals(
                missing + ": no such file",
                assertThrows(InputException.class, () -> Safetensors.read(missing)).getMessage());
        assertTrue(
                assertThrows(InputException.class, () -> Safetensors.read(folder))
                        .getMessage()
                        .endsWith("found a folder"));
    }

    @Test
    void aHeaderThatWouldFillTheMemoryIsNotRead() throws IOException {
        byte[] start =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1 << 26).array();
        String message = failure(start);
        assertTrue(
                message.endsWith("header length of 2 to 16000000 at offset 0, found 67108864"),
                message);
    }
}

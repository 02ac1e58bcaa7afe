package org.centerloss.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Collects named tensors and writes them as a safetensors file that {@link Safetensors} reads.
 *
 * <p>The data start at a multiple of 8 bytes, wider types first, otherwise in the order in which
 * they were put, so every tensor is aligned and equal calls give equal bytes.
 */
public final class SafetensorsWriter {
    private record Item(String name, SafetensorsEntry.Type type, int[] shape, ByteBuffer bytes) {}

    private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    private final List<Item> items = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** Adds a line of free text. */
    public void putMetadata(String name, String value) {
        metadata.put(name, value);
    }

    public void put(String name, float[] values, int... shape) {
        add(name, SafetensorsEntry.Type.F32, values.length, shape).asFloatBuffer().put(values);
    }

    public void put(String name, double[] values, int... shape) {
        add(name, SafetensorsEntry.Type.F64, values.length, shape).asDoubleBuffer().put(values);
    }

    public void put(String name, int[] values, int... shape) {
        add(name, SafetensorsEntry.Type.I32, values.length, shape).asIntBuffer().put(values);
    }

    public void put(String name, long[] values, int... shape) {
        add(name, SafetensorsEntry.Type.I64, values.length, shape).asLongBuffer().put(values);
    }

    public void put(String name, byte[] values, int... shape) {
        add(name, SafetensorsEntry.Type.U8, values.length, shape).duplicate().put(values);
    }

    private ByteBuffer add(String name, SafetensorsEntry.Type type, int count, int[] shape) {
        long expected = 1;
        for (int length : shape) {
            expected *= length;
        }
        if (expected != count || !names.add(name)) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' is there already or has not " + expected + " elements");
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(count, type.bytes))
                        .order(ByteOrder.LITTLE_ENDIAN);
        items.add(new Item(name, type, shape.clone(), bytes));
        return bytes;
    }

    /**
     * Writes the file with a checksum over every byte of it in its metadata, to which {@link
     * Safetensors#read} holds it; leaves the stream open.
     */
    public void writeWithChecksum(OutputStream out) throws IOException {
        MessageDigest digest = Safetensors.newDigest();
        putMetadata(Safetensors.CHECKSUM, Safetensors.CHECKSUM_PLACEHOLDER);
        write(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        putMetadata(Safetensors.CHECKSUM, HexFormat.of().formatHex(digest.digest()));
        write(out);
    }

    /** Writes the file; leaves the stream open. */
    public void write(OutputStream out) throws IOException {
        List<Item> ordered = new ArrayList<>(items);
        ordered.sort(Comparator.comparingInt(item -> -item.type().bytes));
        byte[] header = header(ordered);
        out.write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .array());
        out.write(header);
        for (Item item : ordered) {
            out.write(item.bytes().array());
        }
    }

    private byte[] header(List<Item> ordered) throws JsonProcessingException {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            header.set("__metadata__", metadata);
        }
        long offset = 0;
        for (Item item : ordered) {
            ObjectNode entry = header.putObject(item.name());
            entry.put("dtype", item.type().name());
            ArrayNode shape = entry.putArray("shape");
            for (int length : item.shape()) {
                shape.add(length);
            }
            long end = offset + item.bytes().capacity();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = new JsonMapper().writeValueAsString(header);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return (text + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }
}

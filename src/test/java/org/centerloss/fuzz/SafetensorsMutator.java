package org.centerloss.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Damages the header of a safetensors file, JSON texts in its metadata included, and gives it the
 * right length and, where the file has one, the right checksum: what only validation can refuse.
 */
public final class SafetensorsMutator implements Mutator {
    private static final String CHECKSUM = "centerloss.sha256";
    private static final String BLANK = "0".repeat(64);

    private final ObjectMapper json = new ObjectMapper();
    private final JsonMutator mutator = new JsonMutator();

    @Override
    public byte[] mutate(byte[] content, Random random) {
        int length = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt();
        try {
            ObjectNode header = (ObjectNode) json.readTree(content, 8, length);
            JsonNode metadata = header.path("__metadata__");
            List<String> texts = new ArrayList<>();
            metadata.fieldNames().forEachRemaining(texts::add);
            texts.remove(CHECKSUM);
            boolean signed = metadata.has(CHECKSUM);
            JsonNode changed = header;
            if (!texts.isEmpty() && random.nextInt(4) > 0) {
                String name = texts.get(random.nextInt(texts.size()));
                JsonNode inner = inner(metadata.get(name).asText());
                ((ObjectNode) metadata).put(name, JsonMutator.text(mutator.mutated(inner, random)));
            } else {
                changed = mutator.mutated(header, random);
            }
            if (signed && changed.path("__metadata__") instanceof ObjectNode object) {
                object.put(CHECKSUM, BLANK);
            }
            return signed(file(JsonMutator.text(changed), content, 8 + length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode inner(String text) throws IOException {
        return text.startsWith("{") || text.startsWith("[")
                ? json.readTree(text)
                : json.getNodeFactory().textNode(text);
    }

    private static byte[] file(String header, byte[] content, int dataBegin) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + content.length - dataBegin)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(content, dataBegin, content.length - dataBegin)
                .array();
    }

    private static byte[] signed(byte[] file) {
        String start = '"' + CHECKSUM + "\":\"";
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(start + BLANK);
        if (at >= 0) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
                byte[] hex = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(hex, 0, file, at + start.length(), hex.length);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
        return file;
    }
}

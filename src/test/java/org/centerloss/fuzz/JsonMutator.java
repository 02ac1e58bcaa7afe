package org.centerloss.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages the values of a JSON text: missing, null, of another type, zero, negative, huge. */
public final class JsonMutator implements Mutator {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Values in JSON's own spelling. */
    private static final String[] VALUES = {
        "null",
        "true",
        "0",
        "-0.0",
        "-1",
        "1",
        "0.5",
        "1e308",
        "1e999",
        "-1e999",
        "1e-400",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "99999999999999999999",
        "\"\"",
        "\"x\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"1\"",
        "\"\\u0000\"",
        "\"\\u001b[31m\\n\"",
        "\"../../x\"",
        "\"/\"",
        "\"é猫\\ud83d\\ude00\"",
        "[]",
        "{}",
        "[null]",
        "[[1]]",
        "{\"a\":null}",
        "[1,\"x\",null]",
        "NaN",
        "-"
    };

    @Override
    public byte[] mutate(byte[] content, Random random) {
        try {
            JsonNode tree = mutated(JSON.readTree(content), random);
            return JSON.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A damaged copy of a tree. */
    JsonNode mutated(JsonNode tree, Random random) {
        JsonNode copy = tree.deepCopy();
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(copy, containers);
            containers.removeIf(JsonNode::isEmpty);
            if (containers.isEmpty()) {
                return value(random);
            }
            ContainerNode<?> chosen = containers.get(random.nextInt(containers.size()));
            if (chosen instanceof ObjectNode object) {
                change(object, random);
            } else {
                change((ArrayNode) chosen, random);
            }
        }
        return copy;
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> into) {
        if (node instanceof ContainerNode<?> container) {
            into.add(container);
            node.forEach(child -> collect(child, into));
        }
    }

    private static void change(ObjectNode object, Random random) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(8)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + "x", object.remove(name));
            case 2 -> object.set("unknown", value(random));
            case 3 -> object.set(name, object.get(names.get(random.nextInt(names.size()))));
            default -> object.set(name, near(object.get(name), random));
        }
    }

    private static void change(ArrayNode array, Random random) {
        int at = random.nextInt(array.size());
        switch (random.nextInt(6)) {
            case 0 -> array.remove(at);
            case 1 -> array.insert(at, array.get(random.nextInt(array.size())).deepCopy());
            case 2 -> array.removeAll();
            default -> array.set(at, near(array.get(at), random));
        }
    }

    private static JsonNode near(JsonNode old, Random random) {
        if (old.isNumber() && random.nextInt(4) == 0) {
            double factor = new double[] {-1, 0.1, 2, 1e6}[random.nextInt(4)];
            return old.isIntegralNumber()
                    ? JsonNodeFactory.instance.numberNode((long) (old.asLong() * factor))
                    : JsonNodeFactory.instance.numberNode(old.asDouble() * factor);
        }
        if (random.nextInt(40) == 0) {
            return raw("[".repeat(2000) + "]".repeat(2000));
        }
        return random.nextInt(40) == 0 ? raw('"' + "long ".repeat(20_000) + '"') : value(random);
    }

    private static JsonNode value(Random random) {
        return raw(VALUES[random.nextInt(VALUES.length)]);
    }

    private static JsonNode raw(String json) {
        return JsonNodeFactory.instance.rawValueNode(new RawValue(json));
    }

    /** A tree as text. */
    static String text(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

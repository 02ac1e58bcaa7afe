package org.centerloss.interchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.centerloss.format.protobuf.ProtoMessage;

/**
 * A graph of ONNX under construction: inputs, nodes in the order of computation, weights, outputs.
 * Every value has a name of its own, and a node may use only what is there already.
 *
 * <p>Source: the field numbers of {@code onnx.proto}, https://onnx.ai/onnx/repo-docs/IR.html.
 */
final class OnnxGraph {
    /** Numbers of {@code GraphProto}'s fields. */
    private static final int NODE = 1;

    private static final int NAME = 2;
    private static final int INITIALIZER = 5;
    private static final int INPUT = 11;
    private static final int OUTPUT = 12;

    /** Numbers of {@code TensorProto.DataType}. */
    private static final int FLOAT = 1;

    private static final int INT64 = 7;

    /** The dimension that a caller chooses: how many images there are. */
    static final String BATCH = "N";

    private final ProtoMessage graph = new ProtoMessage();
    private final Set<String> values = new HashSet<>();

    OnnxGraph(String name) {
        graph.putString(NAME, name);
    }

    /** The graph as {@code GraphProto}. */
    ProtoMessage message() {
        return graph;
    }

    /**
     * Declares a float32 input [N, dimensions…].
     *
     * @return its name
     */
    String input(String name, String description, int... dimensions) {
        graph.putMessage(INPUT, valueInfo(name, description, dimensions));
        return define(name);
    }

    /** Declares that a value, float32 [N, dimensions…], is an output. */
    void output(String name, String description, int... dimensions) {
        require(name);
        graph.putMessage(OUTPUT, valueInfo(name, description, dimensions));
    }

    /**
     * Adds a float32 constant.
     *
     * @return its name
     */
    String weight(String name, List<Integer> shape, float[] numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(numbers.length, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return constant(name, FLOAT, shape, bytes);
    }

    /**
     * Adds a vector of one int64: an axis.
     *
     * @return its name
     */
    String axis(String name, long axis) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return constant(name, INT64, List.of(1), bytes.putLong(axis));
    }

    private String constant(String name, int type, List<Integer> shape, ByteBuffer bytes) {
        ProtoMessage tensor = new ProtoMessage();
        shape.forEach(length -> tensor.putInteger(1, length));
        tensor.putInteger(2, type).putString(8, name).putBytes(9, bytes.array());
        graph.putMessage(INITIALIZER, tensor);
        return define(name);
    }

    /**
     * Adds an operation with one result.
     *
     * @param name of the node and of its result
     * @return the result's name
     */
    String node(String operator, String name, List<String> inputs, List<ProtoMessage> attributes) {
        ProtoMessage node = new ProtoMessage();
        for (String input : inputs) {
            require(input);
            node.putString(1, input);
        }
        node.putString(2, name).putString(3, name).putString(4, operator);
        attributes.forEach(attribute -> node.putMessage(5, attribute));
        graph.putMessage(NODE, node);
        return define(name);
    }

    /** An attribute of a node: a number. */
    static ProtoMessage number(String name, float value) {
        return new ProtoMessage().putString(1, name).putFloat(2, value).putInteger(20, 1);
    }

    /** An attribute of a node: a whole number. */
    static ProtoMessage integer(String name, long value) {
        return new ProtoMessage().putString(1, name).putInteger(3, value).putInteger(20, 2);
    }

    /** An attribute of a node: a list of whole numbers. */
    static ProtoMessage integers(String name, long... values) {
        ProtoMessage attribute = new ProtoMessage().putString(1, name);
        for (long value : values) {
            attribute.putInteger(8, value);
        }
        return attribute.putInteger(20, 7);
    }

    private static ProtoMessage valueInfo(String name, String description, int... dimensions) {
        ProtoMessage shape = new ProtoMessage();
        shape.putMessage(1, new ProtoMessage().putString(2, BATCH));
        for (int length : dimensions) {
            shape.putMessage(1, new ProtoMessage().putInteger(1, length));
        }
        ProtoMessage tensorType = new ProtoMessage().putInteger(1, FLOAT).putMessage(2, shape);
        ProtoMessage type = new ProtoMessage().putMessage(1, tensorType);
        return new ProtoMessage().putString(1, name).putMessage(2, type).putString(3, description);
    }

    private String define(String value) {
        if (!values.add(value)) {
            throw new IllegalArgumentException("two values of the name '" + value + "'");
        }
        return value;
    }

    private void require(String value) {
        if (!values.contains(value)) {
            throw new IllegalArgumentException("no value '" + value + "' yet");
        }
    }
}

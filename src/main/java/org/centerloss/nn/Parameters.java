package org.centerloss.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;

/**
 * Every tensor of a model on a device: the trained ones side by side in one block, with their
 * gradients in a block of the same shape, so that the optimiser is one operation for each group of
 * them; the others (running statistics, weights that an objective leaves alone) in a third block.
 */
public final class Parameters implements AutoCloseable {
    /** The class centers' name. */
    public static final String CENTERS = "centers";

    /** What a file holds that is read into one array. */
    private static final long MOST_NUMBERS = Integer.MAX_VALUE / Float.BYTES;

    private final List<Parameter> declared;
    private final boolean doublePrecision;
    private final Tensor weights;
    private final Tensor gradients;
    private final Tensor untrained;
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final Map<String, Tensor> gradientOf = new LinkedHashMap<>();

    /**
     * Trained parameters that lie side by side.
     *
     * @param offset of the first, in elements
     * @param size elements of all, with the padding
     */
    public record Block(List<Parameter> parameters, long offset, int size) {
        /** The part of a tensor laid out as {@link #weights} that is these parameters'. */
        public Tensor of(Tensor all) {
            return all.slice(offset, size);
        }
    }

    /** Allocates all blocks, zeroed, with the trained parameters in the order given. */
    public Parameters(Device device, List<Parameter> declared) {
        this(device, declared, parameter -> "all");
    }

    /**
     * Allocates all blocks, zeroed; see {@link #initialise}.
     *
     * @param group trained parameters for which it says the same lie side by side
     */
    public Parameters(Device device, List<Parameter> declared, Function<Parameter, Object> group) {
        requireSize(declared, 0);
        this.declared = List.copyOf(declared);
        doublePrecision = device.doublePrecision();
        Map<Object, List<Parameter>> groups =
                declared.stream()
                        .filter(Parameter::trained)
                        .collect(
                                Collectors.groupingBy(
                                        group, LinkedHashMap::new, Collectors.toList()));
        int trainedSize = 0;
        for (List<Parameter> members : groups.values()) {
            int size = size(members);
            blocks.add(new Block(List.copyOf(members), trainedSize, size));
            trainedSize = Math.addExact(trainedSize, size);
        }
        List<Parameter> others = declared.stream().filter(p -> !p.trained()).toList();
        weights = device.tensor(Math.max(trainedSize, Device.ALIGNMENT));
        gradients = device.tensor(Math.max(trainedSize, Device.ALIGNMENT));
        untrained = device.tensor(Math.max(size(others), Device.ALIGNMENT));
        for (Block block : blocks) {
            place(block.parameters(), block.offset());
        }
        place(others, 0);
        for (Parameter p : declared) {
            values.put(p.name(), part(p.trained() ? weights : untrained, p));
            if (p.trained()) {
                gradientOf.put(p.name(), part(gradients, p));
            }
        }
        if (values.size() != declared.size()) {
            throw new IllegalArgumentException("two parameters of one name");
        }
    }

    /**
     * Checks that a model is not too large for a file, before anything is made of it.
     *
     * @param kept what the optimiser keeps of each trained number
     * @throws InputException if it is, or a file of it too large for the JVM's memory
     */
    public static void requireSize(List<Parameter> declared, int kept) {
        double numbers =
                declared.stream()
                        .mapToDouble(p -> (p.trained() ? 1 + kept : 1) * p.elements())
                        .sum();
        if (numbers > MOST_NUMBERS) {
            throw new InputException(
                    "the network: expected at most %d numbers, what the optimiser keeps of them included (2 GiB), found %.0f; give a smaller --width, --blocks or --feat-dim"
                            .formatted(MOST_NUMBERS, numbers));
        }
        JavaMemory.require("the network: a checkpoint of it", (long) numbers * Float.BYTES);
    }

    private void place(List<Parameter> members, long first) {
        long offset = first;
        for (Parameter p : members) {
            offsets.put(p.name(), offset);
            offset += padded(p);
        }
    }

    private static int size(List<Parameter> members) {
        return members.stream().mapToInt(Parameters::padded).reduce(0, Math::addExact);
    }

    private static int padded(Parameter p) {
        return Math.multiplyExact(
                (p.size() + Device.ALIGNMENT - 1) / Device.ALIGNMENT, Device.ALIGNMENT);
    }

    /**
     * Draws initial values and sets gradients to zero. A parameter's random numbers are addressed
     * by its place in the declaration, and the network's come first, so every objective starts from
     * the same network.
     */
    public void initialise(long seed) {
        for (int i = 0; i < declared.size(); i++) {
            Parameter p = declared.get(i);
            value(p.name()).write(p.draw(seed, i));
        }
        gradients.zero();
    }

    public List<Parameter> declared() {
        return declared;
    }

    /** Whether the tensors hold float64. */
    public boolean doublePrecision() {
        return doublePrecision;
    }

    /** The tensor of that name, a slice of a block. */
    public Tensor value(String name) {
        return find(values, name);
    }

    /** The gradient of a trained parameter. */
    public Tensor gradient(String name) {
        return find(gradientOf, name);
    }

    /** A trained parameter's part of a tensor that is laid out as {@link #weights}. */
    public Tensor part(Tensor all, Parameter parameter) {
        return all.slice(offsets.get(parameter.name()), parameter.dimensions());
    }

    /** The trained parameters, group by group. */
    public List<Block> blocks() {
        return blocks;
    }

    private static Tensor find(Map<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter '" + name + "'");
        }
        return tensor;
    }

    /** All trained parameters, with padding between them. */
    public Tensor weights() {
        return weights;
    }

    /** The gradients, laid out as {@link #weights}. */
    public Tensor gradients() {
        return gradients;
    }

    /** The blocks that are the model's state between two steps: weights and all untrained. */
    public List<Tensor> stateBlocks() {
        return List.of(weights, untrained);
    }

    @Override
    public void close() {
        List<Tensor> blocks = new ArrayList<>(stateBlocks());
        blocks.add(gradients);
        blocks.forEach(Tensor::close);
    }
}

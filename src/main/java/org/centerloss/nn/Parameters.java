package org.centerloss.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;

/**
 * Every tensor of a model on a device: the trained ones side by side in one block, with their
 * gradients and momentum in two blocks of the same shape, so that the optimiser is one operation;
 * the others (running statistics, weights that an objective leaves alone) in a fourth block.
 */
public final class Parameters implements AutoCloseable {
    private final List<Parameter> declared;
    private final boolean doublePrecision;
    private final Tensor weights;
    private final Tensor gradients;
    private final Tensor velocity;
    private final Tensor untrained;
    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final Map<String, Tensor> gradientOf = new LinkedHashMap<>();
    private final Map<String, Tensor> velocityOf = new LinkedHashMap<>();

    /** Allocates all blocks, zeroed; see {@link #initialise}. */
    public Parameters(Device device, List<Parameter> declared) {
        this.declared = List.copyOf(declared);
        doublePrecision = device.doublePrecision();
        weights = device.tensor(blockSize(true));
        gradients = device.tensor(blockSize(true));
        velocity = device.tensor(blockSize(true));
        untrained = device.tensor(blockSize(false));
        int trainedOffset = 0;
        int untrainedOffset = 0;
        for (Parameter p : declared) {
            int[] shape = p.dimensions();
            if (p.trained()) {
                values.put(p.name(), weights.slice(trainedOffset, shape));
                gradientOf.put(p.name(), gradients.slice(trainedOffset, shape));
                velocityOf.put(p.name(), velocity.slice(trainedOffset, shape));
                trainedOffset += padded(p);
            } else {
                values.put(p.name(), untrained.slice(untrainedOffset, shape));
                untrainedOffset += padded(p);
            }
        }
        if (values.size() != declared.size()) {
            throw new IllegalArgumentException("two parameters of one name");
        }
    }

    private int blockSize(boolean trained) {
        int size = 0;
        for (Parameter p : declared) {
            if (p.trained() == trained) {
                size = Math.addExact(size, padded(p));
            }
        }
        return Math.max(size, Device.ALIGNMENT);
    }

    private static int padded(Parameter p) {
        return Math.multiplyExact(
                (p.size() + Device.ALIGNMENT - 1) / Device.ALIGNMENT, Device.ALIGNMENT);
    }

    /**
     * Draws initial values and sets momentum and gradients to zero. A parameter's random numbers
     * are addressed by its place in the declaration, and the network's come first, so every
     * objective starts from the same network.
     */
    public void initialise(long seed) {
        for (int i = 0; i < declared.size(); i++) {
            Parameter p = declared.get(i);
            value(p.name()).write(p.draw(seed, i));
        }
        velocity.zero();
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

    /** The momentum of a trained parameter. */
    public Tensor velocity(String name) {
        return find(velocityOf, name);
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

    /** The momentum, laid out as {@link #weights}. */
    public Tensor velocity() {
        return velocity;
    }

    /** The blocks that make up the state between two steps: weights, momentum, all untrained. */
    public List<Tensor> stateBlocks() {
        return List.of(weights, velocity, untrained);
    }

    @Override
    public void close() {
        List<Tensor> blocks = new ArrayList<>(stateBlocks());
        blocks.add(gradients);
        blocks.forEach(Tensor::close);
    }
}

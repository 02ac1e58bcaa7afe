package org.centerloss.nn;

import java.util.Arrays;
import java.util.List;
import org.centerloss.base.Philox;

/**
 * The declaration of one named tensor of a model: a weight, or a running statistic.
 *
 * @param name the reference implementation's name, such as {@code group1.0.conv1.weight}
 * @param trained whether the optimiser moves it by its gradient
 * @param start the distribution of its initial values
 * @param scale the value for {@link Start#CONSTANT}, the standard deviation for {@link
 *     Start#NORMAL}, the largest magnitude for {@link Start#UNIFORM}
 */
public record Parameter(
        String name, List<Integer> shape, boolean trained, Start start, double scale) {
    /** How initial values are drawn. */
    public enum Start {
        CONSTANT,
        NORMAL,
        UNIFORM
    }

    static Parameter constant(String name, boolean trained, double value, Integer... shape) {
        return new Parameter(name, List.of(shape), trained, Start.CONSTANT, value);
    }

    /** A weight drawn from N(0, deviation²). */
    public static Parameter normal(String name, double deviation, Integer... shape) {
        return new Parameter(name, List.of(shape), true, Start.NORMAL, deviation);
    }

    /** A weight drawn evenly from [-bound, bound). */
    static Parameter uniform(String name, double bound, Integer... shape) {
        return new Parameter(name, List.of(shape), true, Start.UNIFORM, bound);
    }

    /** A weight that starts at zero: a bias. */
    public static Parameter zeros(String name, Integer... shape) {
        return constant(name, true, 0, shape);
    }

    /** A weight in Kaiming's normal initialisation: deviation √(2 / fan-in), He et al. 2015. */
    public static Parameter kaiming(String name, Integer... shape) {
        return normal(name, Math.sqrt(2.0 / Initializer.fanIn(shape)), shape);
    }

    /** The same tensor, left alone by the optimiser. */
    public Parameter untrained() {
        return new Parameter(name, shape, false, start, scale);
    }

    /** The number of elements, which may be more than {@link #size} can tell. */
    double elements() {
        return shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    }

    public int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** {@link #shape} as tensors take it. */
    public int[] dimensions() {
        return shape.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Initial values.
     *
     * @param stream sets this parameter's random numbers apart from others'
     */
    float[] draw(long seed, int stream) {
        float[] values = new float[size()];
        switch (start) {
            case CONSTANT -> Arrays.fill(values, (float) scale);
            case NORMAL -> {
                Philox.fillNormal(seed, stream, Philox.INITIALISATION, values);
                multiply(values, (float) scale);
            }
            case UNIFORM -> {
                Philox.fillUniform(seed, stream, Philox.INITIALISATION, values);
                multiply(values, (float) scale);
            }
        }
        return values;
    }

    private static void multiply(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }
}

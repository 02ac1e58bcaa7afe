package org.centerloss.verify.op;

import java.util.LinkedHashMap;
import java.util.Map;

/** The named inputs of a case. */
public final class Inputs {
    private final Map<String, double[]> numbers = new LinkedHashMap<>();
    private final Map<String, int[]> integers = new LinkedHashMap<>();

    public Inputs put(String name, double[] values) {
        numbers.put(name, values);
        return this;
    }

    public Inputs put(String name, int[] values) {
        integers.put(name, values);
        return this;
    }

    public double[] numbers(String name) {
        return numbers.get(name);
    }

    public int[] integers(String name) {
        return integers.get(name);
    }

    /** The same inputs, but for one number of one of them. */
    public Inputs with(String name, int index, double value) {
        Inputs changed = new Inputs();
        changed.numbers.putAll(numbers);
        changed.integers.putAll(integers);
        double[] values = numbers.get(name).clone();
        values[index] = value;
        changed.numbers.put(name, values);
        return changed;
    }
}

package org.centerloss.verify;

import java.util.LinkedHashMap;
import java.util.Map;

/** The named inputs of a case. */
final class Inputs {
    private final Map<String, double[]> numbers = new LinkedHashMap<>();
    private final Map<String, int[]> integers = new LinkedHashMap<>();

    Inputs put(String name, double[] values) {
        numbers.put(name, values);
        return this;
    }

    Inputs put(String name, int[] values) {
        integers.put(name, values);
        return this;
    }

    double[] numbers(String name) {
        return numbers.get(name);
    }

    int[] integers(String name) {
        return integers.get(name);
    }

    /** The same inputs, but for one number of one of them. */
    Inputs with(String name, int index, double value) {
        Inputs changed = new Inputs();
        changed.numbers.putAll(numbers);
        changed.integers.putAll(integers);
        double[] values = numbers.get(name).clone();
        values[index] = value;
        changed.numbers.put(name, values);
        return changed;
    }
}

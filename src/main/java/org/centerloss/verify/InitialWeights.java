package org.centerloss.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.centerloss.format.SafetensorsEntry;

/** The weights and running statistics that a recorded run begins with, the centers among them. */
interface InitialWeights {
    /** The shape of each tensor, by its name. */
    Map<String, List<Integer>> shapes();

    /**
     * The numbers of one of {@link #shapes}, in row-major order.
     *
     * @throws org.centerloss.base.InputException if they are not what the file says of them
     */
    double[] values(String name);

    /** Those that stand in the file whole. */
    static InitialWeights stored(Map<String, SafetensorsEntry> tensors) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        tensors.forEach(
                (name, tensor) ->
                        shapes.put(
                                name,
                                IntStream.of(tensor.shape())
                                        .boxed()
                                        .collect(Collectors.toUnmodifiableList())));
        return new InitialWeights() {
            @Override
            public Map<String, List<Integer>> shapes() {
                return Collections.unmodifiableMap(shapes);
            }

            @Override
            public double[] values(String name) {
                return tensors.get(name).toDoubles();
            }
        };
    }
}

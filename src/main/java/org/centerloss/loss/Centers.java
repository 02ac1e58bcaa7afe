package org.centerloss.loss;

import org.centerloss.device.Tensor;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;

/**
 * The class centers among the parameters.
 *
 * @param values [classes, features]
 * @param gradient likewise; null where the optimiser does not move them
 */
record Centers(Tensor values, Tensor gradient) {
    static Centers of(Parameters parameters) {
        boolean trained =
                parameters.declared().stream()
                        .filter(Parameter::trained)
                        .anyMatch(p -> p.name().equals(Parameters.CENTERS));
        return new Centers(
                parameters.value(Parameters.CENTERS),
                trained ? parameters.gradient(Parameters.CENTERS) : null);
    }
}

package org.centerloss.nn;

/** How weights and biases of convolutions and linear layers are drawn. */
public enum Initializer {
    /** Kaiming's normal distribution over the fan-in, biases of zero, as the reference has it. */
    KAIMING_FAN_IN {
        @Override
        Parameter weight(String name, Integer... shape) {
            return Parameter.kaiming(name, shape);
        }

        @Override
        Parameter bias(String name, int size, double fanIn) {
            return Parameter.zeros(name, size);
        }
    },
    /** PyTorch's default for its layers: uniform within ±1/√fan-in, biases too. */
    UNIFORM_FAN_IN {
        @Override
        Parameter weight(String name, Integer... shape) {
            return Parameter.uniform(name, 1 / Math.sqrt(fanIn(shape)), shape);
        }

        @Override
        Parameter bias(String name, int size, double fanIn) {
            return Parameter.uniform(name, 1 / Math.sqrt(fanIn), size);
        }
    },
    /**
     * Torchvision's: Kaiming's normal over the fan-out for convolutions, else PyTorch's default.
     */
    KAIMING_FAN_OUT {
        @Override
        Parameter weight(String name, Integer... shape) {
            if (shape.length == 2) {
                return UNIFORM_FAN_IN.weight(name, shape);
            }
            double fanOut = (double) shape[0] * shape[2] * shape[3];
            return Parameter.normal(name, Math.sqrt(2 / fanOut), shape);
        }

        @Override
        Parameter bias(String name, int size, double fanIn) {
            return UNIFORM_FAN_IN.bias(name, size, fanIn);
        }
    };

    /** A weight [out, in] or [out, in, kernel, kernel]. */
    abstract Parameter weight(String name, Integer... shape);

    /** A bias beside a weight of that fan-in. */
    abstract Parameter bias(String name, int size, double fanIn);

    /** How many numbers one result is a sum of. */
    static double fanIn(Integer... shape) {
        double fanIn = 1;
        for (int i = 1; i < shape.length; i++) {
            fanIn *= shape[i];
        }
        return fanIn;
    }
}

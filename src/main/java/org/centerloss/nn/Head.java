package org.centerloss.nn;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Linear;

/**
 * The linear layer {@code fc2} from features to logits, planned for a number of samples; which
 * objectives train it is theirs to say.
 */
public final class Head implements AutoCloseable {
    /** What the names of its parameters begin with. */
    public static final String NAME = "fc2";

    private static final String WEIGHT = NAME + ".weight";
    private static final String BIAS = NAME + ".bias";

    private final Resources owned = new Resources();
    private final Parameters parameters;
    private final Linear linear;
    private final Tensor logits;

    static void declare(List<Parameter> all, Initializer initializer, NetworkShape shape) {
        all.add(initializer.weight(WEIGHT, shape.classes(), shape.features()));
        all.add(initializer.bias(BIAS, shape.classes(), shape.features()));
    }

    /** Whether a parameter is its weight or its bias. */
    public static boolean owns(Parameter parameter) {
        return parameter.name().equals(WEIGHT) || parameter.name().equals(BIAS);
    }

    /** Plans it for {@code samples} rows of features. */
    public Head(Device device, Parameters parameters, int samples) {
        this.parameters = parameters;
        int[] weight = parameters.value(WEIGHT).shape();
        linear = owned.add(device.linear(samples, weight[1], weight[0]));
        logits = owned.add(device.tensor(samples, weight[0]));
    }

    /** The result of {@link #forward}, [samples, classes]. */
    public Tensor logits() {
        return logits;
    }

    /** Computes the logits of features [samples, features]. */
    public void forward(Tensor features) {
        linear.forward(features, parameters.value(WEIGHT), parameters.value(BIAS), logits);
    }

    /**
     * Overwrites the gradients of the features, of weight and of bias.
     *
     * @param logitGradient [samples, classes]
     * @param featureGradient [samples, features]
     */
    public void backward(Tensor features, Tensor logitGradient, Tensor featureGradient) {
        linear.backward(
                features,
                logitGradient,
                parameters.value(WEIGHT),
                featureGradient,
                parameters.gradient(WEIGHT),
                parameters.gradient(BIAS));
    }

    @Override
    public void close() {
        owned.close();
    }
}

package org.centerloss.optim;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;

/** The registry of optimisers: the command line and configuration files go through it. */
public enum Optimizers {
    SGD("sgd", "stochastic gradient descent with momentum", SgdRule::new),
    ADAMW("adamw", "Adam with decoupled weight decay", AdamWRule::new);

    /** Makes the rule of a group of parameters with a weight decay of its own. */
    private interface Factory {
        UpdateRule create(Settings settings, double weightDecay);
    }

    /**
     * Everything that an optimiser can be told; each uses what it needs.
     *
     * @param name a key of the registry
     * @param momentum of {@code sgd}
     * @param nesterov whether {@code sgd} takes Nesterov's momentum
     * @param weightDecay in the form of the optimiser: in PyTorch's SGD added to the gradient, in
     *     AdamW taken off the weights
     * @param beta1 of {@code adamw}: how much of the mean of the gradients a step keeps
     * @param beta2 of {@code adamw}: how much of the mean of their squares a step keeps
     * @param epsilon of {@code adamw}: added to the root of that mean
     * @param centerLearningRate the rate of the class centers in every step; null where they follow
     *     the schedule
     * @param noDecayNorm whether biases, parameters of normalisations and centers do without weight
     *     decay
     * @param clipNorm the largest norm of all gradients together; 0 for no limit
     */
    public record Settings(
            String name,
            double momentum,
            boolean nesterov,
            double weightDecay,
            double beta1,
            double beta2,
            double epsilon,
            @JsonProperty(required = false) @JsonInclude(JsonInclude.Include.NON_NULL)
                    Double centerLearningRate,
            boolean noDecayNorm,
            double clipNorm) {
        /** SGD with momentum, PyTorch's defaults elsewhere. */
        public static Settings sgd(double momentum, double weightDecay) {
            return new Settings(
                    SGD.key, momentum, false, weightDecay, 0.9, 0.999, 1e-8, null, false, 0);
        }

        /**
         * How a parameter is moved.
         *
         * @param weightDecay its own
         * @param learningRate its own in every step; null where it follows the schedule
         */
        public record Group(double weightDecay, Double learningRate) {}

        /** The group that a parameter belongs to. */
        public Group group(Parameter parameter) {
            boolean center = parameter.name().equals(Parameters.CENTERS);
            boolean vector = parameter.shape().size() == 1;
            return new Group(
                    noDecayNorm && (center || vector) ? 0 : weightDecay,
                    center ? centerLearningRate : null);
        }

        UpdateRule rule(Group group) {
            return of(name).factory.create(this, group.weightDecay());
        }
    }

    private final String key;
    private final String summary;
    private final Factory factory;

    Optimizers(String key, String summary, Factory factory) {
        this.key = key;
        this.summary = summary;
        this.factory = factory;
    }

    /** The name on the command line and in a run's configuration. */
    public String key() {
        return key;
    }

    /** One line of help. */
    public String summary() {
        return summary;
    }

    /** What {@link UpdateRule#state} of this one is called. */
    public List<String> state() {
        return factory.create(Settings.sgd(0, 0), 0).state();
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Optimizers::key).toList();
    }

    /** The optimiser of that name. */
    public static Optimizers of(String key) {
        return Arrays.stream(values())
                .filter(o -> o.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no optimiser '" + key + "'"));
    }
}

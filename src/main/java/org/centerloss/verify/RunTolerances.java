package org.centerloss.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.base.Bounds;

/**
 * How near to a recorded run a device must come.
 *
 * @param features relative L2 of the first step's features
 * @param logits relative L2 of the first step's logits
 * @param gradients relative L2 of the first step's gradients together
 * @param gradient that of each tensor
 * @param losses of the total and the parts in the first steps, relatively
 * @param laterLosses likewise, in the steps after these
 * @param smallestLoss losses below it are compared as if they were this large
 * @param update relative L2 of the change of each parameter from the first step to the last;
 *     infinite where rounding has turned too many ReLUs by then for a comparison to mean anything
 * @param statistics relative L2 of each running statistic after the last step
 * @param evaluatedFeatures relative L2 of the evaluation after the last step
 * @param evaluatedLogits likewise
 */
record RunTolerances(
        double features,
        double logits,
        double gradients,
        double gradient,
        List<Double> losses,
        double laterLosses,
        double smallestLoss,
        double update,
        double statistics,
        double evaluatedFeatures,
        double evaluatedLogits) {
    private static final double ANY = Double.POSITIVE_INFINITY;

    private static final RunTolerances FLOAT64 =
            new RunTolerances(1e-9, 1e-9, 1e-9, 1e-9, List.of(), 1e-9, 0, 1e-9, 1e-9, 1e-9, 1e-9);

    /** Of a float32 device, for files that do not say how far float32 leads. */
    private static final RunTolerances FLOAT32 =
            new RunTolerances(
                    5e-6,
                    5e-6,
                    5e-3,
                    2e-2,
                    List.of(1e-6, 2e-2, 2e-2, 2e-2, 2e-2),
                    ANY,
                    0,
                    ANY,
                    ANY,
                    ANY,
                    ANY);

    /**
     * Of a float32 device where a ReLU's input is so near zero that a rounding turns its sign:
     * features, logits and loss do not mind, but the gradients jump, and all that follows from
     * them. Four times the most that was seen in 28 runs of LeNet++, ResNet-18 and ResNet-50 on a
     * CPU, their initial weights off by a float32 rounding each; runs in float64 with such weights
     * jump as far.
     */
    static final RunTolerances AFTER_ANOTHER_RELU =
            new RunTolerances(0, 0, 0.1, 0.1, List.of(0.0), 1.5e-2, 1, 0.6, 2.4e-2, 0.12, 0.12);

    /** How many times as far as PyTorch's own float32 run another one may be. */
    private static final double OTHER_ORDER_OF_SUMS = 4;

    private static final String STATED = "float32_deviation";

    /**
     * How far PyTorch's float32 run of a file was from its float64 one: a number, {@code max} and a
     * number, or {@code none}.
     */
    private record Deviation(
            @JsonProperty(value = "step0.features", required = true) String features,
            @JsonProperty(value = "step0.logits", required = true) String logits,
            @JsonProperty(value = "step0.grad", required = true) String gradients,
            List<String> losses,
            @JsonProperty(value = "final update", required = true) String update,
            @JsonProperty(value = "running statistics", required = true) String statistics,
            @JsonProperty(value = "final.eval_features", required = true) String evaluatedFeatures,
            @JsonProperty(value = "final.eval_logits", required = true) String evaluatedLogits) {
        private static final Pattern NUMBER =
                Pattern.compile("(?:max )?(\\d+(?:\\.\\d+)?(?:e[-+]\\d+)?)(?: .*)?");
        private static final String NONE = "none";

        Deviation {
            List<String> all = new ArrayList<>(losses);
            all.addAll(List.of(features, logits, gradients, update, statistics));
            all.addAll(List.of(evaluatedFeatures, evaluatedLogits));
            for (String one : all) {
                Bounds.require(
                        one.equals(NONE) || NUMBER.matcher(one).matches(),
                        "a deviation",
                        "a number, max and a number, or " + NONE,
                        one);
            }
        }

        RunTolerances tolerances() {
            return new RunTolerances(
                    tolerance(features),
                    tolerance(logits),
                    tolerance(gradients),
                    tolerance(gradients),
                    losses.stream().map(Deviation::tolerance).toList(),
                    ANY,
                    1,
                    tolerance(update),
                    tolerance(statistics),
                    tolerance(evaluatedFeatures),
                    tolerance(evaluatedLogits));
        }

        private static double tolerance(String deviation) {
            Matcher number = NUMBER.matcher(deviation);
            return number.matches() ? OTHER_ORDER_OF_SUMS * Double.parseDouble(number.group(1)) : 0;
        }
    }

    /**
     * The tolerances of a file.
     *
     * @param steps how many losses it has
     * @throws org.centerloss.base.InputException if what it says of float32 is unsound
     */
    static RunTolerances of(RecordedFile file, int steps, boolean doublePrecision) {
        if (doublePrecision) {
            return FLOAT64;
        }
        if (!file.states(STATED)) {
            return FLOAT32;
        }
        RunTolerances stated = file.json(STATED, Deviation.class).tolerances();
        if (stated.losses.size() < steps) {
            throw file.failure(
                    "metadata '%s': expected the losses of %d steps, found %d"
                            .formatted(STATED, steps, stated.losses.size()));
        }
        return stated;
    }

    /** Whether a device may miss them where it keeps those of {@link #AFTER_ANOTHER_RELU}. */
    boolean dependOnReLUs() {
        return smallestLoss > 0;
    }

    /** The tolerance of the losses of a step, counted from 0. */
    double loss(int step) {
        return step < losses.size() ? losses.get(step) : laterLosses;
    }
}

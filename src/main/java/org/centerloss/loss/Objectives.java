package org.centerloss.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.nn.Head;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;

/** The registry of objectives: the command line, verification and benchmarks go through it. */
public enum Objectives {
    XENT("xent", "softmax cross-entropy", s -> new CrossEntropyObjective(0)),
    CENT(
            "cent",
            "softmax cross-entropy + center loss",
            s -> new CrossEntropyObjective(s.centerWeight)),
    STANDALONE(
            "standalone",
            "center loss − log-inter loss, no softmax",
            s -> new RepulsionObjective(s.intraWeight, s.interWeight, Potential.LOGARITHMIC)),
    MARGIN(
            "margin",
            "center loss − pairwise squared distance truncated at a margin",
            s ->
                    new RepulsionObjective(
                            s.intraWeight, s.interWeight, Potential.truncated(s.margin))),
    RAW(
            "raw",
            "center loss − pairwise squared distance (diverges)",
            s -> new RepulsionObjective(s.intraWeight, s.interWeight, Potential.RAW)),
    CENTER_SPREAD(
            "center-spread",
            "exponential center loss − log distance between centers",
            s -> new CenterSpreadObjective(s.intraWeight, s.interWeight, s.alpha)),
    CENTER_SOFTMAX(
            "center-softmax",
            "center loss + softmax over the centers",
            s -> new CenterSoftmaxObjective(s.intraWeight));

    /**
     * The numbers that objectives choose from.
     *
     * @param intraWeight factor of the center loss without softmax
     * @param interWeight factor of the repulsion
     * @param centerWeight factor of the center loss beside a softmax
     * @param margin squared distance from which {@code margin} no longer pushes
     * @param alpha scale inside the exponential of {@code center-spread}
     */
    public record Settings(
            double intraWeight,
            double interWeight,
            double centerWeight,
            double margin,
            double alpha) {
        /** The reference implementation's defaults, and ours where it names none. */
        public static final Settings DEFAULT = new Settings(1.0, 0.1, 1.0, 10.0, 0.05);
    }

    private final String key;
    private final String summary;
    private final Function<Settings, Objective> factory;

    Objectives(String key, String summary, Function<Settings, Objective> factory) {
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

    public Objective create(Settings settings) {
        return factory.apply(settings);
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Objectives::key).toList();
    }

    /** The objective of that name. */
    public static Objectives of(String key) {
        return Arrays.stream(values())
                .filter(o -> o.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no objective '" + key + "'"));
    }

    /**
     * Every parameter of a network trained with {@code objective}: the network's, {@code centers},
     * and the objective's own.
     *
     * @param centersByGradient whether the optimiser moves the centers
     */
    public static List<Parameter> parameters(
            Objective objective, NetworkShape shape, boolean centersByGradient) {
        List<Parameter> all = new ArrayList<>();
        for (Parameter p : shape.parameters()) {
            boolean logits = Head.owns(p);
            all.add(logits && !objective.trainsLogits() ? p.untrained() : p);
        }
        Parameter centers =
                Parameter.normal(Parameters.CENTERS, 1, shape.classes(), shape.features());
        boolean trained = objective.usesCenters() && centersByGradient;
        all.add(trained ? centers : centers.untrained());
        all.addAll(objective.extraParameters(shape.features(), shape.classes()));
        return all;
    }
}

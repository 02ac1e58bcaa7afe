package org.centerloss.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.centerloss.base.Owned;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Architectures;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.centerloss.optim.Optimizers;
import org.centerloss.train.TrainingStep;
import org.centerloss.verify.op.Draw;

/**
 * Verifies whole networks, every objective of the registry: features, loss terms, running
 * statistics and all gradients of a first step. A float32 device is compared with the reference,
 * the reference with directional finite differences.
 *
 * <p>A ReLU whose input is so near zero that float32 and float64 disagree about its sign moves
 * gradients by about 10⁻³ in any correct implementation, so inputs are drawn until the reference
 * sees none within {@value #KINK_DISTANCE} of zero.
 */
final class NetworkGradients {
    private static final double TOLERANCE = 2e-5;
    private static final double KINK_DISTANCE = 1e-5;
    private static final double DIFFERENCE_STEP = 1e-7;
    private static final double DIFFERENCE_TOLERANCE = 1e-5;
    private static final int MOST_ATTEMPTS = 50;

    /** Image shapes that the objectives take turns with; small, odd and rectangular ones. */
    private static final List<NetworkShape> SHAPES =
            List.of(
                    new NetworkShape(1, 12, 12, 2, 4, 1, 1),
                    new NetworkShape(3, 13, 12, 5, 3, 1, 1),
                    new NetworkShape(1, 12, 14, 17, 4, 1, 1));

    /** With which objective the other architectures are tried: it has logits and centers. */
    private static final Objectives OTHER_NETWORKS = Objectives.CENT;

    /** The smallest images that each of the other architectures takes, not square. */
    private static final List<NetworkShape> OTHER_SHAPES =
            Arrays.stream(Architectures.values())
                    .filter(architecture -> architecture != Architectures.RESNET)
                    .map(NetworkGradients::smallest)
                    .toList();

    private static final int BATCH = 5;

    /**
     * Wider networks have more inputs of ReLUs that may lie near zero: these get fewer images, of
     * larger values, which keep a distance that is as much larger while rounding errors stay as
     * small beside them.
     */
    private static final int OTHER_BATCH = 2;

    private static final double OTHER_SCALE = 8;

    private final Device device;
    private final Device reference;
    private final long seed;
    private final Consumer<Row> sink;

    private NetworkGradients(Device device, Device reference, long seed, Consumer<Row> sink) {
        this.device = device;
        this.reference = reference;
        this.seed = seed;
        this.sink = sink;
    }

    private static NetworkShape smallest(Architectures architecture) {
        int side = architecture.minimumSide();
        return new NetworkShape(1, side + 1, side, 3, 4, 1, 1, architecture.key());
    }

    private static boolean isOther(NetworkShape shape) {
        return !shape.architecture().equals(Architectures.RESNET.key());
    }

    private static int batch(NetworkShape shape) {
        return isOther(shape) ? OTHER_BATCH : BATCH;
    }

    static void run(Device device, List<Objectives> objectives, long seed, Consumer<Row> sink) {
        try (Device reference = Devices.open("reference", 0)) {
            NetworkGradients networks = new NetworkGradients(device, reference, seed, sink);
            for (Objectives choice : objectives) {
                NetworkShape shape = SHAPES.get(choice.ordinal() % SHAPES.size());
                networks.verify("network " + choice.key(), shape, choice);
                if (choice == OTHER_NETWORKS) {
                    OTHER_SHAPES.forEach(
                            other ->
                                    networks.verify(
                                            "network " + other.architecture(), other, choice));
                }
            }
        }
    }

    private void verify(String name, NetworkShape shape, Objectives choice) {
        Objective objective = choice.create(Objectives.Settings.DEFAULT);
        String text =
                "%d×%d×%d×%d, d %d, C %d"
                        .formatted(
                                batch(shape),
                                shape.channels(),
                                shape.height(),
                                shape.width(),
                                shape.features(),
                                shape.classes());
        try {
            long drawn = kinkFreeSeed(objective, shape);
            text += ", seed " + drawn;
            if (device.doublePrecision()) {
                compareWithDifferences(objective, shape, drawn, name, text);
            } else {
                compareWithReference(objective, shape, drawn, name, text);
            }
        } catch (RuntimeException e) {
            sink.accept(Row.failed(name, text, "all", e.toString()));
        }
    }

    private long kinkFreeSeed(Objective objective, NetworkShape shape) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            long drawn = seed * MOST_ATTEMPTS + attempt;
            reference.smallestPreActivation();
            try (FirstStep network = new FirstStep(reference, objective, shape, drawn)) {
                network.step.computeGradients();
            }
            if (reference.smallestPreActivation().orElseThrow() >= KINK_DISTANCE) {
                return drawn;
            }
        }
        throw new IllegalStateException("no inputs free of kinks in " + MOST_ATTEMPTS + " draws");
    }

    private void compareWithReference(
            Objective objective, NetworkShape shape, long drawn, String name, String text) {
        try (FirstStep expected = new FirstStep(reference, objective, shape, drawn);
                FirstStep found = new FirstStep(device, objective, shape, drawn)) {
            expected.step.computeGradients();
            found.step.computeGradients();
            compare(name, text, "features", found.features(), expected.features(), 0);
            for (int i = 0; i < objective.terms().size(); i++) {
                compare(
                        name,
                        text,
                        objective.terms().get(i).name(),
                        found.step.terms()[i].toDoubles(),
                        expected.step.terms()[i].toDoubles(),
                        0);
            }
            double[] statistics = expected.runningStatistics();
            if (statistics.length > 0) {
                compare(name, text, "running statistics", found.runningStatistics(), statistics, 0);
            }
            double[] all = expected.gradients();
            compare(name, text, "all gradients", found.gradients(), all, 0);
            sink.accept(worstGradient(found, expected, Comparison.norm(all), name, text));
        }
    }

    private Row worstGradient(
            FirstStep found, FirstStep expected, double normOfAll, String name, String text) {
        Row worst = null;
        double worstRatio = -1;
        for (Parameter p : expected.trained()) {
            Comparison comparison =
                    Comparison.ofTensor(
                            found.parameters.gradient(p.name()).toDoubles(),
                            expected.parameters.gradient(p.name()).toDoubles(),
                            normOfAll,
                            TOLERANCE);
            // This order puts NaN above every number.
            if (Double.compare(comparison.worstRatio(), worstRatio) > 0) {
                worst = Row.of(name, text, "worst: d " + p.name(), comparison, TOLERANCE);
                worstRatio = comparison.worstRatio();
            }
        }
        return worst;
    }

    private void compare(
            String name,
            String text,
            String quantity,
            double[] found,
            double[] expected,
            double normOfAll) {
        Comparison comparison = Comparison.ofTensor(found, expected, normOfAll, TOLERANCE);
        sink.accept(Row.of(name, text, quantity, comparison, TOLERANCE));
    }

    /**
     * For each parameter tensor w with gradient g and a random unit vector u: (L(w + εu) − L(w −
     * εu)) / 2ε against g·u.
     */
    private void compareWithDifferences(
            Objective objective, NetworkShape shape, long drawn, String name, String text) {
        try (FirstStep network = new FirstStep(reference, objective, shape, drawn)) {
            network.step.computeGradients();
            List<Parameter> trained = network.trained();
            double[] expected = new double[trained.size()];
            double[] found = new double[trained.size()];
            List<double[]> directions = new ArrayList<>();
            for (int i = 0; i < expected.length; i++) {
                Parameter p = trained.get(i);
                double[] u = unitVector(drawn, p);
                double[] g = network.parameters.gradient(p.name()).toDoubles();
                for (int k = 0; k < u.length; k++) {
                    found[i] += g[k] * u[k];
                }
                directions.add(u);
            }
            for (int i = 0; i < expected.length; i++) {
                expected[i] = network.difference(trained.get(i), directions.get(i));
            }
            Comparison comparison =
                    Comparison.of(
                            found,
                            expected,
                            DIFFERENCE_TOLERANCE
                                    * Arrays.stream(expected).map(Math::abs).max().orElse(0),
                            DIFFERENCE_TOLERANCE);
            sink.accept(Row.of(name, text, "directional ∂w", comparison, DIFFERENCE_TOLERANCE));
        }
    }

    private static double[] unitVector(long seed, Parameter parameter) {
        double[] values = new Draw(seed, parameter.name(), 0).normal(parameter.size());
        double norm = Comparison.norm(values);
        return Arrays.stream(values).map(value -> value / norm).toArray();
    }

    /** A network with its first batch, drawn from a seed. */
    private static final class FirstStep implements AutoCloseable {
        private final Owned owned = new Owned();
        final Parameters parameters;
        final TrainingStep step;

        FirstStep(Device device, Objective objective, NetworkShape shape, long seed) {
            parameters =
                    owned.add(
                            new Parameters(device, Objectives.parameters(objective, shape, true)));
            parameters.initialise(seed);
            Optimizer optimizer =
                    owned.add(new Optimizer(device, parameters, Optimizers.Settings.sgd(0.9, 0)));
            step =
                    owned.add(
                            new TrainingStep(
                                    device,
                                    shape,
                                    objective,
                                    parameters,
                                    batch(shape),
                                    optimizer,
                                    0));
            Draw draw = new Draw(seed, "network", 0);
            double[] images = draw.normal(Math.toIntExact(step.images().size()));
            double scale = isOther(shape) ? OTHER_SCALE : 1;
            step.images().write(Arrays.stream(images).map(x -> x * scale).toArray());
            // Two samples of a class and an absent class, whatever the draw.
            int[] labels = draw.integers(batch(shape), shape.classes() - 1);
            labels[1] = labels[0];
            step.labels().write(labels);
        }

        List<Parameter> trained() {
            return parameters.declared().stream().filter(Parameter::trained).toList();
        }

        double[] features() {
            return step.features().toDoubles();
        }

        double[] gradients() {
            return parameters.gradients().toDoubles();
        }

        double[] runningStatistics() {
            return parameters.declared().stream()
                    .filter(p -> p.name().contains("running_"))
                    .flatMapToDouble(p -> Arrays.stream(parameters.value(p.name()).toDoubles()))
                    .toArray();
        }

        /** The central difference of the loss along a direction of one parameter. */
        double difference(Parameter parameter, double[] direction) {
            double[] w = parameters.value(parameter.name()).toDoubles();
            double above = lossAt(parameter, w, direction, DIFFERENCE_STEP);
            double below = lossAt(parameter, w, direction, -DIFFERENCE_STEP);
            parameters.value(parameter.name()).write(w);
            return (above - below) / (2 * DIFFERENCE_STEP);
        }

        private double lossAt(Parameter parameter, double[] w, double[] direction, double by) {
            double[] moved = new double[w.length];
            Arrays.setAll(moved, i -> w[i] + by * direction[i]);
            parameters.value(parameter.name()).write(moved);
            step.computeGradients();
            return step.loss();
        }

        @Override
        public void close() {
            owned.close();
        }
    }
}

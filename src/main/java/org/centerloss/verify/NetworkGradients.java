package org.centerloss.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Parameter;
import org.centerloss.verify.op.RandomInputs;

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

    private final Device device;
    private final Device reference;
    private final long seed;
    private final Consumer<ResultRow> sink;

    private NetworkGradients(Device device, Device reference, long seed, Consumer<ResultRow> sink) {
        this.device = device;
        this.reference = reference;
        this.seed = seed;
        this.sink = sink;
    }

    static void run(
            Device device, List<Objectives> objectives, long seed, Consumer<ResultRow> sink) {
        try (Device reference = Devices.open("reference", 0)) {
            NetworkGradients networks = new NetworkGradients(device, reference, seed, sink);
            NetworkCase.of(objectives).forEach(networks::verify);
        }
    }

    private void verify(NetworkCase network) {
        String name = "network " + network.name();
        try (FirstStep expected = kinkFree(network)) {
            String text = network.text() + ", seed " + expected.seed();
            if (device.doublePrecision()) {
                compareWithDifferences(network, expected, name, text);
            } else {
                compareWithReference(network, expected, name, text);
            }
        } catch (RuntimeException e) {
            sink.accept(ResultRow.failed(name, network.text(), "all", e.toString()));
        }
    }

    /** A first step on the reference, gradients computed. */
    private FirstStep kinkFree(NetworkCase network) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            reference.smallestPreActivation();
            FirstStep step = new FirstStep(reference, network, seed * MOST_ATTEMPTS + attempt);
            step.computeGradients();
            if (reference.smallestPreActivation().orElseThrow() >= KINK_DISTANCE) {
                return step;
            }
            step.close();
        }
        throw new IllegalStateException("no inputs free of kinks in " + MOST_ATTEMPTS + " draws");
    }

    private void compareWithReference(
            NetworkCase network, FirstStep expected, String name, String text) {
        try (FirstStep found = new FirstStep(device, network, expected.seed())) {
            found.computeGradients();
            compare(name, text, "features", found.features(), expected.features(), 0);
            List<Objective.Term> terms = expected.terms();
            for (int i = 0; i < terms.size(); i++) {
                compare(name, text, terms.get(i).name(), found.term(i), expected.term(i), 0);
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

    private ResultRow worstGradient(
            FirstStep found, FirstStep expected, double normOfAll, String name, String text) {
        ResultRow worst = null;
        double worstRatio = -1;
        for (Parameter p : expected.trained()) {
            Comparison comparison =
                    Comparison.ofTensor(
                            found.gradient(p), expected.gradient(p), normOfAll, TOLERANCE);
            // This order puts NaN above every number.
            if (Double.compare(comparison.worstRatio(), worstRatio) > 0) {
                worst = ResultRow.of(name, text, "worst: d " + p.name(), comparison, TOLERANCE);
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
        sink.accept(ResultRow.of(name, text, quantity, comparison, TOLERANCE));
    }

    /**
     * For each parameter tensor w with gradient g and a random unit vector u: (L(w + εu) − L(w −
     * εu)) / 2ε against g·u. Tensors of a large network are moved in a few groups.
     */
    private void compareWithDifferences(
            NetworkCase network, FirstStep step, String name, String text) {
        List<Parameter> trained = step.trained();
        int groups = Math.min(trained.size(), network.differences());
        double[] expected = new double[groups];
        double[] found = new double[groups];
        List<Map<Parameter, double[]>> directions = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            Parameter p = trained.get(i);
            double[] u = unitVector(step.seed(), p);
            double[] g = step.gradient(p);
            for (int k = 0; k < u.length; k++) {
                found[i % groups] += g[k] * u[k];
            }
            if (i < groups) {
                directions.add(new LinkedHashMap<>());
            }
            directions.get(i % groups).put(p, u);
        }
        for (int i = 0; i < groups; i++) {
            expected[i] = step.difference(directions.get(i), DIFFERENCE_STEP);
        }
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        Comparison comparison =
                Comparison.of(
                        found, expected, DIFFERENCE_TOLERANCE * largest, DIFFERENCE_TOLERANCE);
        sink.accept(ResultRow.of(name, text, "directional ∂w", comparison, DIFFERENCE_TOLERANCE));
    }

    private static double[] unitVector(long seed, Parameter parameter) {
        double[] values = new RandomInputs(seed, parameter.name(), 0).normal(parameter.size());
        double norm = Comparison.norm(values);
        return Arrays.stream(values).map(value -> value / norm).toArray();
    }
}

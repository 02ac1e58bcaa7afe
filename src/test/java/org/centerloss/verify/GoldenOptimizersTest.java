package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.StepTable;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.OpRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twenty steps that PyTorch took in float64, taken again in recorded programs: by the reference to
 * 1e-12, by the others within the rounding errors of float32, which are added up step by step.
 */
@VirtualGpu
class GoldenOptimizersTest {
    private static final double REFERENCE_TOLERANCE = 1e-12;
    private static final double HALF_UNIT = 0x1p-24;

    private final JsonNode golden;

    GoldenOptimizersTest() throws IOException {
        golden = new ObjectMapper().readTree(getClass().getResourceAsStream("/golden/optim.json"));
    }

    private List<JsonNode> cases(String optimizer) {
        return StreamSupport.stream(golden.get("cases").spliterator(), false)
                .filter(c -> c.get("optimizer").asText().equals(optimizer))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void sgdFollowsPyTorch(String name) {
        List<JsonNode> cases = cases("SGD");
        assertEquals(5, cases.size());
        try (Device device = Devices.open(name, 1)) {
            for (JsonNode c : cases) {
                assertEquals(List.of(), wrong(c, sgdOnDevice(device, c), sgdInFloat32(c), device));
            }
        }
    }

    @Test
    void anotherFormOfSgdIsCaught() {
        JsonNode nesterov = cases("SGD").get(1);
        assertTrue(nesterov.get("options").get("nesterov").asBoolean());
        FaultyDevice.Fault fault = FaultyDevice.with("sgd", 3, given -> false);
        try (Device real = Devices.open("reference", 1)) {
            Device faulty = FaultyDevice.ofCalls(real, fault);
            double[][] found = sgdOnDevice(faulty, nesterov);
            List<String> wrong = wrong(nesterov, found, sgdInFloat32(nesterov), faulty);
            assertNotEquals(List.of(), wrong);
        }
    }

    /** The weights after each step. */
    private static double[][] sgdOnDevice(Device device, JsonNode c) {
        double[] rates = numbers(c.get("lr_per_step"));
        int size = c.get("initial").size();
        try (OpRun stage = new OpRun(device)) {
            Sgd sgd =
                    stage.own(
                            device.sgd(
                                    size,
                                    option(c, "momentum"),
                                    option(c, "weight_decay"),
                                    c.get("options").path("nesterov").asBoolean()));
            Tensor weights = stage.plain(numbers(c.get("initial")), size);
            Tensor gradients = stage.own(device.tensor(size));
            Tensor velocity = stage.own(device.tensor(size));
            Tensor rate = stage.own(device.tensor(1));
            StepTable table = stage.own(device.stepTable(rates.length, 1));
            Program step =
                    stage.own(
                            device.record(
                                    () -> {
                                        table.next(rate);
                                        sgd.step(weights, gradients, velocity, rate);
                                    }));
            table.begin(rates);
            return trajectory(c, step, gradients, weights);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void adamWFollowsPyTorch(String name) {
        List<JsonNode> cases = cases("AdamW");
        assertEquals(3, cases.size());
        try (Device device = Devices.open(name, 1)) {
            for (JsonNode c : cases) {
                double[][] found = adamWOnDevice(device, c);
                assertEquals(List.of(), wrong(c, found, adamWInFloat32(c), device));
            }
        }
    }

    private static AdamW.Hyperparameters hyperparameters(JsonNode c) {
        JsonNode betas = c.get("options").get("betas");
        return new AdamW.Hyperparameters(
                betas.get(0).asDouble(),
                betas.get(1).asDouble(),
                option(c, "eps"),
                option(c, "weight_decay"));
    }

    private static double[][] adamWOnDevice(Device device, JsonNode c) {
        AdamW.Hyperparameters hyperparameters = hyperparameters(c);
        double[] rates = numbers(c.get("lr_per_step"));
        double[] rows = new double[rates.length * AdamW.COEFFICIENTS];
        for (int t = 0; t < rates.length; t++) {
            double[] row = hyperparameters.coefficients(rates[t], t + 1);
            System.arraycopy(row, 0, rows, t * row.length, row.length);
        }
        int size = c.get("initial").size();
        try (OpRun stage = new OpRun(device)) {
            AdamW adamW = stage.own(device.adamW(size, hyperparameters));
            Tensor weights = stage.plain(numbers(c.get("initial")), size);
            Tensor gradients = stage.own(device.tensor(size));
            Tensor expAvg = stage.own(device.tensor(size));
            Tensor expAvgSq = stage.own(device.tensor(size));
            Tensor row = stage.own(device.tensor(AdamW.COEFFICIENTS));
            StepTable table = stage.own(device.stepTable(rates.length, AdamW.COEFFICIENTS));
            Program step =
                    stage.own(
                            device.record(
                                    () -> {
                                        table.next(row);
                                        adamW.step(weights, gradients, expAvg, expAvgSq, row);
                                    }));
            table.begin(rows);
            return trajectory(c, step, gradients, weights);
        }
    }

    private static Float32Number[][] adamWInFloat32(JsonNode c) {
        AdamW.Hyperparameters h = hyperparameters(c);
        Float32Number beta1 = Float32Number.of(h.beta1());
        Float32Number share1 = Float32Number.of(1 - h.beta1());
        Float32Number beta2 = Float32Number.of(h.beta2());
        Float32Number share2 = Float32Number.of(1 - h.beta2());
        Float32Number epsilon = Float32Number.of(h.epsilon());
        int steps = c.get("gradients").size();
        int size = c.get("initial").size();
        Float32Number[][] trajectory = new Float32Number[steps][size];
        for (int i = 0; i < size; i++) {
            Float32Number w = number(c.get("initial").get(i));
            Float32Number m = Float32Number.of(0);
            Float32Number v = Float32Number.of(0);
            for (int t = 0; t < steps; t++) {
                double rate = c.get("lr_per_step").get(t).asDouble();
                Float32Number kept = Float32Number.of(1 - rate * h.weightDecay());
                Float32Number stepSize = Float32Number.of(rate / (1 - Math.pow(h.beta1(), t + 1)));
                Float32Number rootScale =
                        Float32Number.of(1 / Math.sqrt(1 - Math.pow(h.beta2(), t + 1)));
                Float32Number g = number(c.get("gradients").get(t).get(i));
                m = beta1.times(m).plus(share1.times(g));
                v = beta2.times(v).plus(share2.times(g.times(g)));
                Float32Number deviation = v.squareRoot().times(rootScale).plus(epsilon);
                w = kept.times(w).minus(stepSize.times(m).dividedBy(deviation));
                trajectory[t][i] = w;
            }
        }
        return trajectory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void gradientsAreClippedAsByPyTorch(String name) {
        JsonNode cases = golden.get("clip_grad_norm");
        assertEquals(6, cases.size());
        try (Device device = Devices.open(name, 1)) {
            for (JsonNode c : cases) {
                double[] gradients = joined(c.get("gradients"));
                Clipped found = clippedOnDevice(device, c, gradients);
                double[] expected = joined(c.get("clipped"));
                double norm = c.get("total_norm").asDouble();
                // Of gradients that are rounded, a sum in float64, and the norm rounded.
                double most = device.doublePrecision() ? REFERENCE_TOLERANCE : 2 * HALF_UNIT;
                assertEquals(norm, found.norm(), most * norm);
                for (int i = 0; i < expected.length; i++) {
                    // Rounded gradient, norm of such, factor and product.
                    most = device.doublePrecision() ? REFERENCE_TOLERANCE : 4.01 * HALF_UNIT;
                    assertEquals(expected[i], found.gradients()[i], most * Math.abs(expected[i]));
                }
            }
        }
    }

    private record Clipped(double[] gradients, double norm) {}

    private static Clipped clippedOnDevice(Device device, JsonNode c, double[] values) {
        try (OpRun stage = new OpRun(device)) {
            double maxNorm = c.get("max_norm").asDouble();
            GradientClipping clipping = stage.own(device.gradientClipping(values.length, maxNorm));
            Tensor gradients = stage.plain(values, values.length);
            Tensor norm = stage.emptyPlain(1);
            Program clip = stage.own(device.record(() -> clipping.clip(gradients, norm)));
            clip.run();
            return new Clipped(gradients.toDoubles(), norm.toDoubles()[0]);
        }
    }

    /** Tensors one behind another. */
    private static double[] joined(JsonNode tensors) {
        return StreamSupport.stream(tensors.spliterator(), false)
                .flatMapToDouble(tensor -> Arrays.stream(numbers(tensor)))
                .toArray();
    }

    private static double[][] trajectory(
            JsonNode c, Program step, Tensor gradients, Tensor weights) {
        int steps = c.get("gradients").size();
        double[][] trajectory = new double[steps][];
        for (int t = 0; t < steps; t++) {
            gradients.write(numbers(c.get("gradients").get(t)));
            step.run();
            trajectory[t] = weights.toDoubles();
        }
        return trajectory;
    }

    private static Float32Number[][] sgdInFloat32(JsonNode c) {
        Float32Number momentum = Float32Number.of(option(c, "momentum"));
        Float32Number decay = Float32Number.of(option(c, "weight_decay"));
        boolean nesterov = c.get("options").path("nesterov").asBoolean();
        int steps = c.get("gradients").size();
        int size = c.get("initial").size();
        Float32Number[][] trajectory = new Float32Number[steps][size];
        for (int i = 0; i < size; i++) {
            Float32Number w = number(c.get("initial").get(i));
            Float32Number v = Float32Number.of(0);
            for (int t = 0; t < steps; t++) {
                Float32Number g = number(c.get("gradients").get(t).get(i)).plus(decay.times(w));
                v = momentum.times(v).plus(g);
                Float32Number direction = nesterov ? g.plus(momentum.times(v)) : v;
                w = w.minus(number(c.get("lr_per_step").get(t)).times(direction));
                trajectory[t][i] = w;
            }
        }
        return trajectory;
    }

    /** What differs from PyTorch's parameters by more than it may. */
    private static List<String> wrong(
            JsonNode c, double[][] found, Float32Number[][] float32, Device device) {
        List<String> wrong = new ArrayList<>();
        assertEquals(20, found.length);
        for (int t = 0; t < found.length; t++) {
            double[] expected = numbers(c.get("params").get(t));
            for (int i = 0; i < expected.length; i++) {
                double exact = REFERENCE_TOLERANCE * Math.abs(expected[i]);
                assertEquals(expected[i], float32[t][i].value(), exact);
                double most = device.doublePrecision() ? exact : float32[t][i].error();
                // The other way round, NaN would pass.
                if (!(Math.abs(found[t][i] - expected[i]) <= most)) {
                    wrong.add(
                            "step %d, element %d: %s, expected %s ± %.1e"
                                    .formatted(t, i, found[t][i], expected[i], most));
                }
            }
        }
        return wrong;
    }

    private static double option(JsonNode c, String name) {
        return c.get("options").path(name).asDouble();
    }

    private static Float32Number number(JsonNode number) {
        return Float32Number.of(number.asDouble());
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }
}

package org.centerloss.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.device.op.StepTable;
import org.centerloss.devices.Devices;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.junit.jupiter.api.Test;

class OptimizersTest {
    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        Arrays.setAll(numbers, i -> array.get(i).asDouble());
        return numbers;
    }

    private static double option(JsonNode options, String name, double otherwise) {
        return options.path(name).asDouble(otherwise);
    }

    private static Optimizers.Settings settings(String key, JsonNode options) {
        JsonNode betas = options.path("betas");
        return new Optimizers.Settings(
                key,
                option(options, "momentum", 0),
                options.path("nesterov").asBoolean(),
                option(options, "weight_decay", 0),
                betas.path(0).asDouble(0.9),
                betas.path(1).asDouble(0.999),
                option(options, "eps", 1e-8),
                null,
                false,
                0);
    }

    /** Takes PyTorch's steps again, from a step table as the trainer does. */
    private static void assertFollowsPyTorch(String name, String key, int count)
            throws IOException {
        int found = 0;
        JsonNode golden =
                new ObjectMapper()
                        .readTree(OptimizersTest.class.getResourceAsStream("/golden/optim.json"));
        for (JsonNode c : golden.get("cases")) {
            if (!c.get("optimizer").asText().equals(name)) {
                continue;
            }
            found++;
            Optimizers.Settings settings = settings(key, c.get("options"));
            double[] rates = numbers(c.get("lr_per_step"));
            try (Device device = Devices.open("reference", 1);
                    Parameters parameters =
                            new Parameters(device, List.of(Parameter.zeros("w", 5)));
                    Optimizer optimizer = new Optimizer(device, parameters, settings);
                    StepTable table =
                            device.stepTable(rates.length, (int) optimizer.coefficients().size());
                    Program step =
                            device.record(
                                    () -> {
                                        table.next(optimizer.coefficients());
                                        optimizer.step();
                                    })) {
                parameters.value("w").write(numbers(c.get("initial")));
                table.begin(optimizer.coefficients(rates, 1));
                for (int t = 0; t < rates.length; t++) {
                    parameters.gradient("w").write(numbers(c.get("gradients").get(t)));
                    step.run();
                    double[] expected = numbers(c.get("params").get(t));
                    double[] w = parameters.value("w").toDoubles();
                    for (int i = 0; i < expected.length; i++) {
                        assertEquals(expected[i], w[i], 1e-12 * Math.abs(expected[i]));
                    }
                }
            }
        }
        assertEquals(count, found);
    }

    @Test
    void sgdFollowsPyTorch() throws IOException {
        assertFollowsPyTorch("SGD", "sgd", 5);
    }

    @Test
    void adamWFollowsPyTorch() throws IOException {
        assertFollowsPyTorch("AdamW", "adamw", 3);
    }

    private static final List<Parameter> DECLARED =
            List.of(
                    Parameter.zeros("conv.weight", 2, 3),
                    Parameter.zeros("conv.bias", 2),
                    Parameter.zeros("bn.running_mean", 2).untrained(),
                    Parameter.zeros("centers", 3, 2),
                    Parameter.zeros("fc.weight", 2, 2));

    private static Optimizers.Settings settings(double decay, Double centers, boolean noDecay) {
        return new Optimizers.Settings(
                "sgd", 0.5, false, decay, 0.9, 0.999, 1e-8, centers, noDecay, 0);
    }

    @Test
    void withoutRatesAndDecaysOfTheirOwnAllAreOneGroupInTheOrderDeclared() {
        try (Device device = Devices.open("reference", 1);
                Parameters parameters =
                        new Parameters(device, DECLARED, settings(0.1, null, false)::group)) {
            assertEquals(1, parameters.blocks().size());
            assertEquals(4 * Device.ALIGNMENT, parameters.weights().size());
            parameters.value("centers").write(new double[] {1, 2, 3, 4, 5, 6});
            double[] block = parameters.weights().toDoubles();
            assertEquals(6, block[2 * Device.ALIGNMENT + 5]);
        }
    }

    @Test
    void everyGroupHasItsOwnDecayAndRate() {
        Optimizers.Settings settings = settings(0.1, 0.25, true);
        try (Device device = Devices.open("reference", 1);
                Parameters parameters = new Parameters(device, DECLARED, settings::group);
                Optimizer optimizer = new Optimizer(device, parameters, settings)) {
            assertEquals(
                    List.of(
                            List.of("conv.weight", "fc.weight"),
                            List.of("conv.bias"),
                            List.of("centers")),
                    parameters.blocks().stream()
                            .map(b -> b.parameters().stream().map(Parameter::name).toList())
                            .toList());
            for (Parameter p : DECLARED) {
                double[] twos = new double[p.size()];
                Arrays.fill(twos, 2);
                parameters.value(p.name()).write(twos);
                if (p.trained()) {
                    Arrays.fill(twos, 1);
                    parameters.gradient(p.name()).write(twos);
                }
            }
            optimizer.set(0.5, 1);
            optimizer.step();
            double[] decayed = {2 - 0.5 * 1.2, 2 - 0.5 * 1.2, 2 - 0.5 * 1.2, 2 - 0.5 * 1.2};
            assertArrayEquals(decayed, parameters.value("fc.weight").toDoubles(), 1e-15);
            assertArrayEquals(
                    new double[] {1.5, 1.5}, parameters.value("conv.bias").toDoubles(), 1e-15);
            assertEquals(1.75, parameters.value("centers").toDoubles()[5], 1e-15);
            assertEquals(2, parameters.value("bn.running_mean").toDoubles()[0]);
            Parameter fc = DECLARED.get(4);
            assertEquals(1.2, optimizer.state("momentum", fc).toDoubles()[3], 1e-15);
        }
    }

    /** Weights from 0 by SGD with rate 1 are then the clipped gradients, negative. */
    @Test
    void theGradientsOfAllGroupsAreClippedTogetherAsPyTorchDoes() throws IOException {
        JsonNode golden =
                new ObjectMapper()
                        .readTree(OptimizersTest.class.getResourceAsStream("/golden/optim.json"));
        int shortened = 0;
        for (JsonNode c : golden.get("clip_grad_norm")) {
            double most = c.get("max_norm").asDouble();
            Optimizers.Settings settings =
                    new Optimizers.Settings("sgd", 0, false, 0, 0.9, 0.999, 1e-8, 1.0, false, most);
            List<Parameter> declared = new ArrayList<>();
            for (JsonNode gradient : c.get("gradients")) {
                String name = declared.isEmpty() ? Parameters.CENTERS : "w" + declared.size();
                declared.add(Parameter.zeros(name, gradient.size()));
            }
            try (Device device = Devices.open("reference", 1);
                    Parameters parameters = new Parameters(device, declared, settings::group);
                    Optimizer optimizer = new Optimizer(device, parameters, settings)) {
                for (int i = 0; i < declared.size(); i++) {
                    parameters
                            .gradient(declared.get(i).name())
                            .write(numbers(c.get("gradients").get(i)));
                }
                optimizer.set(1, 1);
                optimizer.step();
                for (int i = 0; i < declared.size(); i++) {
                    double[] moved = parameters.value(declared.get(i).name()).toDoubles();
                    double[] clipped = numbers(c.get("clipped").get(i));
                    for (int k = 0; k < moved.length; k++) {
                        assertEquals(-clipped[k], moved[k], 1e-12 * Math.abs(clipped[k]));
                    }
                }
            }
            shortened += c.get("total_norm").asDouble() > most ? 1 : 0;
        }
        assertTrue(shortened > 0 && shortened < golden.get("clip_grad_norm").size());
    }

    @Test
    void aBlockOfTwoGroupsIsRefused() {
        try (Device device = Devices.open("reference", 1);
                Parameters parameters = new Parameters(device, DECLARED)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Optimizer(device, parameters, settings(0.1, 0.25, false)).close());
        }
    }
}

package org.centerloss.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.centerloss.base.InputException;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final NetworkShape SMALL = new NetworkShape(1, 12, 12, 3, 4, 1, 1);

    @Test
    void parametersHaveTheReferencesNamesAndShapes() throws IOException {
        List<String> own =
                new NetworkShape(1, 28, 28, 2, 10, 1, 1)
                        .parameters().stream()
                                .map(
                                        p ->
                                                p.name()
                                                        + " "
                                                        + p.shape().stream()
                                                                .map(String::valueOf)
                                                                .collect(Collectors.joining("x")))
                                .sorted()
                                .toList();
        try (InputStream in =
                NetworkTest.class.getResourceAsStream("/golden/parameter-names.txt")) {
            List<String> expected =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#") && !line.startsWith("centers "))
                            .sorted(Comparator.naturalOrder())
                            .toList();
            assertEquals(expected, own);
        }
    }

    @Test
    void deeperAndWiderNetworksRunOnOddShapes() {
        NetworkShape shape = new NetworkShape(3, 13, 17, 5, 4, 2, 2);
        try (Device device = Devices.open("cpu", 2)) {
            try (Parameters parameters = new Parameters(device, shape.parameters());
                    Network network = new Network(device, shape, 3, parameters, true)) {
                parameters.initialise(1);
                network.images().write(new float[3 * 3 * 13 * 17]);
                network.forward();
                network.featureGradient().write(new float[15]);
                network.backward();
                assertEquals(15, network.features().toFloats().length);
            }
            assertEquals(0, device.liveBytes());
        }
    }

    @Test
    void imagesBelowTheSmallestSideAreRefused() {
        NetworkShape tiny = new NetworkShape(1, 12, 11, 2, 2, 1, 1);
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters = new Parameters(device, tiny.parameters())) {
            InputException refused =
                    assertThrows(
                            InputException.class,
                            () -> new Network(device, tiny, 1, parameters, true));
            assertTrue(refused.getMessage().contains("found 11×12"), refused.getMessage());
        }
    }

    @Test
    void everyObjectiveStartsFromTheSameNetworkAndSeedsDiffer() {
        try (Device device = Devices.open("cpu", 1)) {
            List<float[]> starts = new ArrayList<>();
            for (Objectives choice : Objectives.values()) {
                Objective objective = choice.create(Objectives.Settings.DEFAULT);
                List<Parameter> all = Objectives.parameters(objective, SMALL, true);
                try (Parameters parameters = new Parameters(device, all)) {
                    parameters.initialise(7);
                    starts.add(parameters.value("fc1.weight").toFloats());
                    parameters.initialise(8);
                    float[] other = parameters.value("fc1.weight").toFloats();
                    assertFalse(Arrays.equals(starts.get(0), other));
                }
            }
            starts.forEach(start -> assertArrayEquals(starts.get(0), start));
        }
    }

    @Test
    void kaimingWeightsHaveTheDeviationOfTheirFanIn() {
        float[] values = Parameter.kaiming("w", 128, 64, 3, 3).draw(3, 0);
        double squares = 0;
        for (float v : values) {
            squares += (double) v * v;
        }
        assertEquals(Math.sqrt(2.0 / (64 * 9)), Math.sqrt(squares / values.length), 2e-4);
    }
}

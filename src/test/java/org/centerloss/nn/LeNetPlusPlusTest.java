package org.centerloss.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeNetPlusPlusTest {
    private static final NetworkShape MNIST =
            new NetworkShape(1, 28, 28, 2, 10, 1, 1, "lenet++", Stem.STANDARD);

    @Test
    void parametersHaveTheNamesAndShapesOfPytorchCenterLoss() {
        List<String> found =
                MNIST.parameters().stream().map(p -> p.name() + " " + p.shape()).toList();
        assertEquals(
                List.of(
                        "conv1_1.weight [32, 1, 5, 5]",
                        "conv1_1.bias [32]",
                        "prelu1_1.weight [1]",
                        "conv1_2.weight [32, 32, 5, 5]",
                        "conv1_2.bias [32]",
                        "prelu1_2.weight [1]",
                        "conv2_1.weight [64, 32, 5, 5]",
                        "conv2_1.bias [64]",
                        "prelu2_1.weight [1]",
                        "conv2_2.weight [64, 64, 5, 5]",
                        "conv2_2.bias [64]",
                        "prelu2_2.weight [1]",
                        "conv3_1.weight [128, 64, 5, 5]",
                        "conv3_1.bias [128]",
                        "prelu3_1.weight [1]",
                        "conv3_2.weight [128, 128, 5, 5]",
                        "conv3_2.bias [128]",
                        "prelu3_2.weight [1]",
                        "fc1.weight [2, 1152]",
                        "fc1.bias [2]",
                        "prelu_fc1.weight [1]",
                        "fc2.weight [10, 2]",
                        "fc2.bias [10]"),
                found);
    }

    @Test
    void weightsAndBiasesAreDrawnWithinPytorchsBound() {
        Parameter bias = MNIST.parameters().get(4);
        double bound = 1 / Math.sqrt(32 * 25);
        double largest = 0;
        for (float value : bias.draw(5, 4)) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest <= bound && largest > 0.8 * bound, "largest " + largest);
    }
}

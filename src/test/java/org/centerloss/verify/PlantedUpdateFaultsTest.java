package org.centerloss.verify;

import static org.centerloss.verify.FaultyKernels.assertFaults;
import static org.centerloss.verify.FaultyKernels.failing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.verify.op.AdamWCase;
import org.centerloss.verify.op.GradientClippingCase;
import org.centerloss.verify.op.LossMeterCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.SgdCase;
import org.centerloss.verify.op.StepTableCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes planted into the sources of the kernels that move weights and keep account of steps. */
@VirtualGpu
class PlantedUpdateFaultsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unlimited >= 1 ? 1.0f : static_cast<float>(unlimited) | "
                        + "fminf(1.0f, static_cast<float>(unlimited)) | "
                        + "kinds of gradients",
                "maxNorm / (root + 1e-6) | maxNorm / root | gradients and their surroundings",
                "unlimited >= 1 ? 1.0f | unlimited >= 1e9 ? 1.0f | "
                        + "gradients and their surroundings",
                "static_cast<double>(value) * value | value * value | "
                        + "gradients and their surroundings, norm",
                "gradients[3 * items.quads + item]); | gradients[item]); | "
                        + "gradients and their surroundings, kind of the norm, kinds of gradients, norm",
                "gradients[3 * items.quads + item] *= | gradients[item] *= | "
                        + "gradients and their surroundings, kinds of gradients",
            })
    void mistakeInTheClippingOfGradientsIsCaught(String right, String wrong, String caught) {
        assertEquals(
                Set.of(caught.split(", ")),
                failing(
                        PlantedFault.in("gradient_clipping", right, wrong),
                        GradientClippingCase.all().stream()
                                .filter(c -> ((GradientClippingCase) c).size() < 1000)
                                .toList()));
    }

    @Test
    void gradientsThatAThreadWouldReachInItsSecondRoundAreMissed() {
        String loop = "double sum = 0;\n    for (int item = items.first; item < items.count; ";
        PlantedFault once =
                PlantedFault.in(
                        "gradient_clipping",
                        loop + "item += items.stride",
                        loop + "item += items.count");
        List<OpCase> cases = GradientClippingCase.all();
        assertEquals(Set.of("gradients and their surroundings", "norm"), failing(once, cases));
    }

    @Test
    void missingBarrierBehindOneThreadsFactorIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "gradient_clipping",
                        "    __syncthreads();\n    float factor",
                        "    float factor");
        assertFaults(barrier, GradientClippingCase.all(), "gradient_clipping_scale", "shared");
    }

    @Test
    void forgottenMomentumIsCaught() {
        PlantedFault momentum =
                PlantedFault.in("sgd", "velocity = momentum * velocity +", "velocity = velocity +");
        assertEquals(
                Set.of("velocity", "weights and their surroundings"),
                failing(momentum, List.of(new SgdCase(257, 0.9, 0, false))));
    }

    @Test
    void nesterovStepAlongTheOldVelocityIsCaught() {
        String velocity = "velocity = momentum * velocity + g;";
        String step = "weight -= learningRate * (nesterov ? g + momentum * velocity : ";
        String between = "\n        ";
        PlantedFault old =
                PlantedFault.in(
                        "sgd",
                        velocity + between + step + "velocity);",
                        step + "momentum * velocity + g);" + between + velocity);
        assertEquals(Set.of(), failing(old, List.of(new SgdCase(257, 0.9, 0.01, false))));
        assertEquals(
                Set.of("weights and their surroundings"),
                failing(old, List.of(new SgdCase(257, 0.9, 0, true))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sqrtf(expAvgSq) * rootScale + epsilon | sqrtf(expAvgSq) + epsilon",
                "sqrtf(expAvgSq) * rootScale + epsilon | sqrtf(expAvgSq * rootScale + epsilon)",
                "keptWeight * weight - | weight -",
                "stepSize * expAvg / deviation | stepSize * gradient / deviation",
            })
    void mistakeInTheStepOfAdamWIsCaught(String right, String wrong) {
        assertEquals(
                Set.of("weights and their surroundings"),
                failing(PlantedFault.in("adam_w", right, wrong), AdamWCase.all()));
    }

    @Test
    void shareOfTheGradientThatLostItsDigitsIsCaught() {
        PlantedFault share = PlantedFault.in("adam_w", "share2 * (", "(1 - beta2) * (");
        Set<String> failing = failing(share, AdamWCase.all());
        assertTrue(failing.contains("exp_avg_sq"), "" + failing);
    }

    @Test
    void laterNonFiniteStepInPlaceOfTheFirstIsCaught() {
        PlantedFault first = PlantedFault.in("loss_meter", " && meter->nonFiniteStep == 0", "");
        assertEquals(
                Set.of("first reading, counts"),
                failing(first, List.of(new LossMeterCase(3, Double.NaN))));
    }

    @Test
    void rowThatIsReadAgainIsCaught() {
        PlantedFault next = PlantedFault.in("step_table", "position->next = next + 1", "");
        assertEquals(
                Set.of(
                        "first table, rows and their surroundings",
                        "first table, NaN behind it 0",
                        "first table, NaN behind it 1",
                        "second table, rows and their surroundings",
                        "second table, NaN behind it 0",
                        "second table, NaN behind it 1"),
                failing(next, List.of(new StepTableCase(5, 3))));
    }

    @Test
    void rowBehindTheTableIsCaught() {
        PlantedFault end =
                PlantedFault.in(
                        "step_table",
                        "inside ? source[k] : __int_as",
                        "true ? source[k] : __int_as");
        assertFaults(end, List.of(new StepTableCase(5, 3)), "step_table_next", "behind the end");
    }
}

package org.centerloss.verify;

import static org.centerloss.verify.FaultyDevice.after;
import static org.centerloss.verify.FaultyDevice.change;
import static org.centerloss.verify.FaultyDevice.failing;
import static org.centerloss.verify.FaultyDevice.failingDifferences;
import static org.centerloss.verify.FaultyDevice.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.verify.op.CenterLossCase;
import org.centerloss.verify.op.CenterSpreadCase;
import org.centerloss.verify.op.CenterUpdateCase;
import org.centerloss.verify.op.InputDistribution;
import org.centerloss.verify.op.LossMeterCase;
import org.centerloss.verify.op.NearestCenterCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.PairwiseRepulsionCase;
import org.centerloss.verify.op.SgdCase;
import org.centerloss.verify.op.SoftmaxCrossEntropyCase;
import org.junit.jupiter.api.Test;

/** Every fault planted here must be caught by the cases that {@code verify} runs. */
class PlantedLossFaultsTest {
    @Test
    void gradientWrittenOneElementTooFarIsCaught() {
        FaultyDevice.Fault fault =
                after(
                        "forwardBackward",
                        6,
                        dx ->
                                change(
                                        dx,
                                        values -> {
                                            double last = values[values.length - 1];
                                            System.arraycopy(
                                                    values, 0, values, 1, values.length - 1);
                                            values[0] = last;
                                        }));
        assertEquals(Set.of("dx"), failing(CenterLossCase.all(), "centerLoss", fault));
        assertEquals(Set.of("∂x"), failingDifferences(CenterLossCase.all(), "centerLoss", fault));
    }

    @Test
    void missingFactorTwoIsCaught() {
        FaultyDevice.Fault fault = with("forwardBackward", 3, scale -> (double) scale / 2);
        assertEquals(Set.of("dx", "dCenters"), failing(CenterLossCase.all(), "centerLoss", fault));
        assertEquals(
                Set.of("∂x", "∂centers"),
                failingDifferences(CenterLossCase.all(), "centerLoss", fault));
    }

    @Test
    void missingCenterGradientIsCaught() {
        assertEquals(
                Set.of("dCenters"),
                failing(
                        CenterLossCase.all(),
                        "centerLoss",
                        with("forwardBackward", 7, dCenters -> null)));
    }

    @Test
    void swappedLabelsAreCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.startsWith("forward")) {
                        return call.make();
                    }
                    IntTensor labels = (IntTensor) arguments[1];
                    int[] right = labels.toInts();
                    int[] swapped = right.clone();
                    swapped[0] = right[right.length - 1];
                    swapped[right.length - 1] = right[0];
                    labels.write(swapped);
                    call.make();
                    labels.write(right);
                    return null;
                };
        assertEquals(
                Set.of("value", "value with gradient", "dx"),
                failing(PairwiseRepulsionCase.all(), "pairwiseRepulsion", fault));
    }

    @Test
    void gradientThatOverwritesInsteadOfAccumulatingIsCaught() {
        assertEquals(
                Set.of("dx"),
                failing(
                        PairwiseRepulsionCase.all(),
                        "pairwiseRepulsion",
                        with("forwardBackward", 3, accumulate -> false)));
    }

    @Test
    void accumulatorThatIsNotClearedIsCaught() {
        assertEquals(
                Set.of("dx"),
                failing(
                        PairwiseRepulsionCase.all(),
                        "pairwiseRepulsion",
                        with("forwardBackward", 3, accumulate -> true)));
    }

    @Test
    void distancesExpandedInFloatAreCaughtFarFromTheOrigin() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    Object result = call.make();
                    if (method.equals("forward")) {
                        Tensor x = (Tensor) arguments[0];
                        int[] labels = ((IntTensor) arguments[1]).toInts();
                        float value = expanded(x.toFloats(), x.shape()[1], labels);
                        ((Tensor) arguments[2]).write(new float[] {value});
                    }
                    return result;
                };
        assertEquals(
                Set.of(),
                failing(List.of(repulsion(InputDistribution.NORMAL)), "pairwiseRepulsion", fault));
        assertEquals(
                Set.of("value"),
                failing(List.of(repulsion(InputDistribution.FAR)), "pairwiseRepulsion", fault));
    }

    private static OpCase repulsion(InputDistribution points) {
        return new PairwiseRepulsionCase(
                33, 31, 7, points, PairwiseRepulsion.Potential.Kind.LOGARITHMIC, false);
    }

    /** The repulsion with ‖x − y‖² = ‖x‖² + ‖y‖² − 2x·y in float32. */
    private static float expanded(float[] x, int features, int[] labels) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels.length; j++) {
                float square = 0;
                float other = 0;
                float product = 0;
                for (int k = 0; k < features; k++) {
                    float a = x[i * features + k];
                    float b = x[j * features + k];
                    square += a * a;
                    other += b * b;
                    product += a * b;
                }
                if (labels[i] != labels[j]) {
                    sum += Math.log1p(Math.max(0, square + other - 2 * product));
                }
            }
        }
        return (float) (sum / labels.length);
    }

    @Test
    void meanOverClassesInsteadOfSamplesIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("forwardBackward")) {
                        int[] shape = ((Tensor) arguments[0]).shape();
                        arguments[2] = (double) arguments[2] * shape[0] / shape[1];
                    }
                    return call.make();
                };
        assertEquals(
                Set.of("dLogits"),
                failing(SoftmaxCrossEntropyCase.all(), "softmaxCrossEntropy", fault));
    }

    @Test
    void pairsCountedOnceInsteadOfTwiceAreCaught() {
        assertEquals(
                Set.of("value"),
                failing(
                        CenterSpreadCase.all(),
                        "centerSpread",
                        after("forward", 1, value -> change(value, v -> v[0] /= 2))));
    }

    @Test
    void lastSampleLeftOutOfTheCenterUpdateIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("update")) {
                        return call.make();
                    }
                    // A sample on its center moves nothing but still counts: the off-by-one.
                    Tensor x = (Tensor) arguments[0];
                    double[] right = x.toDoubles();
                    int features = x.shape()[1];
                    int last = x.shape()[0] - 1;
                    int label = ((IntTensor) arguments[1]).toInts()[last];
                    double[] centers = ((Tensor) arguments[2]).toDoubles();
                    change(
                            x,
                            values ->
                                    System.arraycopy(
                                            centers,
                                            label * features,
                                            values,
                                            last * features,
                                            features));
                    call.make();
                    x.write(right);
                    return null;
                };
        assertEquals(Set.of("centers"), failing(CenterUpdateCase.all(), "centerUpdate", fault));
    }

    @Test
    void highestInsteadOfLowestIndexAmongTiesIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    Object result = call.make();
                    if (method.equals("forward")) {
                        int half = ((Tensor) arguments[1]).shape()[0] / 2;
                        IntTensor prediction = (IntTensor) arguments[2];
                        int[] values = prediction.toInts();
                        for (int i = 0; i < values.length; i++) {
                            values[i] += half;
                        }
                        prediction.write(values);
                    }
                    return result;
                };
        List<OpCase> twice =
                NearestCenterCase.all().stream()
                        .filter(op -> ((NearestCenterCase) op).twice())
                        .toList();
        assertEquals(Set.of("prediction"), failing(twice, "nearestCenter", fault));
    }

    @Test
    void momentumThatIsForgottenIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("step")) {
                        ((Tensor) arguments[2]).zero();
                    }
                    return call.make();
                };
        assertEquals(
                Set.of("velocity", "weights and their surroundings"),
                failing(SgdCase.all(), "sgd", fault));
    }

    @Test
    void meterThatIsNotResetIsCaught() {
        LossMeter.Reading[] last = new LossMeter.Reading[1];
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    Object result = call.make();
                    if (!method.equals("read")) {
                        return result;
                    }
                    LossMeter.Reading now = (LossMeter.Reading) result;
                    LossMeter.Reading before = last[0];
                    last[0] = before == null ? now : null;
                    return before == null
                            ? now
                            : new LossMeter.Reading(
                                    before.steps() + now.steps(),
                                    now.sums(),
                                    before.firstNonFiniteStep(),
                                    before.nonFiniteTerm());
                };
        assertTrue(
                failing(LossMeterCase.all(), "lossMeter", fault)
                        .contains("second reading, counts"));
    }
}

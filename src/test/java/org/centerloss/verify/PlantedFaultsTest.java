package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.centerloss.device.Augmentation;
import org.centerloss.device.Device;
import org.centerloss.device.Devices;
import org.centerloss.device.IntTensor;
import org.centerloss.device.LossMeter;
import org.centerloss.device.PairwiseRepulsion;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Every fault planted here must be caught by the cases that {@code verify} runs, and by them alone.
 */
class PlantedFaultsTest {
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    /** The quantities that fail on a device; the operations are those that were given. */
    private static Set<String> failing(List<OpCase> cases, boolean doubles, Device device) {
        Set<String> failing = new TreeSet<>();
        List<Row> rows = new ArrayList<>();
        Verification.run(device, cases, SEED, rows::add);
        assertTrue(rows.size() > cases.size(), "rows: " + rows.size());
        assertEquals(doubles, device.doublePrecision());
        rows.stream().filter(row -> !row.pass()).forEach(row -> failing.add(row.quantity()));
        return failing;
    }

    private static Set<String> failing(
            List<OpCase> cases, String factory, FaultyDevice.Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(cases, false, FaultyDevice.of(real, factory, false, fault));
        }
    }

    private static Set<String> failingDifferences(
            List<OpCase> cases, String factory, FaultyDevice.Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(cases, true, FaultyDevice.of(real, factory, true, fault));
        }
    }

    private static Set<String> failingCalls(List<OpCase> cases, FaultyDevice.Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(cases, false, FaultyDevice.ofCalls(real, fault));
        }
    }

    /** Makes the call, then spoils one of its arguments. */
    private static FaultyDevice.Fault after(String name, int argument, Consumer<Tensor> spoil) {
        return (method, arguments, call) -> {
            Object result = call.make();
            if (method.equals(name) && arguments[argument] != null) {
                spoil.accept((Tensor) arguments[argument]);
            }
            return result;
        };
    }

    /** Makes the call with another argument. */
    private static FaultyDevice.Fault with(
            String name, int argument, UnaryOperator<Object> change) {
        return (method, arguments, call) -> {
            if (method.equals(name)) {
                arguments[argument] = change.apply(arguments[argument]);
            }
            return call.make();
        };
    }

    private static void change(Tensor tensor, Consumer<double[]> change) {
        double[] values = tensor.toDoubles();
        change.accept(values);
        tensor.write(values);
    }

    @Test
    void withoutAFaultEverythingPasses() {
        assertEquals(Set.of(), failing(OpCases.all(), "centerLoss", FaultyDevice.NONE));
    }

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
                Set.of(), failing(List.of(repulsion(Points.NORMAL)), "pairwiseRepulsion", fault));
        assertEquals(
                Set.of("value"),
                failing(List.of(repulsion(Points.FAR)), "pairwiseRepulsion", fault));
    }

    private static OpCase repulsion(Points points) {
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
    void missingBiasIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("forward")) {
                        return call.make();
                    }
                    Tensor bias = (Tensor) arguments[2];
                    double[] right = bias.toDoubles();
                    bias.zero();
                    call.make();
                    bias.write(right);
                    return null;
                };
        assertEquals(Set.of("y"), failing(LinearCase.all(), "linear", fault));
        assertEquals(Set.of("∂bias"), failingDifferences(LinearCase.all(), "linear", fault));
    }

    @Test
    void missingBiasGradientIsCaught() {
        FaultyDevice.Fault fault = after("backward", 5, Tensor::zero);
        assertEquals(Set.of("dBias"), failing(ConvolutionCase.all(), "convolution", fault));
        assertEquals(
                Set.of("∂bias"), failingDifferences(ConvolutionCase.all(), "convolution", fault));
    }

    @Test
    void resultThatIsNotWrittenIsCaught() {
        assertEquals(
                Set.of("dx"),
                failing(ConvolutionCase.all(), "convolution", with("backward", 3, dx -> null)));
    }

    @Test
    void oneNotANumberIsCaught() {
        FaultyDevice.Fault fault =
                after("forward", 3, y -> change(y, v -> v[v.length - 1] = Double.NaN));
        assertEquals(Set.of("y"), failing(ConvolutionCase.all(), "convolution", fault));
    }

    @Test
    void staleRunningStatisticsAreCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("forwardTraining")) {
                        return call.make();
                    }
                    Tensor mean = (Tensor) arguments[3];
                    double[] before = mean.toDoubles();
                    call.make();
                    mean.write(before);
                    return null;
                };
        assertEquals(
                Set.of("runningMean", "runningMean, second pass"),
                failing(BatchNormalizationCase.all(), "batchNormalization", fault));
    }

    @Test
    void biasedRunningVarianceIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("forwardTraining")) {
                        return call.make();
                    }
                    Tensor variance = (Tensor) arguments[4];
                    int[] shape = ((Tensor) arguments[0]).shape();
                    double count = shape[0] * shape[2] * shape[3];
                    double[] before = variance.toDoubles();
                    call.make();
                    change(
                            variance,
                            after -> {
                                for (int c = 0; c < after.length; c++) {
                                    double kept = 0.9 * before[c];
                                    after[c] = kept + (after[c] - kept) * (count - 1) / count;
                                }
                            });
                    return null;
                };
        assertEquals(
                Set.of("runningVar", "runningVar, second pass"),
                failing(BatchNormalizationCase.all(), "batchNormalization", fault));
    }

    @Test
    void reluMaskForgottenInTheGradientIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("backward")) {
                        return call.make();
                    }
                    Tensor y = (Tensor) arguments[1];
                    double[] right = y.toDoubles();
                    change(y, values -> Arrays.fill(values, 1));
                    call.make();
                    y.write(right);
                    return null;
                };
        assertEquals(
                Set.of("dx", "dGamma", "dBeta"),
                failing(BatchNormalizationCase.all(), "batchNormalization", fault));
        assertEquals(
                Set.of("∂x", "∂gamma", "∂beta"),
                failingDifferences(BatchNormalizationCase.all(), "batchNormalization", fault));
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
    void flipThatIsForgottenIsCaught() {
        FaultyDevice.Fault fault =
                with(
                        "imageBatches",
                        2,
                        given -> {
                            Augmentation a = (Augmentation) given;
                            return new Augmentation(false, a.maxDegrees(), a.padding());
                        });
        Set<String> failing = failingCalls(ImageBatchesCase.all(), fault);
        assertFalse(failing.isEmpty());
        assertTrue(failing.stream().allMatch(name -> name.startsWith("images")), "" + failing);
    }

    @Test
    void epochLeftOutOfTheRandomAddressIsCaught() {
        Set<String> failing =
                failing(ImageBatchesCase.all(), "imageBatches", with("begin", 0, epoch -> 0));
        assertFalse(failing.isEmpty());
        assertTrue(
                failing.stream().allMatch(name -> name.startsWith("images of epoch 7")),
                "" + failing);
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

    @Test
    void recordingThatRunsItsBodyIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("record")) {
                        ((Runnable) arguments[0]).run();
                    }
                    return call.make();
                };
        assertEquals(Set.of("after recording"), failingCalls(ProgramCase.all(), fault));
    }

    @Test
    void operationThatDoesNotFreeItsMemoryIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> method.equals("close") ? null : call.make();
        assertEquals(
                Set.of("live bytes"),
                failing(BatchNormalizationCase.all(), "batchNormalization", fault));
    }

    @Test
    void resultThatDiffersFromRunToRunIsCaught() {
        AtomicInteger runs = new AtomicInteger();
        FaultyDevice.Fault fault =
                after("forward", 3, y -> change(y, v -> v[0] += 1e-12 * runs.incrementAndGet()));
        assertEquals(Set.of("all"), failing(LinearCase.all(), "linear", fault));
    }

    @Test
    void operationThatThrowsIsAFailedRow() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("forward")) {
                        throw new IllegalStateException("not there");
                    }
                    return call.make();
                };
        assertEquals(Set.of("all"), failing(AdditionCase.all(), "addition", fault));
    }
}

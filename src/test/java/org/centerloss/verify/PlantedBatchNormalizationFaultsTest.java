package org.centerloss.verify;

import static org.centerloss.verify.FaultyDevice.after;
import static org.centerloss.verify.FaultyDevice.change;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.verify.op.BatchNormalizationCase;
import org.centerloss.verify.op.OpCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mistakes in batch normalisation and what follows it, on the reference and in the kernels: each
 * must be caught by the cases that {@code verify} runs.
 */
class PlantedBatchNormalizationFaultsTest {
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
                failing(BatchNormalizationCase.all(), fault));
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
                failing(BatchNormalizationCase.all(), fault));
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
                Set.of("dx", "dGamma", "dBeta", "dz"),
                failing(BatchNormalizationCase.all(), fault));
        assertEquals(Set.of("∂x", "∂gamma", "∂beta", "∂z"), failingDifferences(fault));
    }

    @Test
    void gradientOfTheAddendThatIsNotWrittenIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("backward")) {
                        return call.make();
                    }
                    Tensor dy = (Tensor) arguments[2];
                    double[] before = dy.toDoubles();
                    call.make();
                    dy.write(before);
                    return null;
                };
        assertEquals(Set.of("dz"), failing(BatchNormalizationCase.all(), fault));
        assertEquals(Set.of("∂z"), failingDifferences(fault));
    }

    @Test
    void addendBehindTheReluIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    Tensor z = method.startsWith("forward") ? (Tensor) arguments[5] : null;
                    if (z == null) {
                        return call.make();
                    }
                    double[] addend = z.toDoubles();
                    z.zero();
                    call.make();
                    z.write(addend);
                    change((Tensor) arguments[6], y -> Arrays.setAll(y, i -> y[i] + addend[i]));
                    return null;
                };
        // The gradients' mask is taken from y.
        assertEquals(
                Set.of("y", "y in inference", "y over x", "dx", "dGamma", "dBeta", "dz"),
                failing(BatchNormalizationCase.all(), fault));
    }

    @Test
    void notANumberThatVanishesInAReluIsCaught() {
        FaultyDevice.Fault fault =
                after(
                        "forwardTraining",
                        6,
                        y -> change(y, v -> Arrays.setAll(v, i -> Double.isNaN(v[i]) ? 0 : v[i])));
        assertEquals(Set.of("NaN of x", "NaN of z"), failing(BatchNormalizationCase.all(), fault));
    }

    @Test
    @VirtualGpu
    void statisticsOfAnotherChannelAreCaught() {
        PlantedFault channel =
                PlantedFault.in("batch_normalization", "plane % channels", "plane / channels");
        BatchNormalization.Shape shape = new BatchNormalization.Shape(2, 17, 2, 3, Epilogue.RELU);
        assertEquals(
                Set.of("y in inference", "y over x"),
                failing(channel, List.of(new BatchNormalizationCase(shape))));
    }

    @ParameterizedTest
    @VirtualGpu
    @CsvSource(
            delimiter = '|',
            value = {
                "value += z[i] | value += 0 | NaN of z in inference, y in inference, y over x",
                "value.y + addend.y | value.y + addend.x | NaN of z, dBeta, dGamma, dx, dz, y",
                "y[i] + z[i] : y[i] | y[i] : y[i] + z[i] | dBeta, dGamma, dx, dz, y",
                "y <= 0 ? 0 : dy | y < 0 ? 0 : dy | dBeta, dGamma, dx, dz",
            })
    void mistakeInWhatFollowsTheNormalisationIsCaught(String right, String wrong, String caught) {
        BatchNormalization.Shape shape =
                new BatchNormalization.Shape(3, 33, 5, 5, BatchNormalization.Epilogue.ADD_RELU);
        List<OpCase> cases = List.of(new BatchNormalizationCase(shape));
        // The gradients' mask is taken from y.
        assertEquals(
                Set.of(caught.split(", ")),
                failing(PlantedFault.in("batch_normalization", right, wrong), cases));
    }

    @Test
    @VirtualGpu
    void notANumberThatVanishesInAReluOfTheGpuIsCaught() {
        PlantedFault maximum =
                PlantedFault.in("batch_normalization", "value <= 0 ? 0 : value", "fmaxf(value, 0)");
        assertEquals(
                Set.of("NaN of x in inference", "NaN of x", "NaN of z in inference", "NaN of z"),
                failing(maximum, BatchNormalizationCase.all()));
    }

    private static Set<String> failing(List<OpCase> cases, FaultyDevice.Fault fault) {
        return FaultyDevice.failing(cases, "batchNormalization", fault);
    }

    private static Set<String> failingDifferences(FaultyDevice.Fault fault) {
        return FaultyDevice.failingDifferences(
                BatchNormalizationCase.all(), "batchNormalization", fault);
    }

    private static Set<String> failing(PlantedFault planted, List<OpCase> cases) {
        try (Device device = planted.open()) {
            return FaultyDevice.failing(cases, false, device);
        }
    }
}

package org.centerloss.verify;

import static org.centerloss.verify.FaultyDevice.change;
import static org.centerloss.verify.FaultyDevice.failing;
import static org.centerloss.verify.FaultyDevice.failingDifferences;
import static org.centerloss.verify.FaultyKernels.assertFaults;
import static org.centerloss.verify.FaultyKernels.failing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.verify.op.FlattenCase;
import org.centerloss.verify.op.MaxPoolingCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.PreluCase;
import org.junit.jupiter.api.Test;

/**
 * Faults of max pooling, PReLU and flattening, in the operations and in their kernels: each must be
 * caught.
 */
class PlantedActivationFaultsTest {
    /** Planted by turning the planes round: the last of equal elements becomes the first. */
    @Test
    void gradientOfTheLastOfEqualElementsIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("backward")) {
                        return call.make();
                    }
                    for (Object tensor : arguments) {
                        turn((Tensor) tensor);
                    }
                    call.make();
                    for (Object tensor : arguments) {
                        turn((Tensor) tensor);
                    }
                    return null;
                };
        MaxPooling.Shape shape = new MaxPooling.Shape(2, 17, 6, 8, 2, 2, 0, true);
        List<OpCase> different = List.of(new MaxPoolingCase(shape, false));
        assertEquals(Set.of(), failing(different, "maxPooling", fault));
        List<OpCase> ties = List.of(new MaxPoolingCase(shape, true));
        assertEquals(Set.of("dx"), failing(ties, "maxPooling", fault));
    }

    private static void turn(Tensor tensor) {
        change(
                tensor,
                values -> {
                    double[] before = values.clone();
                    Arrays.setAll(values, i -> before[before.length - 1 - i]);
                });
    }

    @Test
    void windowLeftOutOfAPoolingsGradientIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("backward")) {
                        return call.make();
                    }
                    Tensor dy = (Tensor) arguments[2];
                    double[] right = dy.toDoubles();
                    change(dy, values -> values[values.length - 1] = 0);
                    call.make();
                    dy.write(right);
                    return null;
                };
        assertEquals(Set.of("dx"), failing(MaxPoolingCase.all(), "maxPooling", fault));
        List<OpCase> differentiable =
                MaxPoolingCase.all().stream().filter(op -> !op.derivatives().isEmpty()).toList();
        assertEquals(Set.of("∂x"), failingDifferences(differentiable, "maxPooling", fault));
    }

    @Test
    void rowsThatAreFlattenedChannelByChannelOfAPixelAreCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    Object result = call.make();
                    if (method.equals("forward")) {
                        int[] shape = ((Tensor) arguments[0]).shape();
                        change((Tensor) arguments[1], y -> channelsLast(y, shape));
                    }
                    return result;
                };
        List<OpCase> cases = FlattenCase.all();
        assertEquals(Set.of("y"), failing(cases, "flatten", fault));
        assertEquals(Set.of("∂x"), failingDifferences(cases, "flatten", fault));
    }

    private static void channelsLast(double[] values, int... shape) {
        double[] before = values.clone();
        int channels = shape[1];
        int pixels = shape[2] * shape[3];
        for (int i = 0; i < values.length; i++) {
            int plane = i / pixels;
            int row = plane / channels * pixels + i % pixels;
            values[row * channels + plane % channels] = before[i];
        }
    }

    @Test
    void gradientThatIsAddedToARowsActivationIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("backward")) {
                        return call.make();
                    }
                    Tensor dx = (Tensor) arguments[1];
                    double[] before = dx.toDoubles();
                    call.make();
                    change(dx, values -> Arrays.setAll(values, i -> values[i] + before[i]));
                    return null;
                };
        assertEquals(Set.of("dx"), failing(FlattenCase.all(), "flatten", fault));
    }

    @Test
    void rectifierWithoutItsSlopeIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("close")) {
                        return call.make();
                    }
                    Tensor slope = (Tensor) arguments[method.equals("forward") ? 1 : 2];
                    double[] right = slope.toDoubles();
                    slope.zero();
                    call.make();
                    slope.write(right);
                    return null;
                };
        List<OpCase> cases = PreluCase.all();
        assertEquals(Set.of("y", "y over x", "dx", "dx over dy"), failing(cases, "prelu", fault));
        assertEquals(Set.of("∂slope"), failingDifferences(cases, "prelu", fault));
    }

    @Test
    void slopesGradientOfPositiveElementsIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (!method.equals("backward")) {
                        return call.make();
                    }
                    Tensor x = (Tensor) arguments[0];
                    double[] right = x.toDoubles();
                    change(x, values -> Arrays.setAll(values, i -> -right[i]));
                    call.make();
                    x.write(right);
                    return null;
                };
        List<OpCase> cases = List.of(new PreluCase(1, List.of(2, 31)));
        assertEquals(Set.of("dSlope", "dSlope with dx over dy"), failing(cases, "prelu", fault));
        assertEquals(Set.of("∂slope"), failingDifferences(cases, "prelu", fault));
    }

    @Test
    @VirtualGpu
    void lastOfEqualElementsInAKernelsWindowIsCaught() {
        PlantedFault tie = PlantedFault.in("max_pooling", "value > largest", "value >= largest");
        MaxPooling.Shape shape = new MaxPooling.Shape(2, 17, 7, 5, 3, 2, 1, true);
        assertEquals(Set.of(), failing(tie, List.of(new MaxPoolingCase(shape, false))));
        assertEquals(Set.of("dx"), failing(tie, List.of(new MaxPoolingCase(shape, true))));
    }

    @Test
    @VirtualGpu
    void windowLeftOutByAKernelIsCaught() {
        PlantedFault window =
                PlantedFault.in(
                        "max_pooling",
                        "int i = max(0, row - kernel + stride) / stride;",
                        "int i = bottom;");
        MaxPooling.Shape shape = new MaxPooling.Shape(2, 17, 7, 5, 3, 2, 1, true);
        assertEquals(Set.of("dx"), failing(window, List.of(new MaxPoolingCase(shape, false))));
    }

    @Test
    @VirtualGpu
    void windowThatDoesNotFitIsCaught() {
        PlantedFault guard =
                PlantedFault.in("max_pooling", "min(out_height - 1, row / stride)", "row / stride");
        MaxPooling.Shape shape = new MaxPooling.Shape(1, 1, 5, 7, 2, 2, 0, true);
        List<OpCase> cases = List.of(new MaxPoolingCase(shape, false));
        assertFaults(guard, cases, "max_pooling_backward", "behind the end");
    }

    @Test
    @VirtualGpu
    void slopesGradientOfPositiveElementsInAKernelIsCaught() {
        PlantedFault sign =
                PlantedFault.in(
                        "prelu",
                        "    if (x > 0) {\n        return dy;",
                        "    if (x < 0) {\n        return dy;");
        List<OpCase> cases = List.of(new PreluCase(1, List.of(127, 33)));
        assertEquals(Set.of("dSlope", "dSlope with dx over dy"), failing(sign, cases));
    }

    @Test
    @VirtualGpu
    void elementLeftOutOfTheSlopesGradientIsCaught() {
        PlantedFault last =
                PlantedFault.in(
                        "prelu",
                        "gradient.w = passed(in.w, gradient.w, factor, sum);",
                        "gradient.w = passed(in.w, gradient.w, factor, gradient.w);");
        assertEquals(Set.of("dSlope", "dSlope with dx over dy"), failing(last, PreluCase.all()));
    }

    @Test
    @VirtualGpu
    void slopeThatTheForwardPassForgetsIsCaught() {
        PlantedFault slope =
                PlantedFault.in("prelu", "x > 0 ? x : slope * x;\n}", "x > 0 ? x : 0;\n}");
        assertEquals(Set.of("y", "y over x"), failing(slope, PreluCase.all()));
    }
}

package org.centerloss.verify;

import static org.centerloss.verify.FaultyDevice.after;
import static org.centerloss.verify.FaultyDevice.change;
import static org.centerloss.verify.FaultyDevice.failing;
import static org.centerloss.verify.FaultyDevice.failingCalls;
import static org.centerloss.verify.FaultyDevice.failingDifferences;
import static org.centerloss.verify.FaultyDevice.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.Augmentation.ColorJitter;
import org.centerloss.device.op.Augmentation.ResizedCrop;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.AdamWCase;
import org.centerloss.verify.op.AdditionCase;
import org.centerloss.verify.op.BatchNormalizationCase;
import org.centerloss.verify.op.ConvolutionCase;
import org.centerloss.verify.op.GradientClippingCase;
import org.centerloss.verify.op.ImageBatchesCase;
import org.centerloss.verify.op.LinearCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpCases;
import org.centerloss.verify.op.ProgramCase;
import org.centerloss.verify.op.SgdCase;
import org.centerloss.verify.op.StepTableCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault planted here must be caught by the cases that {@code verify} runs. */
class PlantedLayerFaultsTest {
    @Test
    void withoutAFaultEverythingPasses() {
        assertEquals(Set.of(), failing(OpCases.all(), "centerLoss", FaultyDevice.NONE));
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
        List<OpCase> some = ConvolutionCase.all().subList(0, 10);
        assertEquals(Set.of("∂bias"), failingDifferences(some, "convolution", fault));
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

    private static Stream<UnaryOperator<Augmentation>> forgottenPartsOfAnAugmentation() {
        return Stream.of(
                a -> changed(a, false, a.padding(), a.resizedCrop(), a.colorJitter()),
                a -> changed(a, a.flip(), 0, a.resizedCrop(), a.colorJitter()),
                a -> changed(a, a.flip(), a.padding(), ResizedCrop.NONE, a.colorJitter()),
                a -> {
                    ResizedCrop unstretched = new ResizedCrop(a.resizedCrop().minScale(), 1);
                    return changed(a, a.flip(), a.padding(), unstretched, a.colorJitter());
                },
                a -> {
                    ColorJitter jitter = new ColorJitter(0, a.colorJitter().contrast());
                    return changed(a, a.flip(), a.padding(), a.resizedCrop(), jitter);
                },
                a -> {
                    ColorJitter jitter = new ColorJitter(a.colorJitter().brightness(), 0);
                    return changed(a, a.flip(), a.padding(), a.resizedCrop(), jitter);
                });
    }

    private static Augmentation changed(
            Augmentation a, boolean flip, int padding, ResizedCrop crop, ColorJitter jitter) {
        return new Augmentation(flip, a.maxDegrees(), padding, crop, jitter);
    }

    @ParameterizedTest
    @MethodSource("forgottenPartsOfAnAugmentation")
    void partOfAnAugmentationThatIsForgottenIsCaught(UnaryOperator<Augmentation> forgetful) {
        FaultyDevice.Fault fault =
                with("imageBatches", 2, given -> forgetful.apply((Augmentation) given));
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
    void forgottenNesterovMomentumIsCaught() {
        // The velocity follows the weights where these decay.
        assertEquals(
                Set.of("velocity", "weights and their surroundings"),
                failingCalls(SgdCase.all(), with("sgd", 3, nesterov -> false)));
    }

    @Test
    void normThatIsNotLimitedIsCaught() {
        assertEquals(
                Set.of("gradients and their surroundings", "kinds of gradients"),
                failingCalls(GradientClippingCase.all(), with("gradientClipping", 1, most -> 1e3)));
    }

    /** Adam with L2 regularisation in place of AdamW. */
    @Test
    void weightDecayCoupledIntoTheGradientIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("step")) {
                        double[] weights = ((Tensor) arguments[0]).toDoubles();
                        change((Tensor) arguments[4], row -> row[0] = 1);
                        change(
                                (Tensor) arguments[1],
                                g -> Arrays.setAll(g, i -> g[i] + 0.01 * weights[i]));
                    }
                    return call.make();
                };
        assertEquals(
                Set.of("exp_avg", "exp_avg_sq", "weights and their surroundings"),
                failing(AdamWCase.all(), "adamW", fault));
    }

    @Test
    void missingCorrectionOfTheBiasIsCaught() {
        FaultyDevice.Fault first =
                (method, arguments, call) -> {
                    if (method.equals("step")) {
                        change((Tensor) arguments[4], row -> row[1] = 0.125);
                    }
                    return call.make();
                };
        FaultyDevice.Fault second =
                (method, arguments, call) -> {
                    if (method.equals("step")) {
                        change((Tensor) arguments[4], row -> row[2] = 1);
                    }
                    return call.make();
                };
        for (FaultyDevice.Fault fault : List.of(first, second)) {
            assertEquals(
                    Set.of("weights and their surroundings"),
                    failing(AdamWCase.all(), "adamW", fault));
        }
    }

    @Test
    void rowThatIsSkippedIsCaught() {
        FaultyDevice.Fault fault =
                (method, arguments, call) -> {
                    if (method.equals("next")) {
                        call.make();
                    }
                    return call.make();
                };
        assertEquals(
                Set.of(
                        "first table, rows and their surroundings",
                        "second table, rows and their surroundings"),
                failing(StepTableCase.all(), "stepTable", fault));
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
    void operationThatDoesNotFreeItsMemoryIsCaught() throws Throwable {
        List<FaultyDevice.Call> late = new ArrayList<>();
        FaultyDevice.Fault fault =
                (method, arguments, call) -> method.equals("close") ? late.add(call) : call.make();
        try (Device real = Devices.open("reference", 0)) {
            Device faulty = FaultyDevice.of(real, "batchNormalization", false, fault);
            assertEquals(
                    Set.of("live bytes"), failing(BatchNormalizationCase.all(), false, faulty));
            // The device would not be closed with them open.
            for (FaultyDevice.Call close : late) {
                close.make();
            }
        }
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

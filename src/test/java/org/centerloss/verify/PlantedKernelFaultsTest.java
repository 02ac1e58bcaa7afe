package org.centerloss.verify;

import static org.centerloss.verify.FaultyKernels.assertFault;
import static org.centerloss.verify.FaultyKernels.assertFaults;
import static org.centerloss.verify.FaultyKernels.failing;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.PairwiseRepulsion.Potential.Kind;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.AdamWCase;
import org.centerloss.verify.op.AdditionCase;
import org.centerloss.verify.op.ArgMaxCase;
import org.centerloss.verify.op.CenterLossCase;
import org.centerloss.verify.op.GlobalAveragePoolingCase;
import org.centerloss.verify.op.GradientClippingCase;
import org.centerloss.verify.op.ImageBatchesCase;
import org.centerloss.verify.op.LossMeterCase;
import org.centerloss.verify.op.NearestCenterCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.PairwiseRepulsionCase;
import org.centerloss.verify.op.Points;
import org.centerloss.verify.op.SgdCase;
import org.centerloss.verify.op.SoftmaxCrossEntropyCase;
import org.centerloss.verify.op.Stage;
import org.centerloss.verify.op.StepTableCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mistakes planted into the kernels' sources: each must be caught, by a case that fails or by a
 * fault of the virtual GPU that says what is wrong.
 */
@VirtualGpu
class PlantedKernelFaultsTest {
    private static final List<OpCase> IMAGES =
            List.of(new ImageBatchesCase(3, 5, 8, new Augmentation(true, 30, 2), 3));
    private static final List<OpCase> PHOTOS =
            List.of(new ImageBatchesCase(3, 31, 33, Augmentation.light(3), 3));
    private static final List<OpCase> CENTER_LOSS =
            List.of(new CenterLossCase(33, 31, 7, Points.NORMAL, 0, false, true));
    private static final List<OpCase> REPULSION =
            List.of(
                    new PairwiseRepulsionCase(65, 31, 7, Points.NORMAL, Kind.LOGARITHMIC, false),
                    new PairwiseRepulsionCase(150, 2, 7, Points.NORMAL, Kind.LOGARITHMIC, false));

    @Test
    void droppedBoundaryGuardIsCaught() {
        PlantedFault guard =
                PlantedFault.in("addition", "} else if (item < quads + size % 4) {", "} else {");
        assertFaults(guard, AdditionCase.all(), "addition_forward", "behind the end");
    }

    @Test
    void missingBarrierBehindOneThreadsCopyIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "image_batches", "    __syncthreads();\n    float gray", "    float gray");
        assertFaults(barrier, IMAGES, "image_batches_next", "shared");
    }

    @Test
    void missingBarrierBehindOneThreadsMeanIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "image_batches",
                        "    __syncthreads();\n    if (part.pixel >= size) {",
                        "    if (part.pixel >= size) {");
        assertFaults(barrier, PHOTOS, "image_batches_contrast", "shared");
    }

    @Test
    void missingBarrierBeforeThePositionMovesOnIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "image_batches",
                        "    __syncthreads();\n    if (threadIdx.x == 0) {\n        position",
                        "    if (threadIdx.x == 0) {\n        position");
        int[] right = IntStream.range(0, 300).toArray();
        assertArrayEquals(right, labelsOfTheFirstBatch(Devices.open("cuda", 0)));
        assertFalse(Arrays.equals(right, labelsOfTheFirstBatch(barrier.open())));
    }

    /** Of 300 images that have their own numbers as labels. */
    private static int[] labelsOfTheFirstBatch(Device device) {
        int[] numbers = IntStream.range(0, 900).toArray();
        try (device;
                Stage stage = new Stage(device)) {
            ImageStore store = stage.own(device.imageStore(new byte[900], numbers, 1, 1, 1));
            ImageBatches batches = stage.own(device.imageBatches(store, 300, Augmentation.NONE, 0));
            IntTensor labels = stage.emptyIntegers(300);
            batches.begin(0, numbers, 0);
            batches.next(stage.emptyActivation(300, 1, 1, 1), labels);
            return labels.toInts();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "change.along.start = uniform(words.w) | change.along.start = uniform(words.z)",
                "fmin(log(maxRatio), -log(area)) | log(maxRatio)",
                "fmin(length - 1.0, (pixel + 0.5) | fmin(length + 0.0, (pixel + 0.5)",
                "1.0f, change.brightness * | 1.0f,",
                "0.299f : channel == 1 ? 0.587f | 0.587f : channel == 1 ? 0.299f",
                "static_cast<long long>(part.slot) * part.blocks | part.slot",
                "constant = (1 - contrast) * mean | constant = contrast * mean",
            })
    void mistakeInTheAugmentationOfPhotosIsCaught(String right, String wrong) {
        Set<String> failing = failing(PlantedFault.in("image_batches", right, wrong), PHOTOS);
        assertTrue(failing.stream().allMatch(quantity -> quantity.startsWith("images of epoch")));
        assertNotEquals(Set.of(), failing);
    }

    @Test
    void missingBarrierBetweenWeightsAndTheirUseIsCaught() {
        PlantedFault barrier =
                new PlantedFault(
                        "pairwise_repulsion",
                        "repulsion.cuh",
                        "            __syncthreads();\n            add_differences",
                        "            add_differences");
        assertFaults(barrier, REPULSION, "pairwise_repulsion_d32", "shared");
    }

    @Test
    void wrongStrideIsCaught() {
        PlantedFault stride =
                PlantedFault.in(
                        "image_batches",
                        "static_cast<long long>(row) * width",
                        "static_cast<long long>(row) * height");
        Set<String> failing = failing(stride, IMAGES);
        assertTrue(failing.stream().allMatch(quantity -> quantity.startsWith("images of epoch")));
        assertNotEquals(Set.of(), failing);
    }

    @Test
    void forgottenFactorIsCaught() {
        PlantedFault factor = PlantedFault.in("center_loss", ": factor * term;", ": term;");
        assertEquals(Set.of("dx", "dx alone"), failing(factor, CENTER_LOSS));
    }

    @Test
    void swappedLabelsAreCaught() {
        PlantedFault labels =
                PlantedFault.in("softmax_cross_entropy", "labels[row]", "labels[m - 1 - row]");
        assertEquals(
                Set.of("loss", "loss with gradient", "dLogits"),
                failing(labels, List.of(new SoftmaxCrossEntropyCase(33, 10, 0, 1))));
    }

    @Test
    void attractionOfTheOwnClassInsteadOfRepulsionOfOthersIsCaught() {
        PlantedFault equal =
                new PlantedFault(
                        "pairwise_repulsion",
                        "repulsion.cuh",
                        "classes[j + b] != own",
                        "classes[j + b] == own");
        assertEquals(
                Set.of("value", "value with gradient", "dx", "dx alone"),
                failing(equal, REPULSION.subList(1, 2)));
    }

    @Test
    void tileThatEndsOneColumnEarlyIsCaught() {
        PlantedFault tile =
                new PlantedFault(
                        "pairwise_repulsion",
                        "pair_tiles.cuh",
                        "for (int j = 0; j < kTile; ++j)",
                        "for (int j = 0; j < kTile - 1; ++j)");
        assertEquals(Set.of("dx", "dx alone"), failing(tile, REPULSION.subList(0, 1)));
    }

    @Test
    void accumulatorThatIsNotClearedIsCaught() {
        PlantedFault accumulator =
                PlantedFault.in(
                        "center_loss",
                        "gridDim.x + blockIdx.x] = loss;",
                        "gridDim.x + blockIdx.x] += loss;");
        assertFaults(accumulator, CENTER_LOSS, "center_loss_forward", "nothing wrote");
    }

    @Test
    void missingAccumulationIsCaught() {
        PlantedFault accumulation =
                PlantedFault.in(
                        "center_loss",
                        "accumulate ? fmaf(factor, term, dx[i * d + k]) : factor * term",
                        "factor * term");
        assertEquals(Set.of(), failing(accumulation, CENTER_LOSS));
        assertEquals(
                Set.of("dx", "dx alone"),
                failing(
                        accumulation,
                        List.of(new CenterLossCase(33, 31, 7, Points.NORMAL, 0, true, true))));
    }

    @Test
    void highestIndexAmongEqualsIsCaught() {
        PlantedFault tie = PlantedFault.in("arg_max", "a.index < b.index", "a.index > b.index");
        assertEquals(Set.of(), failing(tie, List.of(new ArgMaxCase(33, 127, false))));
        assertEquals(Set.of("prediction"), failing(tie, List.of(new ArgMaxCase(33, 127, true))));
    }

    @Test
    void nearestCenterThatPrefersTheLastOfEqualsIsCaught() {
        PlantedFault tie =
                PlantedFault.in(
                        "nearest_center",
                        "other == distance && otherIndex < index",
                        "other == distance && otherIndex > index");
        assertEquals(
                Set.of("prediction"),
                failing(tie, List.of(new NearestCenterCase(33, 31, 8, Points.NORMAL, true))));
    }

    @Test
    void droppedTermOfTheRightClassIsCaught() {
        PlantedFault term =
                PlantedFault.in("softmax_cross_entropy", "j == label ? -rest : expf(", "expf(");
        assertEquals(
                Set.of("dLogits"),
                failing(term, List.of(new SoftmaxCrossEntropyCase(33, 10, 0, 1))));
    }

    @Test
    void warpLeftOutOfAReductionIsCaught() {
        PlantedFault reduction =
                new PlantedFault("reduction", "common.cuh", "int warp = 1;", "int warp = 2;");
        assertEquals(
                Set.of("loss", "loss with gradient"),
                failing(
                        reduction,
                        List.of(new CenterLossCase(513, 2, 3, Points.NORMAL, 0, false, true))));
    }

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

    @Test
    void entryPastTheEndOfTheOrderIsCaught() {
        PlantedFault entry =
                PlantedFault.in(
                        "image_batches",
                        "slot < left ? position->next + slot : position->length - 1",
                        "position->next + slot");
        assertFaults(entry, IMAGES, "image_batches_draw", "nothing wrote");
    }

    @Test
    void onePixelTooManyIsCaught() {
        PlantedFault pixel =
                new PlantedFault(
                        "global_average_pooling", "planes.cuh", "i < pixels", "i <= pixels");
        List<OpCase> cases = GlobalAveragePoolingCase.all();
        assertFaults(pixel, cases, "global_average_pooling_forward", "behind the end");
    }

    @Test
    void labelThatIsNoClassIsCaught() {
        PlantedFault bounds =
                PlantedFault.in(
                        "center_loss", "own.label >= 0 && own.label < classes", "own.label >= 0");
        assertThrows(DeviceException.class, () -> lossOfLabelOutside(bounds.open()));
        assertFault("center_loss_forward", "behind the end");
        assertEquals(Double.NaN, lossOfLabelOutside(Devices.open("cuda", 0)));
    }

    private static double lossOfLabelOutside(Device device) {
        try (device;
                Stage stage = new Stage(device)) {
            CenterLoss centerLoss =
                    stage.own(device.centerLoss(2, 3, 4, CenterLoss.Attraction.SQUARED));
            Tensor loss = stage.emptyPlain(1);
            centerLoss.forward(
                    stage.own(device.tensor(2, 3)),
                    stage.integers(new int[] {1, 4}),
                    stage.own(device.tensor(4, 3)),
                    loss);
            return loss.toDoubles()[0];
        }
    }
}

package org.centerloss.verify;

import static org.centerloss.verify.FaultyKernels.assertFault;
import static org.centerloss.verify.FaultyKernels.assertFaults;
import static org.centerloss.verify.FaultyKernels.failing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.PairwiseRepulsion.Potential.Kind;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.AdditionCase;
import org.centerloss.verify.op.ArgMaxCase;
import org.centerloss.verify.op.CenterLossCase;
import org.centerloss.verify.op.GlobalAveragePoolingCase;
import org.centerloss.verify.op.InputDistribution;
import org.centerloss.verify.op.NearestCenterCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpRun;
import org.centerloss.verify.op.PairwiseRepulsionCase;
import org.centerloss.verify.op.SoftmaxCrossEntropyCase;
import org.junit.jupiter.api.Test;

/**
 * Mistakes planted into the kernels' sources: each must be caught, by a case that fails or by a
 * fault of the virtual GPU that says what is wrong.
 */
@VirtualGpu
class PlantedKernelFaultsTest {
    private static final List<OpCase> CENTER_LOSS =
            List.of(new CenterLossCase(33, 31, 7, InputDistribution.NORMAL, 0, false, true));
    private static final List<OpCase> REPULSION =
            List.of(
                    new PairwiseRepulsionCase(
                            65, 31, 7, InputDistribution.NORMAL, Kind.LOGARITHMIC, false),
                    new PairwiseRepulsionCase(
                            150, 2, 7, InputDistribution.NORMAL, Kind.LOGARITHMIC, false));

    @Test
    void droppedBoundaryGuardIsCaught() {
        PlantedFault guard =
                PlantedFault.in("addition", "} else if (item < quads + size % 4) {", "} else {");
        assertFaults(guard, AdditionCase.all(), "addition_forward", "behind the end");
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
                        List.of(
                                new CenterLossCase(
                                        33, 31, 7, InputDistribution.NORMAL, 0, true, true))));
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
                failing(
                        tie,
                        List.of(new NearestCenterCase(33, 31, 8, InputDistribution.NORMAL, true))));
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
                        List.of(
                                new CenterLossCase(
                                        513, 2, 3, InputDistribution.NORMAL, 0, false, true))));
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
                OpRun stage = new OpRun(device)) {
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

package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.AdamWCase;
import org.centerloss.verify.op.AdditionCase;
import org.centerloss.verify.op.ArgMaxCase;
import org.centerloss.verify.op.CenterLossCase;
import org.centerloss.verify.op.CenterSpreadCase;
import org.centerloss.verify.op.CenterUpdateCase;
import org.centerloss.verify.op.FlattenCase;
import org.centerloss.verify.op.GlobalAveragePoolingCase;
import org.centerloss.verify.op.GradientClippingCase;
import org.centerloss.verify.op.ImageBatchesCase;
import org.centerloss.verify.op.InputDistribution;
import org.centerloss.verify.op.Inputs;
import org.centerloss.verify.op.LossMeterCase;
import org.centerloss.verify.op.MaxPoolingCase;
import org.centerloss.verify.op.NearestCenterCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpCases;
import org.centerloss.verify.op.OpRun;
import org.centerloss.verify.op.PairwiseRepulsionCase;
import org.centerloss.verify.op.PreluCase;
import org.centerloss.verify.op.ProgramCase;
import org.centerloss.verify.op.RandomInputs;
import org.centerloss.verify.op.SgdCase;
import org.centerloss.verify.op.SoftmaxCrossEntropyCase;
import org.centerloss.verify.op.StepTableCase;
import org.centerloss.verify.op.TensorCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The CUDA kernels, run by the virtual GPU, against the reference. */
@VirtualGpu
class KernelVerificationTest {
    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    /** What our own kernels promise, whatever a case's tolerance: losses, gradients as a whole. */
    private static final double LOSS_TOLERANCE = 2e-6;

    private static final double GRADIENT_TOLERANCE = 1e-5;
    private static final Set<String> LOSSES =
            Set.of("loss", "loss with gradient", "value", "value with gradient");
    private static final Set<String> GRADIENTS =
            Set.of("dx", "dx alone", "dCenters", "dCenters alone", "dLogits", "centers");

    @AfterEach
    void usualOrder() {
        VirtualGpu.Controls.load().vgpuSetSeed(0);
    }

    /** The operations that are kernels of our own, with their cases. */
    private static Stream<List<OpCase>> ownKernels() {
        return Stream.of(
                TensorCase.all(),
                ImageBatchesCase.all(),
                AdditionCase.all(),
                GlobalAveragePoolingCase.all(),
                FlattenCase.all(),
                MaxPoolingCase.all(),
                PreluCase.all(),
                SoftmaxCrossEntropyCase.all(),
                CenterLossCase.all(),
                PairwiseRepulsionCase.all(),
                CenterSpreadCase.all(),
                CenterUpdateCase.all(),
                NearestCenterCase.all(),
                ArgMaxCase.all(),
                GradientClippingCase.all(),
                SgdCase.all(),
                AdamWCase.all(),
                LossMeterCase.all(),
                StepTableCase.all(),
                ProgramCase.all());
    }

    static Stream<Arguments> operations() {
        return ownKernels().map(cases -> Arguments.of(Named.of(cases.get(0).op(), cases)));
    }

    /** And so do the operations of NVIDIA's libraries, and whole networks. */
    @Test
    void everyOperationAgreesWithTheReference() {
        List<ResultRow> rows = new ArrayList<>();
        try (Device device = Devices.open("cuda", 0)) {
            Verification.run(device, SEED, rows::add);
        }
        assertAllPass(rows, OpCases.all().size());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOrderOfBlocksAndWarpsGivesTheSameBits(List<OpCase> cases) {
        try (Device device = Devices.open("cuda", 0)) {
            for (OpCase op : cases) {
                Inputs inputs = op.draw(new RandomInputs(SEED, op.op() + op.shape(), 0));
                Map<String, OpRun.Result> first = results(device, 1, op, inputs);
                Map<String, OpRun.Result> second = results(device, 2, op, inputs);
                assertEquals(first.keySet(), second.keySet());
                first.forEach(
                        (quantity, result) ->
                                assertArrayEquals(
                                        result.values(),
                                        second.get(quantity).values(),
                                        op.op() + " " + op.shape() + " " + quantity));
            }
        }
    }

    private static Map<String, OpRun.Result> results(
            Device device, long order, OpCase op, Inputs inputs) {
        VirtualGpu.Controls.load().vgpuSetSeed(order);
        try (OpRun stage = new OpRun(device)) {
            op.run(stage, inputs);
            return stage.results();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void randomShapesAgreeWithTheReference(int draw) {
        int[] words = new RandomInputs(SEED, "shapes", draw).integers(8, 1 << 20);
        int samples = 1 + words[0] % 150;
        int features = 1 + words[1] % (words[2] % 2 == 0 ? 20 : 300);
        int classes = 1 + words[3] % 60;
        boolean accumulate = words[4] % 2 == 0;
        InputDistribution points =
                InputDistribution.values()[words[5] % InputDistribution.values().length];
        // Where distances lie close together, too many of them are too close to a margin.
        Potential.Kind kind = words[6] % 2 == 0 ? Potential.Kind.LOGARITHMIC : Potential.Kind.RAW;
        List<OpCase> cases =
                List.of(
                        new CenterLossCase(
                                samples,
                                features,
                                classes,
                                InputDistribution.NORMAL,
                                0.05,
                                accumulate,
                                true),
                        new CenterLossCase(
                                samples, features, classes, points, 0, !accumulate, true),
                        new CenterUpdateCase(samples, features, classes, points, 0.5),
                        new PairwiseRepulsionCase(
                                samples, features, classes, points, kind, accumulate),
                        new CenterSpreadCase(classes, features, InputDistribution.NORMAL),
                        new NearestCenterCase(samples, features, classes, points, false),
                        new SoftmaxCrossEntropyCase(samples, 1 + features * classes / 4, 0, 3),
                        new ArgMaxCase(samples, classes, accumulate),
                        new AdditionCase(1 + samples / 8, 1 + features / 8, 1 + classes / 4, 3),
                        new SgdCase(samples * features, 0.9, 1e-3, accumulate));
        try (Device device = Devices.open("cuda", 0)) {
            assertAllPass(verify(device, cases), cases.size());
        }
    }

    private static List<ResultRow> verify(Device device, List<OpCase> cases) {
        List<ResultRow> rows = new ArrayList<>();
        Verification.run(device, cases, SEED, rows::add);
        return rows;
    }

    private static void assertAllPass(List<ResultRow> rows, int cases) {
        Set<String> own =
                ownKernels().map(operation -> operation.get(0).op()).collect(Collectors.toSet());
        List<String> failed = new ArrayList<>();
        for (ResultRow row : rows) {
            boolean lossHolds = !LOSSES.contains(row.quantity()) || row.maxRel() <= LOSS_TOLERANCE;
            boolean gradientHolds =
                    !GRADIENTS.contains(row.quantity()) || row.relativeL2() <= GRADIENT_TOLERANCE;
            boolean promisesHold = !own.contains(row.op()) || lossHolds && gradientHolds;
            if (!row.pass() || !promisesHold) {
                failed.add(row.toString());
            }
        }
        assertEquals(List.of(), failed, "seed " + SEED);
        assertTrue(rows.size() > cases, "rows: " + rows.size());
    }
}

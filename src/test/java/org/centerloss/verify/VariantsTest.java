package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.op.CenterLoss.Attraction;
import org.centerloss.device.op.LossKernels;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.device.op.PairwiseRepulsion.Potential.Kind;
import org.centerloss.device.op.Variant;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.CenterLossCase;
import org.centerloss.verify.op.CenterUpdateCase;
import org.centerloss.verify.op.NearestCenterCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.PairwiseRepulsionCase;
import org.centerloss.verify.op.Points;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Every way of computing the operations that are compared, against the reference, by the cases and
 * tolerances that the devices themselves are held to. Composed ones are not held to the cases where
 * PyTorch's way loses its digits: an expanded distance far from the origin, which is the small
 * difference of large numbers, and on the CPU the logarithm of 1 + s for a tiny s. That they fail
 * there is tested, since it is why nothing else in the program computes so.
 */
class VariantsTest {
    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    private static final OpCase PLANTED =
            new PairwiseRepulsionCase(65, 31, 7, Points.NORMAL, Kind.LOGARITHMIC, false);

    @Nested
    class Cpu {
        @ParameterizedTest
        @EnumSource(names = "FUSED", mode = Mode.EXCLUDE)
        void agreesWithTheReference(Variant variant) {
            assertAgreement("cpu", variant);
        }

        @Test
        void expandedDistancesAndTinyLogarithmsLoseTheirDigits() {
            assertDigitsAreLost("cpu");
        }
    }

    @Nested
    @VirtualGpu
    class Cuda {
        @ParameterizedTest
        @EnumSource(names = "FUSED", mode = Mode.EXCLUDE)
        void agreesWithTheReference(Variant variant) {
            assertAgreement("cuda", variant);
        }

        @Test
        void expandedDistancesLoseTheirDigitsFarFromTheOrigin() {
            assertDigitsAreLost("cuda");
        }

        @Test
        void plantedMaskOfTheOwnClassIsCaught() {
            PlantedFault mask =
                    PlantedFault.in(
                            "composed",
                            "label != columnLabels[column]",
                            "label == columnLabels[column]");
            try (Device device = mask.open()) {
                Set<String> failing = new TreeSet<>();
                rows(device, Variant.COMPOSED, List.of(PLANTED)).stream()
                        .filter(row -> !row.pass())
                        .forEach(row -> failing.add(row.quantity()));
                assertEquals(Set.of("value", "value with gradient", "dx", "dx alone"), failing);
            }
        }
    }

    @Test
    void theReferenceKnowsOneWay() {
        try (Device reference = Devices.open("reference", 0)) {
            assertSame(reference, reference.variant(Variant.FUSED));
            DeviceException refusal =
                    assertThrows(DeviceException.class, () -> reference.variant(Variant.COMPOSED));
            assertEquals("reference: there is no composed variant", refusal.getMessage());
        }
    }

    private static void assertAgreement(String name, Variant variant) {
        List<OpCase> cases =
                cases().filter(op -> variant == Variant.NAIVE || !losesDigits(name, op)).toList();
        try (Device device = Devices.open(name, 0)) {
            List<Row> failed =
                    rows(device, variant, cases).stream().filter(row -> !row.pass()).toList();
            assertEquals(List.of(), failed, "seed " + SEED);
            assertEquals(0, device.liveBytes());
        }
    }

    private static void assertDigitsAreLost(String name) {
        try (Device device = Devices.open(name, 0)) {
            List<OpCase> cases = cases().filter(op -> losesDigits(name, op)).toList();
            assertTrue(cases.size() >= 7, "cases: " + cases.size());
            for (OpCase op : cases) {
                assertTrue(
                        rows(device, Variant.COMPOSED, List.of(op)).stream()
                                .anyMatch(row -> !row.pass() && row.maxRel() > 0.01),
                        op.op() + " " + op.shape());
            }
        }
    }

    private static Stream<OpCase> cases() {
        return Stream.of(
                        CenterLossCase.all(),
                        CenterUpdateCase.all(),
                        NearestCenterCase.all(),
                        PairwiseRepulsionCase.all())
                .flatMap(List::stream);
    }

    private static boolean losesDigits(String device, OpCase op) {
        boolean distances = !(op instanceof CenterUpdateCase);
        boolean logarithm = op instanceof PairwiseRepulsionCase && device.equals("cpu");
        return (distances && op.shape().contains(Points.FAR.note))
                || (logarithm && op.shape().contains(Points.TINY.note + ", logarithmic"));
    }

    private static List<Row> rows(Device device, Variant variant, List<OpCase> cases) {
        int[] made = new int[1];
        FaultyDevice.Fault otherWay =
                (method, arguments, call) -> {
                    Object operation = operation(device.variant(variant), method, arguments);
                    made[0] += operation == null ? 0 : 1;
                    return operation == null ? call.make() : operation;
                };
        List<Row> rows = new ArrayList<>();
        Verification.run(FaultyDevice.ofCalls(device, otherWay), cases, SEED, rows::add);
        assertFalse(rows.isEmpty());
        assertTrue(made[0] >= cases.size(), "operations of the variant: " + made[0]);
        return rows;
    }

    private static Object operation(LossKernels kernels, String method, Object[] arguments) {
        return switch (method) {
            case "centerLoss" ->
                    kernels.centerLoss(
                            (int) arguments[0],
                            (int) arguments[1],
                            (int) arguments[2],
                            (Attraction) arguments[3]);
            case "pairwiseRepulsion" ->
                    kernels.pairwiseRepulsion(
                            (int) arguments[0], (int) arguments[1], (Potential) arguments[2]);
            case "centerUpdate" ->
                    kernels.centerUpdate(
                            (int) arguments[0],
                            (int) arguments[1],
                            (int) arguments[2],
                            (double) arguments[3]);
            case "nearestCenter" ->
                    kernels.nearestCenter(
                            (int) arguments[0], (int) arguments[1], (int) arguments[2]);
            default -> null;
        };
    }
}

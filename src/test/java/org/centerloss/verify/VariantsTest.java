package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.centerloss.baseline.Variant;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss.Attraction;
import org.centerloss.device.op.ComparedOps;
import org.centerloss.device.op.Op;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.device.op.PairwiseRepulsion.Potential.Kind;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.InputDistribution;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpCases;
import org.centerloss.verify.op.PairwiseRepulsionCase;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Every way of computing the operations that are compared, against the reference, by the cases and
 * tolerances that the devices themselves are held to. That the composed way fails where PyTorch's
 * loses its digits is tested, since it is why nothing else in the program computes so.
 */
class VariantsTest {
    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    private static final OpCase PLANTED =
            new PairwiseRepulsionCase(65, 31, 7, InputDistribution.NORMAL, Kind.LOGARITHMIC, false);

    private static final List<OpCase> CASES =
            OpCases.all().stream().filter(OpCase.Compared.class::isInstance).toList();

    @Nested
    class Cpu {
        @ParameterizedTest
        @EnumSource(names = "FUSED", mode = Mode.EXCLUDE)
        void agreesWithTheReferenceButWhereDigitsGetLost(Variant variant) {
            assertAgreement("cpu", variant, true);
        }

        @ParameterizedTest
        @EnumSource(names = "FUSED", mode = Mode.EXCLUDE)
        void isAViewThatClosesItsDevice(Variant variant) {
            assertIsAView("cpu", variant);
        }
    }

    @Nested
    @VirtualGpu
    class Cuda {
        @ParameterizedTest
        @EnumSource(names = "FUSED", mode = Mode.EXCLUDE)
        void agreesWithTheReferenceButWhereDigitsGetLost(Variant variant) {
            assertAgreement("cuda", variant, false);
        }

        @ParameterizedTest
        @EnumSource(names = "FUSED", mode = Mode.EXCLUDE)
        void isAViewThatClosesItsDevice(Variant variant) {
            assertIsAView("cuda", variant);
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
                        .filter(ResultRow::failed)
                        .forEach(row -> failing.add(row.quantity()));
                assertEquals(Set.of("value", "value with gradient", "dx", "dx alone"), failing);
            }
        }
    }

    @Test
    void theReferenceKnowsOneWay() {
        try (Device reference = Devices.open("reference", 0)) {
            assertSame(reference, Devices.variant(reference, Variant.FUSED));
            DeviceException refusal =
                    assertThrows(
                            DeviceException.class,
                            () -> Devices.variant(reference, Variant.COMPOSED));
            assertEquals(
                    "reference: there is no composed variant, only fused", refusal.getMessage());
        }
    }

    /**
     * @param forgetsTinySummands whether the device's composed logarithm is that of 1 + s
     */
    private static void assertAgreement(String name, Variant variant, boolean forgetsTinySummands) {
        try (Device device = Devices.open(name, 0)) {
            Set<String> lost = new TreeSet<>();
            for (ResultRow row : rows(device, variant, CASES)) {
                assertTrue(!row.failed(), row + ", seed " + SEED);
                if (!row.pass() && row.maxRel() > 0.01) {
                    lost.add(row.op() + ", " + row.shape());
                }
            }
            Set<String> expected = new TreeSet<>();
            for (OpCase op : variant == Variant.COMPOSED ? CASES : List.<OpCase>of()) {
                boolean tiny = op.shape().contains(InputDistribution.TINY.note);
                if (((OpCase.Compared) op).composedLosesDigits()
                        && (forgetsTinySummands || !tiny)) {
                    expected.add(op.op() + ", composed, " + op.shape());
                }
            }
            assertEquals(expected, lost);
            assertEquals(0, device.liveBytes());
        }
    }

    private static List<ResultRow> rows(Device device, Variant variant, List<OpCase> cases) {
        List<ResultRow> rows = new ArrayList<>();
        Verification.run(device, variant, cases, SEED, rows::add);
        assertTrue(rows.size() > cases.size(), "rows: " + rows.size());
        return rows;
    }

    private static void assertIsAView(String name, Variant variant) {
        Device device = Devices.open(name, 0);
        Device view = Devices.variant(device, variant);
        List<Function<ComparedOps, Op>> operations =
                List.of(
                        ops -> ops.centerLoss(3, 2, 4, Attraction.SQUARED),
                        ops -> ops.centerUpdate(3, 2, 4, 0.5),
                        ops -> ops.nearestCenter(3, 2, 4),
                        ops -> ops.pairwiseRepulsion(3, 2, Potential.RAW));
        for (Function<ComparedOps, Op> operation : operations) {
            try (Op own = operation.apply(device);
                    Op other = operation.apply(view)) {
                assertNotEquals(own.getClass(), other.getClass());
            }
        }
        Tensor tensor = view.tensor(2, 3);
        assertEquals(device.liveBytes(), view.liveBytes());
        tensor.close();
        assertEquals(device.description() + ", " + variant.key(), view.description());
        view.close();
        assertThrows(DeviceException.class, () -> device.tensor(1));
        device.close();
    }
}

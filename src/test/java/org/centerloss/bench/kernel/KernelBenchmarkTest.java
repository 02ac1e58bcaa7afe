package org.centerloss.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.StandIn;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;

class KernelBenchmarkTest {
    private static final List<Pass> PASSES = Arrays.asList(Pass.values());

    /** Without a limit of time, so that no row is left out, however busy the machine is. */
    private static KernelBenchmark.Settings settings(KernelShape... shapes) {
        Map<KernelOp, List<KernelShape>> ofOps = new EnumMap<>(KernelOp.class);
        for (KernelOp op : KernelOp.values()) {
            ofOps.put(op, List.of(shapes));
        }
        return new KernelBenchmark.Settings(
                ofOps,
                Arrays.asList(Variant.values()),
                PASSES,
                true,
                Long.getLong("centerloss.seed", 0),
                1e-3,
                0.5,
                false,
                Double.POSITIVE_INFINITY);
    }

    private static List<KernelRow> run(Device device, KernelBenchmark.Settings settings) {
        return run(device, KernelBenchmark.ways(device, settings.variants()), settings);
    }

    private static List<KernelRow> run(
            Device device, Map<Variant, Device> ways, KernelBenchmark.Settings settings) {
        List<KernelRow> rows = new ArrayList<>();
        try (Device reference = Devices.open("reference", 0)) {
            KernelBenchmark.run(device, ways, reference, settings, rows::add);
            assertEquals(0, reference.liveBytes());
        }
        assertEquals(0, device.liveBytes());
        return rows;
    }

    @Test
    void everyVariantOfEveryOperationIsCheckedAndTimed() {
        try (Device device = Devices.open("cpu", 2)) {
            List<KernelRow> rows =
                    run(device, settings(new KernelShape(1, 1, 1), new KernelShape(65, 17, 7)));
            assertEquals(2 * 3 * (3 + 3 + 1 + 1), rows.size());
            for (KernelRow row : rows) {
                assertEquals(KernelRow.Status.PASS, row.status(), row.toString());
                assertTrue(row.timing().median() > 0, row.toString());
                assertTrue(row.error() < 1e-3, row.toString());
                assertTrue(row.speedUp() > 0, row.toString());
                assertEquals("", row.note());
            }
        }
    }

    /** A device whose repulsion puts too much into one element of the gradient. */
    private static Device wrong(Device real) {
        return StandIn.of(
                Device.class,
                real,
                (method, arguments) -> {
                    if (!method.equals("pairwiseRepulsion")) {
                        return StandIn.REAL;
                    }
                    PairwiseRepulsion op =
                            real.pairwiseRepulsion(
                                    (int) arguments[0],
                                    (int) arguments[1],
                                    (PairwiseRepulsion.Potential) arguments[2]);
                    return StandIn.of(
                            PairwiseRepulsion.class,
                            op,
                            (call, given) -> {
                                if (!call.equals("backward")) {
                                    return StandIn.REAL;
                                }
                                Tensor dx = (Tensor) given[4];
                                op.backward(
                                        (Tensor) given[0],
                                        (org.centerloss.device.IntTensor) given[1],
                                        (double) given[2],
                                        (boolean) given[3],
                                        dx);
                                float[] values = dx.toFloats();
                                values[5] *= 1.001f;
                                dx.write(values);
                                return null;
                            });
                });
    }

    @Test
    void aWrongVariantFailsAndIsNotTimed() {
        try (Device device = Devices.open("cpu", 2)) {
            KernelBenchmark.Settings settings = settings(new KernelShape(33, 2, 4));
            Map<Variant, Device> ways = KernelBenchmark.ways(device, settings.variants());
            ways.computeIfPresent(Variant.NAIVE, (way, right) -> wrong(right));
            List<KernelRow> rows = run(device, ways, settings);
            List<KernelRow> failed =
                    rows.stream().filter(row -> row.status() == KernelRow.Status.FAIL).toList();
            assertEquals(1, failed.size(), rows.toString());
            KernelRow row = failed.get(0);
            assertEquals(Variant.NAIVE, row.key().variant());
            assertEquals(Pass.BACKWARD, row.key().pass());
            assertTrue(row.note().startsWith("dx: element 5:"), row.note());
            assertNull(row.timing());
            rows.stream()
                    .filter(other -> other != row)
                    .forEach(other -> assertNotNull(other.timing(), other.toString()));
        }
    }

    @Test
    void whatNeedsMoreMemoryThanThereIsIsSkipped() {
        try (Device real = Devices.open("cpu", 2)) {
            Device full =
                    StandIn.of(
                            Device.class,
                            real,
                            (method, arguments) ->
                                    method.equals("freeBytes") ? 1000L : StandIn.REAL);
            KernelBenchmark.Settings settings = settings(new KernelShape(64, 2, 10));
            Map<Variant, Device> ways = KernelBenchmark.ways(real, settings.variants());
            List<KernelRow> rows = run(full, ways, settings);
            for (KernelRow row : rows) {
                boolean fused = row.key().variant() == Variant.FUSED;
                assertEquals(
                        fused ? KernelRow.Status.PASS : KernelRow.Status.SKIPPED, row.status());
                assertTrue(
                        fused || row.note().matches("needs .+ kB, 1.00 kB are free"), row.note());
            }
        }
    }

    @Test
    void memoryIsPredictedFromTheFewestMatricesSeen() {
        KernelPlan plan = new KernelPlan(KernelOp.PAIRWISE_REPULSION, 100);
        KernelShape large = new KernelShape(1000, 2, 10);
        assertTrue(plan.tooLarge(Variant.NAIVE, large, 7_999_999).isPresent());
        assertTrue(plan.tooLarge(Variant.NAIVE, large, 8_000_000).isEmpty());
        plan.holds(Variant.NAIVE, new KernelShape(100, 2, 10), 41_000);
        plan.holds(Variant.NAIVE, new KernelShape(100, 200, 10), 160_000);
        assertEquals(
                "needs 4.10 MB, 4.00 MB are free",
                plan.tooLarge(Variant.NAIVE, large, 4_000_000).orElseThrow());
        plan.holds(Variant.NAIVE, new KernelShape(200, 2, 10), 3_200);
        assertTrue(plan.tooLarge(Variant.NAIVE, large, 1000).isEmpty());
        assertTrue(plan.tooLarge(Variant.FUSED, large, 1000).isEmpty());
    }

    @Test
    void whatWouldTakeTooLongIsSkipped() {
        KernelPlan plan = new KernelPlan(KernelOp.PAIRWISE_REPULSION, 100);
        KernelShape small = new KernelShape(100, 8, 10);
        KernelShape large = new KernelShape(1000, 8, 10);
        assertTrue(plan.tooLong(Variant.NAIVE, Pass.BOTH, large).isEmpty());
        plan.took(Variant.NAIVE, Pass.BOTH, small, 0.1);
        assertEquals(
                "would take about 50.0 s",
                plan.tooLong(Variant.NAIVE, Pass.BOTH, large).orElseThrow());
        assertTrue(plan.tooLong(Variant.NAIVE, Pass.BOTH, small).isEmpty());
        assertTrue(plan.tooLong(Variant.FUSED, Pass.BOTH, large).isEmpty());
        plan.took(Variant.NAIVE, Pass.BOTH, large, 0.001);
        assertTrue(plan.tooLong(Variant.NAIVE, Pass.BOTH, large).isPresent(), "too short to tell");
        KernelPlan over = new KernelPlan(KernelOp.PAIRWISE_REPULSION, 0);
        assertEquals(
                "the operation's 0 s are over",
                over.tooLong(Variant.FUSED, Pass.BOTH, small).orElseThrow());
    }

    @Test
    void theRowsOfAShapeShareTheTimeThatIsLeft() {
        KernelPlan plan = new KernelPlan(KernelOp.PAIRWISE_REPULSION, 100);
        KernelShape shape = new KernelShape(100, 8, 10);
        plan.took(Variant.NAIVE, Pass.BOTH, shape, 1.9);
        for (int row = 0; row < 10; row++) {
            assertTrue(plan.tooLong(Variant.NAIVE, Pass.BOTH, shape).isEmpty(), "row " + row);
        }
        assertTrue(plan.tooLong(Variant.NAIVE, Pass.BOTH, shape).isPresent());
        plan.nextShape();
        assertTrue(plan.tooLong(Variant.NAIVE, Pass.BOTH, shape).isEmpty());
    }

    @Test
    void beyondTheReferencesReachTheFusedVariantIsTheMeasure() {
        KernelInputs inputs = KernelInputs.draw(new KernelShape(64, 3, 5), 1);
        KernelOp op = KernelOp.PAIRWISE_REPULSION;
        try (Device device = Devices.open("cpu", 2);
                Device reference = Devices.open("reference", 0)) {
            KernelCheck check = new KernelCheck(device, reference, op, inputs, 5000);
            try (KernelRun run = new KernelRun(device, Variant.FUSED, op, inputs)) {
                KernelCheck.Verdict fused = check.check(Variant.FUSED, Pass.BOTH, run);
                assertEquals("checked at m = 16", fused.note());
                assertTrue(fused.pass() && fused.error() > 0, fused.toString());
            }
            try (KernelRun run = new KernelRun(device, Variant.NAIVE, op, inputs)) {
                KernelCheck.Verdict naive = check.check(Variant.NAIVE, Pass.BOTH, run);
                assertEquals("checked against fused", naive.note());
                assertTrue(naive.pass(), naive.toString());
            }
        }
    }

    @Test
    void theStandardSweepCoversItsRangesFromLittleWorkToMuch() {
        for (KernelOp op : KernelOp.values()) {
            List<KernelShape> shapes = KernelSweep.standard(op);
            assertEquals(32, shapes.stream().mapToInt(KernelShape::batch).min().orElse(0));
            assertEquals(16_384, shapes.stream().mapToInt(KernelShape::batch).max().orElse(0));
            assertEquals(512, shapes.stream().mapToInt(KernelShape::features).max().orElse(0));
            assertEquals(
                    op == KernelOp.PAIRWISE_REPULSION ? 10 : 100_000,
                    shapes.stream().mapToInt(KernelShape::classes).max().orElse(0));
            assertEquals(new KernelShape(32, 2, 10), shapes.get(0));
            assertEquals(shapes.size(), shapes.stream().distinct().count());
        }
    }
}

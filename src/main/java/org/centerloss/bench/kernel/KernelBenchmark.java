package org.centerloss.bench.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.Repetitions;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;

/** Compares the throughput of the variants of each operation: checked first, then timed in turn. */
public final class KernelBenchmark {
    /**
     * What to do.
     *
     * @param shapes for each operation, from the least work to the most
     * @param checked whether results are held against the reference first; only rows that were
     *     checked elsewhere may be timed without
     * @param seed of the random inputs
     * @param minSeconds of measuring for each row
     * @param maxNoise relative spread below which a row is not measured any longer
     * @param warmCache whether caches are left as the run before left them
     * @param budgetSeconds for everything; rows that would go beyond are skipped
     */
    public record Settings(
            Map<KernelOp, List<KernelShape>> shapes,
            List<Variant> variants,
            List<Pass> passes,
            boolean checked,
            long seed,
            double minSeconds,
            double maxNoise,
            boolean warmCache,
            double budgetSeconds) {
        /** The same at other shapes. */
        public Settings withShapes(Map<KernelOp, List<KernelShape>> others) {
            return new Settings(
                    others,
                    variants,
                    passes,
                    checked,
                    seed,
                    minSeconds,
                    maxNoise,
                    warmCache,
                    budgetSeconds);
        }

        /** The same in another time. */
        public Settings withBudget(double seconds) {
            return new Settings(
                    shapes,
                    variants,
                    passes,
                    checked,
                    seed,
                    minSeconds,
                    maxNoise,
                    warmCache,
                    seconds);
        }
    }

    private KernelBenchmark() {}

    /**
     * Runs everything.
     *
     * @param reference the float64 device that results are held against; unused where they are not
     * @param rows gets each row when it is done
     */
    public static void run(
            Device device, Device reference, Settings settings, Consumer<KernelRow> rows) {
        run(device, ways(device, settings.variants()), reference, settings, rows);
    }

    /** The device's view of each variant, in their order. */
    static Map<Variant, Device> ways(Device device, List<Variant> variants) {
        Map<Variant, Device> ways = new LinkedHashMap<>();
        variants.forEach(variant -> ways.put(variant, Devices.variant(device, variant)));
        return ways;
    }

    /**
     * Runs everything in ways that are given.
     *
     * @param ways views of the device, in the order of their rows
     */
    static void run(
            Device device,
            Map<Variant, Device> ways,
            Device reference,
            Settings settings,
            Consumer<KernelRow> rows) {
        Repetitions.Settings protocol =
                new Repetitions.Settings(
                        settings.minSeconds(), settings.maxNoise(), settings.warmCache());
        long begin = System.nanoTime();
        int left = settings.shapes().size();
        try (Repetitions repetitions = new Repetitions(device, protocol)) {
            for (Map.Entry<KernelOp, List<KernelShape>> entry : settings.shapes().entrySet()) {
                KernelOp op = entry.getKey();
                double seconds = settings.budgetSeconds() - (System.nanoTime() - begin) / 1e9;
                KernelPlan plan = new KernelPlan(op, seconds / left--);
                List<Pass> passes =
                        op.passes().stream().filter(settings.passes()::contains).toList();
                for (KernelShape shape : entry.getValue()) {
                    plan.nextShape();
                    KernelInputs inputs = KernelInputs.draw(shape, settings.seed());
                    try (KernelGroup group = new KernelGroup(device, op, inputs, passes)) {
                        ways.forEach((variant, way) -> group.plan(variant, way, plan));
                        if (settings.checked()) {
                            group.check(reference, plan);
                        } else {
                            group.runOnce(plan);
                        }
                        group.time(repetitions);
                        group.rows().forEach(rows);
                    }
                }
            }
        }
    }
}

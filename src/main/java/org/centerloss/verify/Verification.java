package org.centerloss.verify;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.centerloss.baseline.Variant;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objectives;
import org.centerloss.verify.op.Inputs;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpCases;
import org.centerloss.verify.op.OpRun;
import org.centerloss.verify.op.RandomInputs;

/**
 * Verifies every operation of a device over awkward shapes, and whole networks: a float32 device
 * against the reference, the reference itself against finite differences.
 *
 * <p>Every case draws its inputs from the seed, so a failing row is replayed with the same seed.
 */
public final class Verification {
    /** Inputs of ReLUs stay this far from zero, where float32 and float64 could disagree. */
    private static final double SMALLEST_PRE_ACTIVATION = 1e-4;

    private static final int MOST_ATTEMPTS = 200;

    /** The device's view of the variant. */
    private final Device device;

    private final Variant variant;
    private final Device reference;
    private final long seed;
    private final Consumer<ResultRow> sink;

    private Verification(
            Device device, Variant variant, Device reference, long seed, Consumer<ResultRow> sink) {
        this.device = Devices.variant(device, variant);
        this.variant = variant;
        this.reference = reference;
        this.seed = seed;
        this.sink = sink;
    }

    /**
     * Runs every case of every operation, then whole networks, and hands each row to {@code sink}.
     */
    public static void run(Device device, long seed, Consumer<ResultRow> sink) {
        run(device, Variant.FUSED, operations(), Objectives.keys(), seed, sink);
    }

    /**
     * Runs a part of them.
     *
     * @param variant how the device is to compute what can be computed in other ways; rows of that
     *     tell
     * @param operations of {@link #operations}; all their cases are run
     * @param losses keys of {@link Objectives}; their whole networks are run
     * @throws DeviceException if the device knows no such variant
     */
    public static void run(
            Device device,
            Variant variant,
            Collection<String> operations,
            Collection<String> losses,
            long seed,
            Consumer<ResultRow> sink) {
        List<OpCase> cases =
                OpCases.all().stream().filter(c -> operations.contains(key(c))).toList();
        run(device, variant, cases, seed, sink);
        NetworkGradients.run(
                Devices.variant(device, variant),
                losses.stream().map(Objectives::of).toList(),
                seed,
                row -> sink.accept(row.named(name(row.op(), variant))));
    }

    /** The names of all operations, in the order in which they are run. */
    public static List<String> operations() {
        return OpCases.all().stream().map(Verification::key).distinct().toList();
    }

    private static String key(OpCase op) {
        return op.op().replace(' ', '-');
    }

    private static String name(String op, Variant variant) {
        return variant == Variant.FUSED ? op : op + ", " + variant.key();
    }

    static void run(Device device, List<OpCase> cases, long seed, Consumer<ResultRow> sink) {
        run(device, Variant.FUSED, cases, seed, sink);
    }

    static void run(
            Device device,
            Variant variant,
            List<OpCase> cases,
            long seed,
            Consumer<ResultRow> sink) {
        long bytes = device.liveBytes();
        try (Device reference = Devices.open("reference", 0)) {
            Verification verification = new Verification(device, variant, reference, seed, sink);
            for (OpCase op : cases) {
                verification.verify(op);
            }
        }
        sink.accept(
                ResultRow.of(
                        "device",
                        "after all cases",
                        "live bytes",
                        Comparison.of(
                                new double[] {device.liveBytes()},
                                new double[] {bytes},
                                Tolerance.EXACT),
                        0));
    }

    private void verify(OpCase op) {
        String name = op instanceof OpCase.Compared ? name(op.op(), variant) : op.op();
        try {
            Inputs inputs = draw(op);
            if (device.doublePrecision()) {
                new FiniteDifferences(device, seed, sink).check(op, inputs);
            } else {
                compare(op, name, inputs);
            }
        } catch (RuntimeException e) {
            sink.accept(ResultRow.failed(name, op.shape(), "all", e.toString()));
        }
    }

    /** Draws until no decision is so close that rounding could turn it. */
    private Inputs draw(OpCase op) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Inputs inputs = op.draw(new RandomInputs(seed, op.op() + op.shape(), attempt));
            if (op.decisive(inputs)) {
                reference.smallestPreActivation();
                run(reference, op, inputs);
                double smallest = reference.smallestPreActivation().orElseThrow();
                if (smallest >= SMALLEST_PRE_ACTIVATION) {
                    return inputs;
                }
            }
        }
        throw new IllegalStateException(
                "no inputs without close decisions in " + MOST_ATTEMPTS + " draws");
    }

    private void compare(OpCase op, String name, Inputs inputs) {
        boolean losesDigits =
                variant == Variant.COMPOSED
                        && op instanceof OpCase.Compared compared
                        && compared.composedLosesDigits();
        Map<String, OpRun.Result> expected = run(reference, op, inputs);
        Map<String, OpRun.Result> found = run(device, op, inputs);
        Map<String, OpRun.Result> again = run(device, op, inputs);
        boolean repeatable = true;
        for (Map.Entry<String, OpRun.Result> entry : expected.entrySet()) {
            String quantity = entry.getKey();
            double[] values = found.get(quantity).values();
            Tolerance tolerance = entry.getValue().tolerance();
            ResultRow row =
                    ResultRow.of(
                            name,
                            op.shape(),
                            quantity,
                            Comparison.of(values, entry.getValue().values(), tolerance),
                            tolerance.relative());
            sink.accept(losesDigits ? row.losingDigits() : row);
            repeatable &= Arrays.equals(values, again.get(quantity).values());
        }
        if (!repeatable) {
            sink.accept(
                    ResultRow.failed(name, op.shape(), "all", "a second run gave different bits"));
        }
    }

    private static Map<String, OpRun.Result> run(Device device, OpCase op, Inputs inputs) {
        try (OpRun stage = new OpRun(device)) {
            op.run(stage, inputs);
            return stage.results();
        }
    }
}

package org.centerloss.bench.kernel;

import java.util.Map;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.verify.Comparison;

/**
 * Holds what variants compute against the float64 reference, before anything is timed.
 *
 * <p>Where the reference would take too long, the fused variant is checked on as many of the
 * samples as the reference can do, and the others at full size against the fused variant. Verdicts
 * say so.
 */
final class KernelCheck {
    /** What the reference does in some ten seconds. */
    static final double REFERENCE_OPERATIONS = 1e10;

    private static final double FIRST_SECONDS = 0.5;

    /**
     * @param note what is wrong, or what it was compared with if not with the reference
     * @param error ‖a − r‖ / ‖r‖ of the worst result
     * @param seconds of the run, by the wall clock, at the full shape
     */
    record Verdict(boolean pass, String note, double error, double seconds) {}

    private final Device device;
    private final KernelOp op;

    /** All samples, or as many as the reference can do. */
    private final KernelInputs some;

    private final Map<String, KernelRun.Output> expectedOfSome;
    private final boolean complete;

    /** The fused variant's, null where the reference can do all. */
    private final Map<String, KernelRun.Output> fused;

    KernelCheck(
            Device device,
            Device reference,
            KernelOp op,
            KernelInputs inputs,
            double referenceOperations) {
        this.device = device;
        this.op = op;
        KernelInputs fewer = inputs;
        while (KernelCost.of(op, op.completePass(), fewer).operations() > referenceOperations
                && fewer.shape().batch() > 1) {
            fewer = inputs.first(fewer.shape().batch() / 2);
        }
        some = fewer;
        complete = some == inputs;
        expectedOfSome = fused(reference, some);
        fused = complete ? null : fused(device, inputs);
    }

    /** Everything that a device's own variant gives. */
    private Map<String, KernelRun.Output> fused(Device from, KernelInputs inputs) {
        try (KernelRun run = new KernelRun(from, Variant.FUSED, op, inputs)) {
            return run.outputs(op.completePass());
        }
    }

    /** Runs a pass once and compares everything that it writes. */
    Verdict check(Variant variant, Pass pass, KernelRun run) {
        long begin = System.nanoTime();
        Map<String, KernelRun.Output> outputs = run.outputs(pass);
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (seconds < FIRST_SECONDS) {
            // Most of it was the first run's own: kernels are loaded, loops compiled.
            seconds = seconds(device, run.program(pass));
        }
        if (complete) {
            return compare(outputs, expectedOfSome, "", seconds);
        }
        if (variant != Variant.FUSED) {
            return compare(outputs, fused, "checked against fused", seconds);
        }
        try (KernelRun small = new KernelRun(device, variant, op, some)) {
            String note = "checked at m = " + some.shape().batch();
            return compare(small.outputs(pass), expectedOfSome, note, seconds);
        }
    }

    /** How long a run takes, by the wall clock. */
    static double seconds(Device device, Program program) {
        long begin = System.nanoTime();
        program.run();
        device.synchronize();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static Verdict compare(
            Map<String, KernelRun.Output> found,
            Map<String, KernelRun.Output> expected,
            String note,
            double seconds) {
        double error = 0;
        StringBuilder failures = new StringBuilder();
        for (Map.Entry<String, KernelRun.Output> entry : found.entrySet()) {
            String name = entry.getKey();
            KernelRun.Output output = entry.getValue();
            Comparison comparison =
                    Comparison.of(output.values(), expected.get(name).values(), output.tolerance());
            error = Math.max(error, comparison.relativeL2());
            if (!comparison.pass()) {
                failures.append(failures.isEmpty() ? "" : "; ");
                failures.append(name).append(": ").append(comparison.detail());
            }
        }
        boolean pass = failures.isEmpty();
        return new Verdict(pass, pass ? note : failures.toString(), error, seconds);
    }
}

package org.centerloss.bench.kernel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.centerloss.base.Resources;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.Repetitions;
import org.centerloss.bench.Timing;
import org.centerloss.device.Device;
import org.centerloss.device.Program;

/** The variants of one operation at one shape: planned, checked, then timed against each other. */
final class KernelGroup implements AutoCloseable {
    private final Device device;
    private final KernelOp op;
    private final KernelInputs inputs;
    private final List<Pass> passes;
    private final Resources owned = new Resources();
    private final List<Candidate> candidates = new ArrayList<>();

    KernelGroup(Device device, KernelOp op, KernelInputs inputs, List<Pass> passes) {
        this.device = device;
        this.op = op;
        this.inputs = inputs;
        this.passes = passes;
    }

    /** A variant with what became of each pass. */
    private static final class Candidate {
        final Variant variant;
        final Map<Pass, String> skipped = new EnumMap<>(Pass.class);
        final Map<Pass, KernelCheck.Verdict> verdicts = new EnumMap<>(Pass.class);
        final Map<Pass, Timing> timings = new EnumMap<>(Pass.class);

        /** Null where every pass is skipped. */
        KernelRun run;

        Candidate(Variant variant) {
            this.variant = variant;
        }

        boolean passed(Pass pass) {
            return verdicts.containsKey(pass) && verdicts.get(pass).pass();
        }
    }

    /**
     * Makes a variant ready, unless it asks for too much.
     *
     * @param way the device's view of it
     */
    void plan(Variant variant, Device way, KernelPlan plan) {
        Candidate candidate = new Candidate(variant);
        candidates.add(candidate);
        KernelShape shape = inputs.shape();
        Optional<String> tooLarge = plan.tooLarge(variant, shape, device.freeBytes());
        for (Pass pass : passes) {
            tooLarge.or(() -> plan.tooLong(variant, pass, shape))
                    .ifPresent(reason -> candidate.skipped.put(pass, reason));
        }
        if (candidate.skipped.size() < passes.size()) {
            candidate.run = owned.add(new KernelRun(way, variant, op, inputs));
            plan.holds(variant, shape, candidate.run.extraBytes());
        }
    }

    /** Holds what was planned against the reference. */
    void check(Device reference, KernelPlan plan) {
        if (candidates.stream().allMatch(candidate -> candidate.run == null)) {
            return;
        }
        KernelCheck check =
                new KernelCheck(device, reference, op, inputs, KernelCheck.REFERENCE_OPERATIONS);
        for (Candidate candidate : candidates) {
            for (Pass pass : passes) {
                if (!candidate.skipped.containsKey(pass)) {
                    KernelCheck.Verdict verdict =
                            check.check(candidate.variant, pass, candidate.run);
                    candidate.verdicts.put(pass, verdict);
                    plan.took(candidate.variant, pass, inputs.shape(), verdict.seconds());
                }
            }
        }
    }

    /** Runs what was planned without a look at its results, to learn how long it takes. */
    void runOnce(KernelPlan plan) {
        for (Candidate candidate : candidates) {
            for (Pass pass : passes) {
                if (!candidate.skipped.containsKey(pass)) {
                    double seconds = KernelCheck.seconds(device, candidate.run.program(pass));
                    candidate.verdicts.put(
                            pass, new KernelCheck.Verdict(true, "", Double.NaN, seconds));
                    plan.took(candidate.variant, pass, inputs.shape(), seconds);
                }
            }
        }
    }

    /** Times what passed, one pass after the other. */
    void time(Repetitions repetitions) {
        for (Pass pass : passes) {
            List<Candidate> right = candidates.stream().filter(c -> c.passed(pass)).toList();
            List<Program> programs = right.stream().map(c -> c.run.program(pass)).toList();
            List<Timing> timings = repetitions.time(programs);
            for (int i = 0; i < timings.size(); i++) {
                right.get(i).timings.put(pass, timings.get(i));
            }
        }
    }

    /** A row for every pass of every variant. */
    List<KernelRow> rows() {
        List<KernelRow> rows = new ArrayList<>();
        for (Pass pass : passes) {
            double composed = Double.NaN;
            for (Candidate candidate : candidates) {
                if (candidate.variant == Variant.COMPOSED && candidate.passed(pass)) {
                    composed = candidate.timings.get(pass).median();
                }
            }
            for (Candidate candidate : candidates) {
                rows.add(row(candidate, pass, composed));
            }
        }
        return rows;
    }

    private KernelRow row(Candidate candidate, Pass pass, double composed) {
        KernelRow.Key key = new KernelRow.Key(op, inputs.shape(), pass, candidate.variant);
        KernelCost cost = KernelCost.of(op, pass, inputs);
        KernelCheck.Verdict verdict = candidate.verdicts.get(pass);
        if (verdict == null) {
            return new KernelRow(
                    key,
                    KernelRow.Status.SKIPPED,
                    candidate.skipped.get(pass),
                    null,
                    cost.bytes(),
                    cost.operations(),
                    -1,
                    OptionalInt.empty(),
                    Double.NaN,
                    Double.NaN);
        }
        Timing timing = candidate.timings.get(pass);
        return new KernelRow(
                key,
                verdict.pass() ? KernelRow.Status.PASS : KernelRow.Status.FAIL,
                verdict.note(),
                timing,
                cost.bytes(),
                cost.operations(),
                candidate.run.extraBytes(),
                candidate.run.program(pass).launches(),
                verdict.error(),
                timing == null ? Double.NaN : composed / timing.median());
    }

    @Override
    public void close() {
        owned.close();
    }
}

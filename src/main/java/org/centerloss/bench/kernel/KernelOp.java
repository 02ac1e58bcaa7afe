package org.centerloss.bench.kernel;

import java.util.List;
import java.util.Locale;
import org.centerloss.bench.Pass;

/**
 * The operations of {@link org.centerloss.device.op.ComparedOps}, as the benchmark knows them: the
 * dearest last, which so has the time that the others leave.
 */
public enum KernelOp {
    CENTER_LOSS(Pass.FORWARD, Pass.BACKWARD, Pass.BOTH),
    CENTER_UPDATE(Pass.FORWARD),
    NEAREST_CENTER(Pass.FORWARD),
    PAIRWISE_REPULSION(Pass.FORWARD, Pass.BACKWARD, Pass.BOTH);

    private final List<Pass> passes;

    KernelOp(Pass... passes) {
        this.passes = List.of(passes);
    }

    /** What can be timed of it; an operation without a gradient has one pass. */
    public List<Pass> passes() {
        return passes;
    }

    /** The pass that gives every result. */
    Pass completePass() {
        return passes.get(passes.size() - 1);
    }

    /** The name on the command line and in files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name for a person. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

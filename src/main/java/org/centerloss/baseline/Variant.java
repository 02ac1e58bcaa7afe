package org.centerloss.baseline;

import java.util.Locale;
import org.centerloss.device.op.ComparedOps;

/** A way of computing the operations of {@link ComparedOps}. */
public enum Variant {
    /** The device's own: every operation in as few passes over its arguments as it can. */
    FUSED,
    /**
     * A library's matrix products and element-wise passes over whole matrices, as PyTorch code does
     * it: distances are ‖x‖² + ‖y‖² − 2x·y, which loses digits far from the origin.
     */
    COMPOSED,
    /** The formula as it stands, without thought for memory or cache. */
    NAIVE;

    /** The name on the command line and in files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

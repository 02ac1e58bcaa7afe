package org.centerloss.bench.kernel;

import java.util.OptionalInt;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.Timing;
import org.centerloss.device.instrument.Peaks;

/**
 * One line of the benchmark: one pass of one variant at one shape.
 *
 * @param note why it was skipped, what failed, or what it was checked against if not the reference
 * @param timing null unless the status is PASS
 * @param bytes that the pass cannot do without: see {@link KernelCost}
 * @param operations that it cannot do without
 * @param extraBytes of memory beside arguments and results; negative where it was never planned
 * @param error ‖a − r‖ / ‖r‖ of its worst result; NaN where there is none
 * @param speedUp the composed variant's median over this one's; NaN where one of them was not timed
 */
public record KernelRow(
        Key key,
        Status status,
        String note,
        Timing timing,
        double bytes,
        double operations,
        long extraBytes,
        OptionalInt launches,
        double error,
        double speedUp) {

    /** What a line of one run has in common with that of another. */
    public record Key(KernelOp op, KernelShape shape, Pass pass, Variant variant) {
        Key with(Variant other) {
            return new Key(op, shape, pass, other);
        }
    }

    /** Only what is right is timed. */
    public enum Status {
        PASS,
        FAIL,
        SKIPPED
    }

    KernelRow withTiming(Timing other, double newSpeedUp) {
        return new KernelRow(
                key,
                status,
                note,
                other,
                bytes,
                operations,
                extraBytes,
                launches,
                error,
                newSpeedUp);
    }

    double bytesPerSecond() {
        return timing == null ? Double.NaN : bytes / timing.median();
    }

    double flopsPerSecond() {
        return timing == null ? Double.NaN : operations / timing.median();
    }

    double shareOfBandwidth(Peaks peaks) {
        return bytesPerSecond() / peaks.bytesPerSecond();
    }

    double shareOfArithmetic(Peaks peaks) {
        return flopsPerSecond() / peaks.flopsPerSecond();
    }
}

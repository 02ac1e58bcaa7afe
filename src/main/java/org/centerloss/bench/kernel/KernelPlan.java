package org.centerloss.bench.kernel;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.Units;

/**
 * Says beforehand which rows of one operation cannot be done in the time and memory there is, so
 * that a sweep ends when it should. Times are predicted from the shape before.
 */
final class KernelPlan {
    /** No row may take more than this part of an operation's time. */
    private static final double LARGEST_SHARE = 0.1;

    /** A row runs its pass this often at least: to be checked, to warm up, to be timed. */
    private static final int RUNS = 5;

    /** What it takes to bring a sample to those of its class, in features. */
    private static final double SORTING = 32;

    private static final double TELLING_SECONDS = 0.005;

    /** What a variant that is not fused holds while nothing is known: values and weights. */
    private static final double MATRICES = 2;

    private final KernelOp op;
    private final double budgetSeconds;
    private final long begin = System.nanoTime();
    private double promisedSeconds;
    private final Map<Variant, Map<Pass, Double>> secondsPerWork = new EnumMap<>(Variant.class);
    private final Map<Variant, Double> matrices = new EnumMap<>(Variant.class);

    /**
     * @param budgetSeconds for all rows of the operation
     */
    KernelPlan(KernelOp op, double budgetSeconds) {
        this.op = op;
        this.budgetSeconds = budgetSeconds;
    }

    /**
     * What a variant does at a shape, up to a factor of its own: with the fused variants of the
     * operations on centers each sample meets one center, otherwise every one.
     */
    static double work(KernelOp op, Variant variant, KernelShape shape) {
        double m = shape.batch();
        double d = shape.features();
        double c = shape.classes();
        boolean everyPair = variant != Variant.FUSED || op == KernelOp.NEAREST_CENTER;
        if (op == KernelOp.PAIRWISE_REPULSION) {
            return m * m * (d + 8);
        }
        return everyPair ? m * c * (d + 2) : m * (d + SORTING) + c;
    }

    /** One whole matrix: of samples by samples, or of samples by classes. */
    private double matrixBytes(KernelShape shape) {
        double columns = op == KernelOp.PAIRWISE_REPULSION ? shape.batch() : shape.classes();
        return Float.BYTES * shape.batch() * columns;
    }

    /** Why a variant cannot be made at a shape; empty where it can. */
    Optional<String> tooLarge(Variant variant, KernelShape shape, long freeBytes) {
        double needed = matrices.getOrDefault(variant, MATRICES) * matrixBytes(shape);
        return variant == Variant.FUSED || needed <= freeBytes
                ? Optional.empty()
                : Optional.of(
                        "needs %s, %s are free"
                                .formatted(Units.bytes(needed), Units.bytes(freeBytes)));
    }

    /**
     * Learns from a variant's memory: the fewest matrices of any shape, since what grows with the
     * features comes on top. Less than one means that it holds none.
     */
    void holds(Variant variant, KernelShape shape, long bytes) {
        double count = bytes / matrixBytes(shape);
        matrices.merge(variant, count < 1 ? 0 : count, Math::min);
    }

    /** Begins a shape: what was promised for the one before is spent by now. */
    void nextShape() {
        promisedSeconds = 0;
    }

    /**
     * Why a row cannot be done in time; empty where it can, which is then promised, and where
     * nothing is known yet.
     */
    Optional<String> tooLong(Variant variant, Pass pass, KernelShape shape) {
        double spent = (System.nanoTime() - begin) / 1e9;
        if (spent > budgetSeconds) {
            return Optional.of(
                    String.format(Locale.ROOT, "the operation's %.0f s are over", budgetSeconds));
        }
        Double rate = secondsPerWork.getOrDefault(variant, Map.of()).get(pass);
        double seconds = rate == null ? 0 : RUNS * rate * work(op, variant, shape);
        double left = budgetSeconds - spent - promisedSeconds;
        if (seconds > Math.min(left, LARGEST_SHARE * budgetSeconds)) {
            return Optional.of("would take about " + Units.seconds(seconds));
        }
        promisedSeconds += seconds;
        return Optional.empty();
    }

    /** Learns from a run; a short one is all overhead and tells nothing. */
    void took(Variant variant, Pass pass, KernelShape shape, double seconds) {
        if (seconds < TELLING_SECONDS) {
            return;
        }
        secondsPerWork
                .computeIfAbsent(variant, any -> new LinkedHashMap<>())
                .put(pass, seconds / work(op, variant, shape));
    }
}

package org.centerloss.verify;

import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Hands out the rows of a recorded run: results beside what the file has of them. */
final class RunRows {
    /** A factor that no finite result exceeds: what is not held must still be a number. */
    private static final double ANY_FINITE = 1e30;

    private final String file;
    private final RunTolerances tolerances;
    private final Consumer<ResultRow> sink;

    /**
     * @param file its name
     */
    RunRows(String file, RunTolerances tolerances, Consumer<ResultRow> sink) {
        this.file = file;
        this.tolerances = tolerances;
        this.sink = sink;
    }

    /** What the error of a loss is measured by. */
    double lossMagnitude(double recorded) {
        return Math.max(tolerances.smallestLoss(), Math.abs(recorded));
    }

    /**
     * Compares: ‖found − recorded‖ ≤ tolerance · magnitude + rounding. What is that near only by
     * the tolerances of another ReLU is not held.
     *
     * @param tolerance which of the tolerances
     * @param rounding by how much the file's numbers may be off
     */
    void add(
            String quantity,
            double[] found,
            double[] recorded,
            ToDoubleFunction<RunTolerances> tolerance,
            double magnitude,
            double rounding) {
        double own = tolerance.applyAsDouble(tolerances);
        ResultRow row = row(quantity, found, recorded, own, magnitude, rounding);
        if (!row.pass() && tolerances.dependOnReLUs()) {
            double other = tolerance.applyAsDouble(RunTolerances.AFTER_ANOTHER_RELU);
            ResultRow excused = row(quantity, found, recorded, other, magnitude, rounding);
            row = excused.pass() ? excused.notHeld() : row;
        }
        sink.accept(row);
    }

    private ResultRow row(
            String quantity,
            double[] found,
            double[] recorded,
            double tolerance,
            double magnitude,
            double rounding) {
        double bound = Math.min(tolerance, ANY_FINITE) * magnitude + rounding;
        Comparison comparison = Comparison.within(found, recorded, bound);
        double norm = Comparison.norm(recorded);
        double shown = Double.isInfinite(tolerance) || norm == 0 ? tolerance : bound / norm;
        return ResultRow.of(file, "", quantity, comparison, shown);
    }

    /** A row that fails, for something in the file that nothing was compared with. */
    void addUnchecked(String quantity) {
        sink.accept(
                ResultRow.failed(file, "", quantity, "a result that is not known, so not checked"));
    }
}

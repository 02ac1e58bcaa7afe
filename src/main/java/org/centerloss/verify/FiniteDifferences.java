package org.centerloss.verify;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.centerloss.device.Device;
import org.centerloss.verify.op.Inputs;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpRun;
import org.centerloss.verify.op.RandomInputs;

/** Checks the gradients of a float64 device against central differences of its forward. */
final class FiniteDifferences {
    /** Relative tolerance: truncation of order step², rounding of order 10⁻¹⁶ / step. */
    private static final double TOLERANCE = 1e-6;

    /** Step in units of the input's spread. */
    private static final double STEP = 1e-5;

    /** Largest number of elements looked at per input. */
    private static final int SAMPLES = 30;

    private final Device device;
    private final long seed;
    private final Consumer<ResultRow> sink;

    FiniteDifferences(Device device, long seed, Consumer<ResultRow> sink) {
        this.device = device;
        this.seed = seed;
        this.sink = sink;
    }

    void check(OpCase op, Inputs inputs) {
        Map<String, OpRun.Result> results = run(op, inputs);
        for (OpCase.Derivative derivative : op.derivatives()) {
            check(op, inputs, results.get(derivative.gradient()), derivative);
        }
    }

    private Map<String, OpRun.Result> run(OpCase op, Inputs inputs) {
        try (OpRun stage = new OpRun(device)) {
            op.run(stage, inputs);
            return stage.results();
        }
    }

    private void check(
            OpCase op, Inputs inputs, OpRun.Result gradient, OpCase.Derivative derivative) {
        double[] values = inputs.numbers(derivative.input());
        double step = STEP * spread(values);
        int[] indices = indices(op, derivative, values.length);
        double[] claimed = new double[indices.length];
        double[] measured = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            int at = indices[i];
            claimed[i] = gradient.values()[at];
            if (derivative.initial() != null) {
                claimed[i] -= inputs.numbers(derivative.initial())[at];
            }
            double above = values[at] + step;
            double below = values[at] - step;
            measured[i] =
                    (weighed(op, inputs.with(derivative.input(), at, above), derivative)
                                    - weighed(
                                            op,
                                            inputs.with(derivative.input(), at, below),
                                            derivative))
                            / (above - below);
        }
        Tolerance tolerance = gradient.tolerance().withRelative(TOLERANCE);
        sink.accept(
                ResultRow.of(
                        op.op(),
                        op.shape(),
                        "∂" + derivative.input(),
                        Comparison.of(claimed, measured, tolerance),
                        TOLERANCE));
    }

    /** ⟨cotangent, value⟩. */
    private double weighed(OpCase op, Inputs inputs, OpCase.Derivative derivative) {
        double[] value = run(op, inputs).get(derivative.value()).values();
        if (derivative.cotangent() == null) {
            return derivative.scale() * value[0];
        }
        double[] weights = inputs.numbers(derivative.cotangent());
        double sum = 0;
        for (int i = 0; i < value.length; i++) {
            sum += weights[i] * value[i];
        }
        return sum;
    }

    private int[] indices(OpCase op, OpCase.Derivative derivative, int size) {
        if (size <= SAMPLES) {
            return IntStream.range(0, size).toArray();
        }
        return new RandomInputs(seed, op.op() + op.shape() + derivative, 0).integers(SAMPLES, size);
    }

    /** Standard deviation; the magnitude where all are equal, 1 where all are 0. */
    private static double spread(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean) / values.length;
        }
        double spread = Math.sqrt(squares);
        if (spread > 1e-12 * Math.abs(mean)) {
            return spread;
        }
        return mean == 0 ? 1 : Math.abs(mean);
    }
}

package org.centerloss.device.cpu;

import java.util.Arrays;
import org.centerloss.device.PairwiseRepulsion.Potential;

/**
 * Some columns of the pair matrix: samples at neighbouring positions of the label order,
 * transposed, against every sample as a row. It owns its columns' gradients, so tiles run in
 * parallel without sharing a sum.
 */
final class PairwiseTile {
    /** Rows worked on at a time: a column's gradient is loaded and stored once for so many. */
    private static final int ROWS = 4;

    private final int start;
    private final int columns;
    private final int features;
    private final int paddedFeatures;
    private final float[][] x;
    private final float[][] gradient;
    private final float[][] distances;
    private final float[] oneSample;
    private final PairPotential potential;
    private boolean wantsGradient;

    /**
     * @param start position of the first column
     */
    PairwiseTile(int start, int columns, int features, Potential potential) {
        this.start = start;
        this.columns = columns;
        this.features = features;
        paddedFeatures = DistanceLoops.paddedFeatures(features);
        x = new float[paddedFeatures][columns];
        gradient = new float[features][columns];
        distances = new float[ROWS][columns];
        oneSample = new float[features];
        this.potential = new PairPotential(potential, columns);
    }

    long bytes() {
        return (long) Float.BYTES * ((paddedFeatures + features + ROWS + 1L) * columns + features);
    }

    double sum() {
        return potential.sum();
    }

    /** Reads this tile's samples into their rows and, transposed, into its columns. */
    void load(CpuTensor samples, LabelOrder order, float[] rows) {
        for (int j = 0; j < columns; j++) {
            int position = start + j;
            int row = position * paddedFeatures;
            samples.buffer().get(order.samples[position] * features, rows, row, features);
            for (int k = 0; k < features; k++) {
                x[k][j] = rows[row + k];
            }
        }
    }

    /** Sums φ over the pairs of which this tile has the later sample; gradients over all pairs. */
    void run(float[] rows, LabelOrder order, boolean withGradient) {
        wantsGradient = withGradient;
        potential.clear();
        for (float[] row : gradient) {
            Arrays.fill(row, 0f);
        }
        int samples = order.samples.length;
        int position = 0;
        for (; position + ROWS <= samples; position += ROWS) {
            int last = position + ROWS - 1;
            int left = column(order.first[position]);
            int right = column(order.end[last]);
            if (withGradient) {
                fourRows(rows, position, 0, left, false);
            }
            fourRows(rows, position, right, columns, true);
            if (order.first[position] != order.first[last]) {
                // Rows of several classes: between those classes, each row skips its own.
                for (int row = position; row <= last; row++) {
                    oneRow(rows, row, left, column(order.first[row]), false);
                    oneRow(rows, row, column(order.end[row]), right, true);
                }
            }
        }
        for (; position < samples; position++) {
            oneRow(rows, position, 0, column(order.first[position]), false);
            oneRow(rows, position, column(order.end[position]), columns, true);
        }
    }

    private int column(int position) {
        return Math.max(0, Math.min(columns, position - start));
    }

    private void fourRows(float[] rows, int position, int from, int to, boolean withValue) {
        if (from >= to) {
            return;
        }
        int row = position * paddedFeatures;
        for (float[] one : distances) {
            Arrays.fill(one, from, to, 0f);
        }
        for (int k = 0; k < paddedFeatures; k += 2) {
            for (int pair = 0; pair < ROWS; pair += 2) {
                int first = row + pair * paddedFeatures + k;
                DistanceLoops.addSquares(
                        x[k],
                        x[k + 1],
                        rows,
                        first,
                        first + paddedFeatures,
                        distances[pair],
                        distances[pair + 1],
                        from,
                        to);
            }
        }
        if (withValue) {
            potential.addFour(distances, from, to);
        }
        if (wantsGradient) {
            for (float[] one : distances) {
                potential.weigh(one, from, to);
            }
            for (int k = 0; k < features; k++) {
                DistanceLoops.addDifferences(
                        x[k], rows, row + k, paddedFeatures, distances, gradient[k], from, to);
            }
        }
    }

    private void oneRow(float[] rows, int position, int from, int to, boolean withValue) {
        if (from >= to || !withValue && !wantsGradient) {
            return;
        }
        int row = position * paddedFeatures;
        float[] one = distances[0];
        Arrays.fill(one, from, to, 0f);
        for (int k = 0; k < paddedFeatures; k += 2) {
            DistanceLoops.addSquares(x[k], x[k + 1], rows, row + k, one, from, to);
        }
        if (withValue) {
            potential.addOne(distances, from, to);
        }
        if (wantsGradient) {
            potential.weigh(one, from, to);
            for (int k = 0; k < features; k++) {
                DistanceLoops.addDifferences(x[k], rows, row + k, one, gradient[k], from, to);
            }
        }
    }

    /** Writes factor · gradient to the samples' rows of dx, or adds it. */
    void store(LabelOrder order, double factor, boolean accumulate, CpuTensor dx) {
        for (int j = 0; j < columns; j++) {
            int row = order.samples[start + j] * features;
            if (accumulate) {
                dx.buffer().get(row, oneSample);
            } else {
                Arrays.fill(oneSample, 0f);
            }
            for (int k = 0; k < features; k++) {
                oneSample[k] = (float) (oneSample[k] + factor * gradient[k][j]);
            }
            dx.buffer().put(row, oneSample);
        }
    }
}

package org.centerloss.cpu.distance;

import java.util.Arrays;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.op.PairwiseRepulsion.Potential;

/**
 * Some columns of the pair matrix: samples at neighbouring positions of the label order,
 * transposed, against every sample as a row. It owns its columns' gradients, so tiles run in
 * parallel without sharing a sum.
 */
final class PairwiseTile {
    /** Rows worked on at a time: a column's gradient is loaded and stored once for so many. */
    static final int ROWS = 4;

    private final int start;
    private final int columns;
    private final int features;
    private final int paddedFeatures;
    private final float[][] x;
    private final float[][] gradient;
    private final float[][] distances;
    private final float[] oneSample;
    private final PairPotential potential;

    /** For each row of a block the columns of its own class. */
    private final int[] excludedFrom = new int[ROWS];

    private final int[] excludedTo = new int[ROWS];
    private double orderedSum;

    /**
     * @param start position of the first column
     */
    PairwiseTile(int start, int columns, int features, Potential potential) {
        this.start = start;
        this.columns = columns;
        this.features = features;
        paddedFeatures = DistanceLoops.paddedFeatures(features);
        x = DistanceLoops.columnArrays(paddedFeatures, columns);
        gradient = DistanceLoops.columnArrays(features, columns);
        distances = DistanceLoops.columnArrays(ROWS, columns);
        oneSample = new float[features];
        this.potential = new PairPotential(potential, distances[0].length);
    }

    long bytes() {
        int arrays = x.length + gradient.length + distances.length + 1;
        return (long) Float.BYTES * ((long) arrays * distances[0].length + features);
    }

    /** This tile's part of the sum over ordered pairs. */
    double sum() {
        return orderedSum;
    }

    /** Reads this tile's samples into their rows and, transposed, into its columns. */
    void load(CpuTensor samples, SamplesByClass order, float[] rows) {
        for (int j = 0; j < columns; j++) {
            int position = start + j;
            int row = position * paddedFeatures;
            samples.buffer().get(order.samples[position] * features, rows, row, features);
            for (int k = 0; k < features; k++) {
                x[k][j] = rows[row + k];
            }
        }
    }

    /**
     * Sums φ over pairs, each counted by the tile of its later sample; gradients over all pairs.
     */
    void run(float[] rows, SamplesByClass order, boolean withValue, boolean withGradient) {
        potential.clear();
        for (float[] row : gradient) {
            Arrays.fill(row, 0f);
        }
        int samples = order.samples.length;
        int end = withGradient ? samples : start + columns;
        double earlierSum = 0;
        for (int position = 0; position < end; position += ROWS) {
            if (position == start) {
                earlierSum = potential.sum();
                potential.clear();
            }
            for (int r = 0; r < ROWS; r++) {
                // Rows past the last sample have no partner.
                boolean real = position + r < samples;
                excludedFrom[r] = real ? column(order.first[position + r]) : 0;
                excludedTo[r] = real ? column(order.end[position + r]) : columns;
            }
            if (anyPartner()) {
                fourRows(rows, position, withValue && position < start + columns, withGradient);
            }
        }
        // Among this tile's own samples both (i, j) and (j, i) were summed.
        orderedSum = 2 * earlierSum + potential.sum();
    }

    private int column(int position) {
        return Math.max(0, Math.min(columns, position - start));
    }

    private boolean anyPartner() {
        for (int r = 0; r < ROWS; r++) {
            if (excludedTo[r] - excludedFrom[r] < columns) {
                return true;
            }
        }
        return false;
    }

    /**
     * Works on all columns, and takes out those of the rows' own classes by a distance and a weight
     * of 0. A feature that is infinite or not a number therefore also spoils the gradients of its
     * own class; the value shows it.
     */
    private void fourRows(float[] rows, int position, boolean withValue, boolean withGradient) {
        int row = position * paddedFeatures;
        for (float[] one : distances) {
            Arrays.fill(one, 0f);
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
                        distances[pair + 1]);
            }
        }
        if (withValue) {
            clearExcluded();
            potential.addFour(distances, columns);
        }
        if (withGradient) {
            for (float[] one : distances) {
                potential.weigh(one);
            }
            clearExcluded();
            for (int k = 0; k < features; k++) {
                DistanceLoops.addDifferences(
                        x[k], rows, row + k, paddedFeatures, distances, gradient[k]);
            }
        }
    }

    private void clearExcluded() {
        for (int r = 0; r < ROWS; r++) {
            Arrays.fill(distances[r], excludedFrom[r], excludedTo[r], 0f);
        }
    }

    /** Writes factor · gradient to the samples' rows of dx, or adds it. */
    void store(SamplesByClass order, double factor, boolean accumulate, CpuTensor dx) {
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

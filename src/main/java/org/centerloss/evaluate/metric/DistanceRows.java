package org.centerloss.evaluate.metric;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The matrix of squared Euclidean distances between samples, row by row, without ever holding it:
 * O(n · dimension) memory and a few rows per thread. Every value is the sum of squares in the order
 * of the features, the same bits as {@link Samples#squaredDistance}.
 */
final class DistanceRows {
    /** What is done with a row; a thread has its own. */
    interface Row {
        /**
         * @param i the row
         * @param squared [n] squared distances of sample i to every sample; may be overwritten
         */
        void accept(int i, double[] squared);
    }

    private static final int TILE_COLUMNS = 256;
    private static final int ROWS_OF_A_THREAD = 8;

    private final Samples samples;

    /** [tile][feature][column]; every feature has its array, so that the loops vectorise. */
    private final double[][][] tiles;

    DistanceRows(Samples samples) {
        this.samples = samples;
        int count = samples.count();
        tiles = new double[(count + TILE_COLUMNS - 1) / TILE_COLUMNS][samples.dimension()][];
        for (int t = 0; t < tiles.length; t++) {
            for (int k = 0; k < samples.dimension(); k++) {
                // Whole tiles: the loops over them always run equally far, as C2 has seen them do.
                double[] column = new double[TILE_COLUMNS];
                for (int j = 0; j < Math.min(TILE_COLUMNS, count - t * TILE_COLUMNS); j++) {
                    column[j] = samples.feature(t * TILE_COLUMNS + j, k);
                }
                tiles[t][k] = column;
            }
        }
    }

    /** Hands every row to a consumer, in parallel and in no particular order. */
    void forEach(Supplier<Row> consumers) {
        int count = samples.count();
        int blocks = (count + ROWS_OF_A_THREAD - 1) / ROWS_OF_A_THREAD;
        IntStream.range(0, blocks)
                .parallel()
                .forEach(
                        block -> {
                            int first = block * ROWS_OF_A_THREAD;
                            int rows = Math.min(ROWS_OF_A_THREAD, count - first);
                            double[][] squared = rows(first, rows);
                            Row consumer = consumers.get();
                            for (int r = 0; r < rows; r++) {
                                consumer.accept(first + r, squared[r]);
                            }
                        });
    }

    private double[][] rows(int first, int rows) {
        int count = samples.count();
        double[][] squared = new double[rows][count];
        double[] sums = new double[TILE_COLUMNS];
        for (int t = 0; t < tiles.length; t++) {
            int start = t * TILE_COLUMNS;
            int columns = Math.min(TILE_COLUMNS, count - start);
            for (int r = 0; r < rows; r++) {
                Arrays.fill(sums, 0);
                for (int k = 0; k < samples.dimension(); k++) {
                    addSquares(tiles[t][k], samples.feature(first + r, k), sums);
                }
                System.arraycopy(sums, 0, squared[r], start, columns);
            }
        }
        return squared;
    }

    private static void addSquares(double[] column, double feature, double[] sums) {
        for (int j = 0; j < TILE_COLUMNS; j++) {
            double difference = feature - column[j];
            sums[j] += difference * difference;
        }
    }
}

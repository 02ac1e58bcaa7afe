package org.centerloss.cuda.runtime;

import org.centerloss.cuda.driver.Grid;

/**
 * How all pairs of rows and columns are shared out among blocks: some rows in x, some columns in y.
 *
 * <p>Where there are few rows, columns are split further, so that small batches fill the GPU. All
 * of it follows from the shape, never from the GPU, so that every GPU adds in the same order.
 *
 * @param rowBlocks blocks in x
 * @param splits blocks in y
 * @param columnsPerSplit columns of each, but for the last
 * @param threads per block
 */
public record PairGrid(int rowBlocks, int splits, int columnsPerSplit, int threads) {
    /** Up to here a thread holds a row, {@code kernels/pair_rows.cuh}. */
    public static final int FEW_FEATURES = 16;

    private static final int ROW_THREADS = 128;
    private static final int ROW_BLOCKS_WANTED = 512;
    private static final int ROW_COLUMNS_AT_LEAST = 8;

    /** Rows and columns of a tile in {@code kernels/pair_tiles.cuh}. */
    private static final int TILE = 32;

    private static final int TILE_THREADS = 256;

    /** Few: each split reads the rows, and writes and reads their gradients, once more. */
    private static final int TILE_BLOCKS_WANTED = 192;

    /** Features that a tile holds at a time. */
    private static final int SLICE = 128;

    public static PairGrid of(int rows, int columns, int features) {
        return features <= FEW_FEATURES
                ? of(
                        Grid.blocks(rows, ROW_THREADS),
                        columns,
                        ROW_BLOCKS_WANTED,
                        ROW_COLUMNS_AT_LEAST,
                        ROW_THREADS)
                : of(Grid.blocks(rows, TILE), columns, TILE_BLOCKS_WANTED, TILE, TILE_THREADS);
    }

    private static PairGrid of(
            int rowBlocks, int columns, int blocksWanted, int columnsAtLeast, int threads) {
        int most = Grid.blocks(columns, columnsAtLeast);
        int wanted = Math.min(most, Grid.blocks(blocksWanted, rowBlocks));
        int columnsPerSplit = Grid.blocks(most, wanted) * columnsAtLeast;
        int splits = Grid.blocks(columns, columnsPerSplit);
        return new PairGrid(rowBlocks, splits, columnsPerSplit, threads);
    }

    /** For a sum over pairs, or what is found among them. */
    public Grid forward() {
        return Grid.of(rowBlocks, splits, threads);
    }

    /** For gradients of so many features. */
    public Grid backward(int features) {
        int slices = features <= FEW_FEATURES ? 1 : Grid.blocks(features, SLICE);
        return new Grid(rowBlocks, splits, slices, threads);
    }
}

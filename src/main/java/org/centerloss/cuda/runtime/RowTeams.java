package org.centerloss.cuda.runtime;

import org.centerloss.cuda.driver.Grid;

/** Who reduces the rows of a matrix: {@code kernels/rows.cuh}. */
public final class RowTeams {
    private static final int THREADS = 256;
    private static final int ROWS_OF_WARPS_PER_BLOCK = 8;
    private static final int LONGEST_ROW_OF_A_WARP = 1024;

    private RowTeams() {}

    /** Whether a row of this length is a warp's work; a longer one is a block's. */
    public static boolean areWarps(int columns) {
        return columns <= LONGEST_ROW_OF_A_WARP;
    }

    public static Grid grid(int rows, int columns) {
        return Grid.of(
                areWarps(columns) ? Grid.blocks(rows, ROWS_OF_WARPS_PER_BLOCK) : rows, THREADS);
    }
}

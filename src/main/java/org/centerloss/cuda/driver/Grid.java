package org.centerloss.cuda.driver;

import org.centerloss.device.DeviceException;

/**
 * How many blocks a kernel is launched with.
 *
 * @param x blocks in x, 1 to 2³¹ − 1
 * @param y blocks in y, 1 to 65,535
 * @param z blocks in z, 1 to 65,535
 * @param threads per block, 1 to 1,024
 */
public record Grid(int x, int y, int z, int threads) {
    private static final int MAX_YZ = 65_535;
    private static final int MAX_THREADS = 1_024;
    private static final int QUAD_THREADS = 256;

    public Grid {
        if (x < 1 || y < 1 || y > MAX_YZ || z < 1 || z > MAX_YZ) {
            throw new DeviceException(
                    "cuda: a grid of %d × %d × %d blocks cannot be launched; use smaller batches"
                            .formatted(x, y, z));
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new DeviceException(
                    "cuda: a block of %d threads cannot be launched".formatted(threads));
        }
    }

    /** A row of blocks. */
    public static Grid of(int blocks, int threads) {
        return new Grid(blocks, 1, 1, threads);
    }

    /** A thread for every four of {@code size} elements and one for each that is left over. */
    public static Grid overQuads(int size) {
        return of(blocks(size / 4 + size % 4, QUAD_THREADS), QUAD_THREADS);
    }

    public static Grid of(int x, int y, int threads) {
        return new Grid(x, y, 1, threads);
    }

    /** How many blocks cover {@code size} elements. */
    public static int blocks(long size, int perBlock) {
        return Math.toIntExact((size + perBlock - 1) / perBlock);
    }
}

package org.centerloss.device.cpu;

/**
 * The inner loops over columns of a transposed tile, where x[k][j] is feature k of sample j.
 *
 * <p>Each body is as large as HotSpot's C2 still turns into vector instructions, about eight
 * arithmetic operations; one of twice the size runs five times slower. Every feature has an array
 * of its own because C2 does not vectorise over offsets into a single one.
 */
final class DistanceLoops {
    /**
     * The best lengths of a column array are 12 more than a multiple of 16: with the array's header
     * it then fills whole 64-byte lines, so arrays that lie side by side are aligned alike and the
     * vector loads of all of them can be aligned.
     */
    private static final int LINE_FLOATS = 16;

    private static final int HEADER_FLOATS = 4;
    private static final int SMALLEST_TILE = 4 * LINE_FLOATS - HEADER_FLOATS;
    private static final int LARGEST_TILE = 32 * LINE_FLOATS - HEADER_FLOATS;
    private static final int WANTED_TILES = 8;

    private DistanceLoops() {}

    /**
     * How many columns a tile has: few enough that tiles stay in the cache and many threads have
     * work, and independent of the number of threads, as the order of sums is.
     */
    static int tileColumns(int columns) {
        int lines = (columns + WANTED_TILES * LINE_FLOATS - 1) / (WANTED_TILES * LINE_FLOATS);
        int wanted = lines * LINE_FLOATS - HEADER_FLOATS;
        return Math.max(SMALLEST_TILE, Math.min(LARGEST_TILE, wanted));
    }

    /** The next even number: the loops take features by twos, padded with zero. */
    static int paddedFeatures(int features) {
        return features + (features & 1);
    }

    /**
     * Adds two features' part of the squared distances of two points to every column.
     *
     * @param a the points, row by row; the features of one start at {@code a0}, of the other at
     *     {@code a1}
     */
    static void addSquares(
            float[] x0,
            float[] x1,
            float[] a,
            int a0,
            int a1,
            float[] s0,
            float[] s1,
            int from,
            int to) {
        float a00 = a[a0];
        float a01 = a[a0 + 1];
        float a10 = a[a1];
        float a11 = a[a1 + 1];
        for (int j = from; j < to; j++) {
            float p = x0[j];
            float q = x1[j];
            float u = p - a00;
            float v = q - a01;
            float w = p - a10;
            float z = q - a11;
            s0[j] = Math.fma(v, v, Math.fma(u, u, s0[j]));
            s1[j] = Math.fma(z, z, Math.fma(w, w, s1[j]));
        }
    }

    /** The same for one point. */
    static void addSquares(float[] x0, float[] x1, float[] a, int a0, float[] s, int from, int to) {
        float a00 = a[a0];
        float a01 = a[a0 + 1];
        for (int j = from; j < to; j++) {
            float u = x0[j] - a00;
            float v = x1[j] - a01;
            s[j] = Math.fma(v, v, Math.fma(u, u, s[j]));
        }
    }

    /**
     * Adds the weighted differences from four points, in one feature, to every column.
     *
     * @param stride distance in {@code a} from a point to the next; the first starts at {@code at}
     * @param w the weights [4][columns]
     */
    static void addDifferences(
            float[] x, float[] a, int at, int stride, float[][] w, float[] g, int from, int to) {
        float a0 = a[at];
        float a1 = a[at + stride];
        float a2 = a[at + 2 * stride];
        float a3 = a[at + 3 * stride];
        float[] w0 = w[0];
        float[] w1 = w[1];
        float[] w2 = w[2];
        float[] w3 = w[3];
        for (int j = from; j < to; j++) {
            float p = x[j];
            g[j] =
                    Math.fma(
                            w3[j],
                            p - a3,
                            Math.fma(
                                    w2[j],
                                    p - a2,
                                    Math.fma(w1[j], p - a1, Math.fma(w0[j], p - a0, g[j]))));
        }
    }

    /** The same for one point. */
    static void addDifferences(
            float[] x, float[] a, int at, float[] w, float[] g, int from, int to) {
        float a0 = a[at];
        for (int j = from; j < to; j++) {
            g[j] = Math.fma(w[j], x[j] - a0, g[j]);
        }
    }
}

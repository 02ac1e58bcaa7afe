package org.centerloss.cpu.distance;

/**
 * The inner loops over columns of a transposed tile, where x[k][j] is feature k of sample j.
 *
 * <p>Each body is as large as HotSpot's C2 still turns into vector instructions, about eight
 * arithmetic operations; one of twice the size runs five times slower. Every feature has an array
 * of its own because C2 does not vectorise over offsets into a single one.
 */
final class DistanceLoops {
    private static final int LINE_FLOATS = 16;
    private static final int HEADER_FLOATS = 4;
    private static final int SMALLEST_TILE = 4 * LINE_FLOATS;
    private static final int LARGEST_TILE = 32 * LINE_FLOATS;
    private static final int WANTED_TILES = 8;

    private DistanceLoops() {}

    /**
     * How many columns a tile has: few enough that tiles stay in the cache and several threads have
     * work, and independent of the number of threads, as the order of sums is.
     */
    static int tileColumns(int columns) {
        int wanted = (columns + WANTED_TILES - 1) / WANTED_TILES;
        return Math.max(SMALLEST_TILE, Math.min(LARGEST_TILE, wholeLines(wanted)));
    }

    /**
     * Arrays for at least this many columns. With the header they fill whole 64-byte lines, so
     * arrays that lie side by side are aligned alike and the vector loads of all of them can be
     * aligned. They are never short, and the loops run over all of them, because C2 unrolls a loop,
     * and so makes vector instructions of it, only as far as it was seen to run while profiled.
     */
    static float[][] columnArrays(int rows, int columns) {
        int length = Math.max(SMALLEST_TILE, wholeLines(columns));
        return new float[rows][length + LINE_FLOATS - HEADER_FLOATS];
    }

    private static int wholeLines(int floats) {
        return (floats + LINE_FLOATS - 1) / LINE_FLOATS * LINE_FLOATS;
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
            float[] x0, float[] x1, float[] a, int a0, int a1, float[] s0, float[] s1) {
        int length = s0.length;
        float a00 = a[a0];
        float a01 = a[a0 + 1];
        float a10 = a[a1];
        float a11 = a[a1 + 1];
        for (int j = 0; j < length; j++) {
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

    /**
     * The squared distance of two rows in double, in four interleaved sums: one alone would wait
     * for each addition before it starts the next.
     */
    static double squaredDistance(float[] a, int a0, float[] b, int b0, int features) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int k = 0;
        for (; k + 3 < features; k += 4) {
            double u = (double) a[a0 + k] - b[b0 + k];
            double v = (double) a[a0 + k + 1] - b[b0 + k + 1];
            double w = (double) a[a0 + k + 2] - b[b0 + k + 2];
            double z = (double) a[a0 + k + 3] - b[b0 + k + 3];
            sum0 += u * u;
            sum1 += v * v;
            sum2 += w * w;
            sum3 += z * z;
        }
        for (; k < features; k++) {
            double difference = (double) a[a0 + k] - b[b0 + k];
            sum0 += difference * difference;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /**
     * Adds the weighted differences from four points, in one feature, to every column.
     *
     * @param stride distance in {@code a} from a point to the next; the first starts at {@code at}
     * @param w the weights [4][columns]
     */
    static void addDifferences(float[] x, float[] a, int at, int stride, float[][] w, float[] g) {
        int length = g.length;
        float a0 = a[at];
        float a1 = a[at + stride];
        float a2 = a[at + 2 * stride];
        float a3 = a[at + 3 * stride];
        float[] w0 = w[0];
        float[] w1 = w[1];
        float[] w2 = w[2];
        float[] w3 = w[3];
        for (int j = 0; j < length; j++) {
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
}

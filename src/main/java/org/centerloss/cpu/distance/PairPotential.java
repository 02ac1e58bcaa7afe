package org.centerloss.cpu.distance;

import java.util.Arrays;
import org.centerloss.device.op.PairwiseRepulsion.Potential;

/** Sums φ(s) over squared distances and turns them into weights φ′(s); one per tile. */
public final class PairPotential {
    /** Products of factors up to this size are far from overflow in double. */
    private static final double LARGEST_PRODUCT = 1e300;

    private final Potential.Kind kind;
    private final float margin;

    /** One number per column: the terms of the rows, joined. */
    private final float[] joined;

    private double sum;

    /** Π(1 + s) − 1 over the distances whose logarithm is not yet in the sum. */
    private double pending;

    PairPotential(Potential potential, int columns) {
        kind = potential.kind();
        margin = (float) potential.margin();
        joined = new float[columns];
    }

    void clear() {
        sum = 0;
        pending = 0;
    }

    /** The sum of φ over all distances since {@link #clear}. */
    double sum() {
        return sum + Math.log1p(pending);
    }

    /** Adds φ of the distances [4] in the first columns. */
    void addFour(float[][] s, int columns) {
        switch (kind) {
            case LOGARITHMIC -> {
                joinFactors(s[0], s[1], s[2], s[3], joined);
                addLogarithms(s, columns);
            }
            case TRUNCATED -> {
                joinTruncated(s[0], s[1], s[2], s[3], margin, joined);
                addJoined(columns);
            }
            case RAW -> {
                joinTerms(s[0], s[1], s[2], s[3], joined);
                addJoined(columns);
            }
        }
    }

    /** Replaces distances by weights. */
    void weigh(float[] s) {
        switch (kind) {
            case LOGARITHMIC -> weighLogarithmic(s);
            case TRUNCATED -> weighTruncated(s, margin);
            case RAW -> Arrays.fill(s, 1f);
        }
    }

    // (1 + a)(1 + b) − 1 = a + b + a·b keeps the relative accuracy of small a and b, which 1 + a in
    // float would drown. No term is negative, so nothing cancels.

    private static void joinFactors(
            float[] s0, float[] s1, float[] s2, float[] s3, float[] joined) {
        for (int j = 0; j < joined.length; j++) {
            float a = Math.fma(s0[j], s1[j], s0[j] + s1[j]);
            float b = Math.fma(s2[j], s3[j], s2[j] + s3[j]);
            joined[j] = Math.fma(a, b, a + b);
        }
    }

    private static double join(double a, double b) {
        return a + b + a * b;
    }

    private static void joinTruncated(
            float[] s0, float[] s1, float[] s2, float[] s3, float margin, float[] joined) {
        for (int j = 0; j < joined.length; j++) {
            joined[j] =
                    (Math.min(s0[j], margin) + Math.min(s1[j], margin))
                            + (Math.min(s2[j], margin) + Math.min(s3[j], margin));
        }
    }

    private static void joinTerms(float[] s0, float[] s1, float[] s2, float[] s3, float[] joined) {
        for (int j = 0; j < joined.length; j++) {
            joined[j] = (s0[j] + s1[j]) + (s2[j] + s3[j]);
        }
    }

    private void addJoined(int columns) {
        // Four sums, because an addition takes four cycles and the next must wait for it.
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int j = 0;
        for (; j + 4 <= columns; j += 4) {
            sum0 += joined[j];
            sum1 += joined[j + 1];
            sum2 += joined[j + 2];
            sum3 += joined[j + 3];
        }
        for (; j < columns; j++) {
            sum0 += joined[j];
        }
        sum += (sum0 + sum1) + (sum2 + sum3);
    }

    private void addLogarithms(float[][] s, int columns) {
        float[] e = joined;
        int j = 0;
        for (; j + 8 <= columns; j += 8) {
            double low = join(join(e[j], e[j + 1]), join(e[j + 2], e[j + 3]));
            double high = join(join(e[j + 4], e[j + 5]), join(e[j + 6], e[j + 7]));
            addLogarithm(join(low, high), s, j, j + 8);
        }
        for (; j < columns; j++) {
            addLogarithm(e[j], s, j, j + 1);
        }
    }

    /** Adds log(1 + factor), where the factor joins these columns: by one logarithm for many. */
    private void addLogarithm(double factor, float[][] s, int from, int to) {
        double product = join(pending, factor);
        if (product < LARGEST_PRODUCT) {
            pending = product;
            return;
        }
        sum += Math.log1p(pending);
        pending = 0;
        if (factor < LARGEST_PRODUCT) {
            pending = factor;
            return;
        }
        // The product overflowed, or a distance is infinite or not a number: each on its own.
        for (float[] row : s) {
            for (int j = from; j < to; j++) {
                sum += Math.log1p((double) row[j]);
            }
        }
    }

    /** Distances s become 1 / (1 + s). */
    public static void weighLogarithmic(float[] s) {
        for (int j = 0; j < s.length; j++) {
            s[j] = 1f / (1f + s[j]);
        }
    }

    /**
     * Distances become 1 below the margin, else 0, by arithmetic, since C2 does not vectorise
     * comparisons.
     */
    public static void weighTruncated(float[] s, float margin) {
        for (int j = 0; j < s.length; j++) {
            // Even the smallest positive difference, 2⁻¹⁴⁹, grows beyond 1.
            s[j] = Math.min(1f, Math.max(0f, (margin - s[j]) * 0x1p100f * 0x1p100f));
        }
    }
}

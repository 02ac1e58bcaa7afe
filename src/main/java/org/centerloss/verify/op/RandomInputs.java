package org.centerloss.verify.op;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.centerloss.base.Philox;

/**
 * Random inputs of a case, the same for the same seed and case whatever else runs. Numbers are
 * rounded to float32, so every device gets exactly the same ones.
 */
public final class RandomInputs {
    private final long seed;
    private int stream;

    /**
     * @param address names the case
     * @param attempt 0 for the first draw, counting up while draws are refused
     */
    public RandomInputs(long seed, String address, int attempt) {
        this.seed = seed;
        this.stream = 1_000 * (31 * address.hashCode() + attempt);
    }

    /** Normal numbers with the given mean and standard deviation. */
    public double[] normal(int count, double mean, double deviation) {
        float[] values = new float[count];
        Philox.fillNormal(seed, stream++, Philox.SYNTHETIC, values);
        double[] scaled = new double[count];
        for (int i = 0; i < count; i++) {
            scaled[i] = (float) (mean + deviation * values[i]);
        }
        return scaled;
    }

    public double[] normal(int count) {
        return normal(count, 0, 1);
    }

    /** Whole numbers from 0 to {@code bound} − 1. */
    public int[] integers(int count, int bound) {
        int at = stream++;
        int[] words = new int[4];
        IntUnaryOperator draw =
                i -> {
                    Philox.block(seed, i, at, 1, Philox.SYNTHETIC, words);
                    return (int) (Philox.uniform(words[0]) * bound);
                };
        return IntStream.range(0, count).map(draw).toArray();
    }
}

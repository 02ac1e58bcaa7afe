package org.centerloss.base;

/**
 * The counter-based random generator Philox 4×32-10: a keyed bijection of 128-bit counters, so any
 * draw is reached directly by its address and is the same on every device, in every order.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
 */
public final class Philox {
    /** Purposes: the last word of an address, so that uses never share a draw. */
    public static final int SHUFFLE = 1;

    public static final int AUGMENTATION = 2;
    public static final int INITIALISATION = 3;
    public static final int SPLIT = 4;
    public static final int SYNTHETIC = 5;

    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private Philox() {}

    /**
     * The four 32-bit words at an address.
     *
     * @param seed the key, its low half first
     * @param words receives the four words
     */
    public static void block(long seed, int c0, int c1, int c2, int c3, int[] words) {
        int key0 = (int) seed;
        int key1 = (int) (seed >>> 32);
        for (int round = 0; round < 10; round++) {
            long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int next0 = (int) (product1 >>> 32) ^ c1 ^ key0;
            int next2 = (int) (product0 >>> 32) ^ c3 ^ key1;
            c1 = (int) product1;
            c3 = (int) product0;
            c0 = next0;
            c2 = next2;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }

    /** A word as a number in [0, 1). */
    public static double uniform(int word) {
        return (word & 0xFFFFFFFFL) * 0x1p-32;
    }

    /**
     * Fills {@code values} with standard normal numbers (Box–Muller) at addresses (block, stream,
     * 0, purpose).
     */
    public static void fillNormal(long seed, int stream, int purpose, float[] values) {
        int[] words = new int[4];
        for (int i = 0; i < values.length; i += 4) {
            block(seed, i >>> 2, stream, 0, purpose, words);
            for (int pair = 0; pair < 4 && i + pair < values.length; pair += 2) {
                // 1 − u lies in (0, 1], so the logarithm is finite.
                double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform(words[pair])));
                double angle = 2 * Math.PI * uniform(words[pair + 1]);
                values[i + pair] = (float) (radius * StrictMath.cos(angle));
                if (i + pair + 1 < values.length) {
                    values[i + pair + 1] = (float) (radius * StrictMath.sin(angle));
                }
            }
        }
    }

    /** Fills {@code values} with numbers in [-1, 1) at addresses (block, stream, 0, purpose). */
    public static void fillUniform(long seed, int stream, int purpose, float[] values) {
        int[] words = new int[4];
        for (int i = 0; i < values.length; i += 4) {
            block(seed, i >>> 2, stream, 0, purpose, words);
            for (int k = 0; k < 4 && i + k < values.length; k++) {
                // 24 bits, which a float holds exactly.
                values[i + k] = (words[k] >> 8) * 0x1p-23f;
            }
        }
    }
}

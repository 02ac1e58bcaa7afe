package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** The known answers of the Random123 library for philox4x32-10. */
    @Test
    void knownAnswersOfRandom123() {
        assertBlock(0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertBlock(-1L, -1, -1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertBlock(
                0x299f31d0_a4093822L,
                0x243f6a88,
                0x85a308d3,
                0x13198a2e,
                0x03707344,
                0xd16cfe09,
                0x94fdcceb,
                0x5001e420,
                0x24126ea1);
    }

    private static void assertBlock(long seed, int c0, int c1, int c2, int c3, int... expected) {
        int[] words = new int[4];
        Philox.block(seed, c0, c1, c2, c3, words);
        assertArrayEquals(expected, words);
    }

    @Test
    void uniformNumbersLieInZeroToOneExclusive() {
        assertEquals(0.0, Philox.uniform(0));
        assertEquals(0.5, Philox.uniform(0x80000000));
        assertEquals(1 - 0x1p-32, Philox.uniform(-1));
    }

    @Test
    void normalNumbersHaveMomentsOfTheStandardNormal() {
        float[] values = new float[100_001];
        Philox.fillNormal(7, 3, Philox.SYNTHETIC, values);
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
            fourths += Math.pow(value, 4);
        }
        // Six standard errors: 1/√n, √2/√n and √96/√n.
        double error = 6 / Math.sqrt(values.length);
        assertEquals(0, sum / values.length, error);
        assertEquals(1, squares / values.length, Math.sqrt(2) * error);
        assertEquals(3, fourths / values.length, Math.sqrt(96) * error);
    }

    @Test
    void normalNumbersDoNotDependOnHowManyAreAskedFor() {
        float[] few = new float[3];
        float[] many = new float[10];
        Philox.fillNormal(1, 0, Philox.INITIALISATION, few);
        Philox.fillNormal(1, 0, Philox.INITIALISATION, many);
        for (int i = 0; i < few.length; i++) {
            assertEquals(many[i], few[i]);
        }
        Philox.fillNormal(1, 1, Philox.INITIALISATION, few);
        assertTrue(few[0] != many[0]);
    }
}

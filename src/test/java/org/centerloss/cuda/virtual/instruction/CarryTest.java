package org.centerloss.cuda.virtual.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import java.util.function.BinaryOperator;
import jcuda.driver.CUdeviceptr;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.PtxProgram;
import org.centerloss.cuda.virtual.VirtualContext;
import org.junit.jupiter.api.Test;

/** Chains of carries, as 128-bit arithmetic in words of 32 or 64 bits. */
@VirtualGpu
class CarryTest {
    private static final int LANES = 96;
    private static final String LOAD =
            """
            mul.wide.u32 %l0, %i, 16;
            add.s64 %l1, %a, %l0;
            add.s64 %l2, %b, %l0;
            add.s64 %l3, %c, %l0;
            ld.global.v4.u32 {%r0, %r1, %r2, %r3}, [%l1];
            ld.global.v4.u32 {%r4, %r5, %r6, %r7}, [%l2];
            """;
    private static final String STORE = "st.global.v4.u32 [%l3], {%r8, %r9, %r10, %r11};";

    @Test
    void additionCarries() {
        check(
                """
                add.cc.u32 %r8, %r0, %r4;
                addc.cc.u32 %r9, %r1, %r5;
                addc.cc.u32 %r10, %r2, %r6;
                addc.u32 %r11, %r3, %r7;
                """,
                BigInteger::add);
    }

    @Test
    void subtractionBorrows() {
        check(
                """
                sub.cc.u32 %r8, %r0, %r4;
                subc.cc.u32 %r9, %r1, %r5;
                subc.cc.u32 %r10, %r2, %r6;
                subc.u32 %r11, %r3, %r7;
                """,
                BigInteger::subtract);
    }

    @Test
    void additionOfLongWordsCarries() {
        check(
                """
                mov.b64 %l4, {%r0, %r1};
                mov.b64 %l5, {%r2, %r3};
                mov.b64 %l6, {%r4, %r5};
                mov.b64 %l7, {%r6, %r7};
                add.cc.u64 %l8, %l4, %l6;
                addc.u64 %l9, %l5, %l7;
                mov.b64 {%r8, %r9}, %l8;
                mov.b64 {%r10, %r11}, %l9;
                """,
                BigInteger::add);
    }

    @Test
    void productsCarry() {
        // The lower halves, multiplied to 128 bits.
        check(
                """
                mul.lo.u32 %r8, %r0, %r4;
                mul.hi.u32 %r9, %r0, %r4;
                mad.lo.cc.u32 %r9, %r0, %r5, %r9;
                madc.hi.u32 %r10, %r0, %r5, 0;
                mad.lo.cc.u32 %r9, %r1, %r4, %r9;
                madc.hi.cc.u32 %r10, %r1, %r4, %r10;
                addc.u32 %r11, 0, 0;
                mad.lo.cc.u32 %r10, %r1, %r5, %r10;
                madc.hi.u32 %r11, %r1, %r5, %r11;
                """,
                (a, b) -> low(a).multiply(low(b)));
    }

    private static BigInteger low(BigInteger value) {
        return value.and(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
    }

    private static void check(String body, BinaryOperator<BigInteger> expected) {
        Random random = new Random(5);
        long[] edges = {0, 1, -1, 0xffffffffL, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE};
        long[] a = new long[2 * LANES];
        long[] b = new long[2 * LANES];
        for (int k = 0; k < a.length; k++) {
            a[k] = random.nextBoolean() ? edges[random.nextInt(7)] : random.nextLong();
            b[k] = random.nextBoolean() ? edges[random.nextInt(7)] : random.nextLong();
        }
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr result = gpu.zeros(LANES * 16);
            gpu.launch(
                    gpu.load(PtxProgram.of("u64 a, u64 b, u64 c", LOAD + body + STORE)),
                    3,
                    32,
                    gpu.upload(a),
                    gpu.upload(b),
                    result);
            long[] found = gpu.longs(result, a.length);
            for (int lane = 0; lane < LANES; lane++) {
                BigInteger wanted = expected.apply(number(a, lane), number(b, lane));
                int at = lane;
                assertEquals(
                        wanted.mod(BigInteger.ONE.shiftLeft(128)),
                        number(found, lane),
                        () -> "lane " + at);
            }
        }
    }

    private static BigInteger number(long[] words, int lane) {
        return new BigInteger(Long.toUnsignedString(words[2 * lane + 1]))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(words[2 * lane])));
    }
}

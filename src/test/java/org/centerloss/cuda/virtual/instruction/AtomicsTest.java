package org.centerloss.cuda.virtual.instruction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jcuda.driver.CUdeviceptr;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Lanes;
import org.centerloss.cuda.virtual.PtxProgram;
import org.centerloss.cuda.virtual.VirtualContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Atomic operations under contention of all threads of all blocks. */
@VirtualGpu
class AtomicsTest {
    private static final int BLOCKS = 6;
    private static final int THREADS = 96;
    private static final int COUNT = BLOCKS * THREADS;

    /** An operation whose result does not depend on the order. */
    record Operation(String name, long start, LongBinaryOperator function) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Operation> operations() {
        return Stream.of(
                new Operation("add.u32", 5, Long::sum),
                new Operation("add.s32", -5, Long::sum),
                new Operation("add.u64", 1L << 40, Long::sum),
                new Operation("min.s32", 3, Math::min),
                new Operation("max.s32", 3, Math::max),
                new Operation("max.u32", 3, (a, b) -> Math.max(a & 0xffffffffL, b & 0xffffffffL)),
                new Operation("max.s64", 3, Math::max),
                new Operation("and.b32", -1, (a, b) -> a & b),
                new Operation("or.b32", 0, (a, b) -> a | b),
                new Operation("xor.b32", 0, (a, b) -> a ^ b),
                new Operation("xor.b64", 0, (a, b) -> a ^ b));
    }

    private static long[] values() {
        return new Random(8).longs(COUNT).map(v -> v >> 33).toArray();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void globalUpdatesAreNotLost(Operation operation) {
        check(
                operation,
                """
                red.global.%1$s [%%total], %%x;
                """);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void sharedUpdatesAreNotLost(Operation operation) {
        // A block collects in shared memory; its first thread adds that to the total.
        check(
                operation,
                """
                .shared .align 8 .b64 collected;
                setp.ne.u32 %%p0, %%t, 0;
                ld.global.b64 %%l5, [%%neutral];
                @!%%p0 st.shared.b64 [collected], %%l5;
                bar.sync 0;
                atom.shared.%1$s %%z, [collected], %%x;
                bar.sync 0;
                @%%p0 ret;
                ld.shared.b%2$d %%x, [collected];
                atom.global.%1$s %%z, [%%total], %%x;
                """);
    }

    private static void check(Operation operation, String body) {
        Type type = Type.of(operation.name.split("\\.")[1]);
        String text =
                """
                .reg .b%d %%x, %%z;
                mul.wide.u32 %%l0, %%i, 8;
                add.s64 %%l0, %%values, %%l0;
                ld.global.b%d %%x, [%%l0];
                """
                                .formatted(type.bits(), type.bits())
                        + body.formatted(operation.name, type.bits());
        long expected = operation.start;
        for (long value : values()) {
            expected = operation.function.applyAsLong(expected, type.extend(value));
        }
        long neutral =
                operation.name.startsWith("add") || operation.name.startsWith("xor")
                        ? 0
                        : operation.start;
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr total = gpu.upload(new long[] {operation.start});
            PtxProgram program = PtxProgram.of("u64 values, u64 total, u64 neutral", text);
            gpu.launch(
                    gpu.load(program),
                    BLOCKS,
                    THREADS,
                    gpu.upload(values()),
                    total,
                    gpu.upload(new long[] {neutral}));
            assertEquals(type.truncate(expected), type.truncate(gpu.longs(total, 1)[0]));
        }
    }

    @Test
    void everyThreadGetsAnotherOldValue() {
        int[] found =
                Lanes.run(
                        ".global .u32 counter = 0;",
                        BLOCKS,
                        THREADS,
                        new int[COUNT],
                        "mov.u64 %l0, counter;\natom.global.add.u32 %z, [%l0], 1;");
        Arrays.sort(found);
        assertArrayEquals(IntStream.range(0, COUNT).toArray(), found);
    }

    @Test
    void exchangesPassEachValueOn() {
        // Every value comes out once but for the one that stays.
        int[] input = Lanes.distinct(COUNT);
        String declaration = ".visible .global .u32 slot = 7;";
        int[] found =
                Lanes.run(
                        declaration,
                        BLOCKS,
                        THREADS,
                        input,
                        "mov.u64 %l0, slot;\natom.global.exch.b32 %z, [%l0], %x;");
        int[] all = IntStream.concat(IntStream.of(7), Arrays.stream(input)).sorted().toArray();
        int[] out = Arrays.stream(found).sorted().toArray();
        int left = Arrays.stream(all).sum() - Arrays.stream(out).sum();
        assertArrayEquals(
                all, IntStream.concat(Arrays.stream(out), IntStream.of(left)).sorted().toArray());
    }

    @Test
    void compareAndSwapBuildsAFloatSum() {
        String body =
                """
                cvt.rn.f32.u32 %f0, %x;
                mov.u64 %l0, sum;
                ld.volatile.global.u32 %r0, [%l0];
                RETRY:
                mov.b32 %f1, %r0;
                add.f32 %f1, %f1, %f0;
                mov.b32 %r1, %f1;
                atom.global.cas.b32 %r2, [%l0], %r0, %r1;
                setp.eq.u32 %p0, %r2, %r0;
                mov.u32 %r0, %r2;
                @!%p0 bra RETRY;
                atom.global.add.u32 %r3, [done], 1;
                setp.eq.u32 %p1, %r3, 575;
                mov.u32 %z, 0;
                @%p1 ld.volatile.global.u32 %z, [%l0];
                """;
        int[] found =
                Lanes.run(
                        ".global .u32 sum = 0;\n.global .u32 done = 0;",
                        BLOCKS,
                        THREADS,
                        Lanes.expected(COUNT, i -> i),
                        body);
        int bits = Arrays.stream(found).filter(v -> v != 0).findFirst().orElseThrow();
        assertEquals(COUNT * (COUNT - 1) / 2f, Float.intBitsToFloat(bits));
    }

    @Test
    void incrementsWrapAtTheBoundAndDecrementsStartThere() {
        String body =
                """
                mov.u64 %l0, counters;
                atom.global.inc.u32 %z, [%l0], 9;
                atom.global.dec.u32 %r0, [%l0+4], 9;
                mul.lo.u32 %r0, %r0, 100;
                add.u32 %z, %z, %r0;
                """;
        int[] found = Lanes.run(".global .u32 counters[2] = {0, 0};", 1, 32, new int[32], body);
        int[] ups = Arrays.stream(found).map(v -> v % 100).sorted().toArray();
        int[] downs = Arrays.stream(found).map(v -> v / 100).sorted().toArray();
        int[] rising = IntStream.range(0, 32).map(k -> k % 10).sorted().toArray();
        int[] falling = IntStream.range(0, 32).map(k -> (10 - k % 10) % 10).sorted().toArray();
        assertArrayEquals(rising, ups);
        assertArrayEquals(falling, downs);
    }

    @Test
    void floatAdditionsAreNotLost() {
        int[] found =
                Lanes.run(
                        ".global .f32 sum = 0f00000000;\n.global .u32 done = 0;",
                        BLOCKS,
                        THREADS,
                        Lanes.expected(COUNT, i -> i),
                        """
                        cvt.rn.f32.u32 %f0, %x;
                        mov.u64 %l0, sum;
                        red.global.add.f32 [%l0], %f0;
                        atom.global.add.u32 %r3, [done], 1;
                        setp.eq.u32 %p1, %r3, 575;
                        mov.u32 %z, 0;
                        @%p1 ld.volatile.global.u32 %z, [%l0];
                        """);
        int bits = Arrays.stream(found).filter(v -> v != 0).findFirst().orElseThrow();
        assertEquals(COUNT * (COUNT - 1) / 2f, Float.intBitsToFloat(bits));
    }
}

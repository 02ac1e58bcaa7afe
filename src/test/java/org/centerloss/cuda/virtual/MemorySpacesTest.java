package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.instruction.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads and stores of every width in every space. */
@VirtualGpu
class MemorySpacesTest {
    private static final int THREADS = 64;
    private static final String ADDRESSES =
            """
            mul.wide.u32 %l0, %i, 16;
            add.s64 %l1, %in, %l0;
            add.s64 %l2, %out, %l0;
            """;

    /** Random bytes, 16 for each thread. */
    private static long[] pattern() {
        return new Random(3).longs(THREADS * 2).toArray();
    }

    private static long[] run(String declarations, String body) {
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr out = gpu.zeros(THREADS * 16);
            CUfunction kernel =
                    gpu.load(PtxProgram.of(declarations, "u64 in, u64 out", ADDRESSES + body));
            gpu.launch(kernel, 2, THREADS / 2, gpu.upload(pattern()), out);
            return gpu.longs(out, THREADS * 2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v4.u32 {%r0, %r1, %r2, %r3}",
                "v4.f32 {%f0, %f1, %f2, %f3}",
                "v2.u64 {%l4, %l5}",
                "v2.f64 {%d0, %d1}",
                "v2.b64 {%l4, %l5}"
            })
    void vectorsOf16BytesAreCopied(String vector) {
        String type = vector.split(" ")[0];
        String registers = vector.substring(type.length() + 1);
        String body =
                "ld.global.%s %s, [%%l1];\nst.global.%s [%%l2], %s;"
                        .formatted(type, registers, type, registers);
        assertArrayEquals(pattern(), run("", body));
    }

    @ParameterizedTest
    @CsvSource({"u8,1", "s8,1", "b8,1", "u16,2", "s16,2", "b16,2", "u32,4", "f32,4", "u64,8"})
    void everyWidthIsCopiedAndNoMore(String type, int bytes) {
        String register = Type.of(type).register();
        String body =
                ".reg %s %%x;\nld.global.%s %%x, [%%l1+8];\nst.global.%s [%%l2+8], %%x;"
                        .formatted(register, type, type);
        long mask = bytes == 8 ? -1 : (1L << 8 * bytes) - 1;
        long[] expected = pattern();
        for (int i = 0; i < expected.length; i++) {
            expected[i] &= i % 2 == 1 ? mask : 0;
        }
        assertArrayEquals(expected, run("", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2.u8 {%h0, %h1}", "v4.u8 {%h0, %h1, %h2, %h3}", "v2.u16 {%h0, %h1}"})
    void shortVectorsAreCopied(String vector) {
        String type = vector.split(" ")[0];
        String registers = vector.substring(type.length() + 1);
        int bits = (type.charAt(1) - '0') * Integer.parseInt(type.substring(4));
        String body =
                "ld.global.%s %s, [%%l1];\nst.global.%s [%%l2], %s;"
                        .formatted(type, registers, type, registers);
        long[] expected = pattern();
        for (int i = 0; i < expected.length; i++) {
            expected[i] &= i % 2 == 0 ? (1L << bits) - 1 : 0;
        }
        assertArrayEquals(expected, run("", body));
    }

    @Test
    void signedBytesAreExtended() {
        String body =
                """
                ld.global.s8 %r0, [%l1+3];
                ld.global.u8 %r1, [%l1+3];
                ld.global.s16 %r2, [%l1+2];
                st.global.u32 [%l2], %r0;
                st.global.u32 [%l2+4], %r1;
                st.global.u32 [%l2+8], %r2;
                """;
        long[] pattern = pattern();
        long[] expected = new long[pattern.length];
        for (int i = 0; i < pattern.length; i += 2) {
            byte value = (byte) (pattern[i] >> 24);
            expected[i] = value & 0xffffffffL | (long) (value & 0xff) << 32;
            expected[i + 1] = (short) (pattern[i] >> 16) & 0xffffffffL;
        }
        assertArrayEquals(expected, run("", body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ld.global.nc.u64",
                "ld.volatile.global.u64",
                "ld.relaxed.gpu.global.u64",
                "ld.global.ca.u64",
                "ld.global.cg.u64",
                "ld.acquire.gpu.global.u64",
                "ld.u64"
            })
    void qualifiersDoNotChangeTheValue(String load) {
        long[] expected = pattern();
        for (int i = 1; i < expected.length; i += 2) {
            expected[i] = 0;
        }
        String body = load + " %l4, [%l1];\nst.global.u64 [%l2], %l4;";
        assertArrayEquals(expected, run("", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {".shared", ".local"})
    void windowsAreReachedByNameAndByGenericAddress(String space) {
        // In shared memory each thread has 16 bytes, written by name and read by generic address.
        String declaration = ".align 16 .b8 window[512];";
        String body =
                """
                %1$s %2$s
                mov.u64 %%l3, window;
                mul.wide.u32 %%l4, %%t, 16;
                add.s64 %%l3, %%l3, %%l4;
                cvta%1$s.u64 %%l5, %%l3;
                ld.global.v2.u64 {%%l6, %%l7}, [%%l1];
                st%1$s.u64 [%%l3], %%l6;
                st.u64 [%%l5+8], %%l7;
                ld.v2.u64 {%%l8, %%l9}, [%%l5];
                ld%1$s.u64 %%l10, [%%l3+8];
                st.global.u64 [%%l2], %%l8;
                st.global.u64 [%%l2+8], %%l10;
                cvta.to%1$s.u64 %%l11, %%l5;
                setp.ne.u64 %%p0, %%l11, %%l3;
                @%%p0 trap;
                isspacep%1$s %%p1, %%l5;
                @!%%p1 trap;
                """
                        .formatted(space, declaration);
        assertArrayEquals(pattern(), run("", body));
    }

    @Test
    void localArraysBelongToTheThread() {
        // Every thread writes its number at a place of its own and reads all of its array.
        String body =
                """
                .local .align 4 .b32 own[8];
                mov.u64 %l3, own;
                mov.u32 %r0, 0;
                FILL:
                mul.wide.u32 %l4, %r0, 4;
                add.s64 %l4, %l3, %l4;
                mad.lo.u32 %r1, %r0, 1000, %i;
                st.local.u32 [%l4], %r1;
                add.u32 %r0, %r0, 1;
                setp.lt.u32 %p0, %r0, 8;
                @%p0 bra FILL;
                and.b32 %r2, %i, 7;
                mul.wide.u32 %l4, %r2, 4;
                add.s64 %l4, %l3, %l4;
                ld.local.u32 %r3, [%l4];
                cvt.u64.u32 %l5, %r3;
                st.global.u64 [%l2], %l5;
                """;
        long[] found = run("", body);
        long[] expected =
                IntStream.range(0, THREADS * 2)
                        .mapToLong(k -> k % 2 == 1 ? 0 : (k / 2 % 8) * 1000L + k / 2)
                        .toArray();
        assertArrayEquals(expected, found);
    }

    @Test
    void constantAndInitialisedVariablesHoldTheirValues() {
        String declarations =
                """
                .const .align 4 .u32 table[4] = {10, 20, 0xffffffff, 40};
                .global .align 8 .f64 half = 0d3FE0000000000000;
                .global .align 4 .f32 third[2] = {0f3EAAAAAB, 0f3FC00000};
                .global .align 1 .b8 letters[3] = {97, 98, 99};
                .global .align 4 .u32 blank;
                """;
        String body =
                """
                ld.const.u32 %r0, [table+8];
                st.global.u32 [%l2], %r0;
                ld.global.f32 %f0, [third];
                st.global.f32 [%l2+4], %f0;
                ld.global.f64 %d0, [half];
                ld.global.u8 %h0, [letters+2];
                cvt.rn.f64.u16 %d1, %h0;
                add.rn.f64 %d0, %d0, %d1;
                ld.global.u32 %r1, [blank];
                cvt.rn.f64.u32 %d1, %r1;
                add.rn.f64 %d0, %d0, %d1;
                st.global.f64 [%l2+8], %d0;
                """;
        long first = 0xffffffffL | (long) Float.floatToIntBits(1f / 3) << 32;
        long second = Double.doubleToLongBits(99.5);
        long[] expected =
                LongStream.range(0, THREADS * 2).map(k -> k % 2 == 0 ? first : second).toArray();
        assertArrayEquals(expected, run(declarations, body));
    }

    @Test
    void theHostReadsAndWritesAModuleVariable() {
        PtxProgram program =
                PtxProgram.of(
                        ".visible .global .align 4 .u32 counter[2] = {5, 6};",
                        "",
                        """
                        ld.global.u32 %r0, [counter];
                        add.u32 %r0, %r0, 100;
                        st.global.u32 [counter+4], %r0;
                        """);
        try (VirtualContext gpu = new VirtualContext()) {
            CUmodule module = gpu.module(program.text());
            CUdeviceptr counter = new CUdeviceptr();
            long[] bytes = new long[1];
            JCudaDriver.cuModuleGetGlobal(counter, bytes, module, "counter");
            assertEquals(8, bytes[0]);
            assertArrayEquals(new int[] {5, 6}, gpu.ints(counter, 2));
            JCudaDriver.cuMemcpyHtoD(counter, Pointer.to(new int[] {7}), 4);
            CUfunction function = new CUfunction();
            JCudaDriver.cuModuleGetFunction(function, module, "kernel");
            gpu.launch(function, 1, 1);
            assertArrayEquals(new int[] {7, 107}, gpu.ints(counter, 2));
        }
    }

    @Test
    void parametersLieAtTheirAlignment() {
        // Bytes and words before wider ones leave gaps in the parameter buffer.
        PtxProgram program =
                PtxProgram.of(
                        "u64 out, u16 a, u64 b, u32 c, f64 d, u16 e, f32 f",
                        """
                        st.global.u64 [%out], %b;
                        st.global.f64 [%out+8], %d;
                        cvt.u64.u16 %l0, %a;
                        st.global.u64 [%out+16], %l0;
                        cvt.u64.u32 %l0, %c;
                        st.global.u64 [%out+24], %l0;
                        cvt.u64.u16 %l0, %e;
                        st.global.u64 [%out+32], %l0;
                        cvt.f64.f32 %d0, %f;
                        st.global.f64 [%out+40], %d0;
                        """);
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr out = gpu.zeros(48);
            gpu.launch(
                    gpu.load(program), 1, 1, out, (short) 7, 1L << 40, -2, 2.5, (short) 9, 1.25f);
            long[] expected = {
                1L << 40,
                Double.doubleToLongBits(2.5),
                7,
                0xfffffffeL,
                9,
                Double.doubleToLongBits(1.25)
            };
            assertEquals(Arrays.toString(expected), Arrays.toString(gpu.longs(out, 6)));
        }
    }
}

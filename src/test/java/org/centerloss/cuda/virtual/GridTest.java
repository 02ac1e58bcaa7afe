package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import jcuda.driver.CUdeviceptr;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.Test;

/** Grids and blocks of three dimensions, and the registers that tell a thread where it is. */
@VirtualGpu
class GridTest {
    @Test
    void everyThreadOfThreeDimensionsRunsOnce() {
        int[] grid = {3, 2, 4};
        int[] block = {5, 3, 2};
        String body =
                """
                mov.u32 %r0, %tid.x;
                mov.u32 %r1, %tid.y;
                mov.u32 %r2, %tid.z;
                mov.u32 %r3, %ntid.x;
                mov.u32 %r4, %ntid.y;
                mov.u32 %r5, %ntid.z;
                mad.lo.u32 %r6, %r2, %r4, %r1;
                mad.lo.u32 %r6, %r6, %r3, %r0;
                mul.lo.u32 %r7, %r3, %r4;
                mul.lo.u32 %r7, %r7, %r5;
                mov.u32 %r8, %ctaid.z;
                mov.u32 %r9, %nctaid.y;
                mov.u32 %r10, %ctaid.y;
                mad.lo.u32 %r8, %r8, %r9, %r10;
                mov.u32 %r9, %nctaid.x;
                mov.u32 %r10, %ctaid.x;
                mad.lo.u32 %r8, %r8, %r9, %r10;
                mov.u32 %r11, %nctaid.z;
                mad.lo.u32 %r8, %r8, %r7, %r6;
                mul.wide.u32 %l0, %r8, 4;
                add.s64 %l0, %out, %l0;
                mad.lo.u32 %r12, %r8, 10, %r11;
                atom.global.add.u32 %r13, [%l0], %r12;
                """;
        int threads = 24 * 30;
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr out = gpu.zeros(4L * threads);
            gpu.launch(gpu.load(PtxProgram.of("u64 out", body)), grid, block, 0, null, out);
            assertArrayEquals(Lanes.expected(threads, i -> 10 * i + 4), gpu.ints(out, threads));
        }
    }

    @Test
    void lanesAndWarpsAreNumberedAlongTheBlock() {
        String body =
                """
                mov.u32 %r0, %laneid;
                mov.u32 %r1, %warpid;
                mad.lo.u32 %z, %r1, 100, %r0;
                mov.u32 %r2, %lanemask_lt;
                mov.u32 %r3, %lanemask_le;
                mov.u32 %r4, %lanemask_eq;
                mov.u32 %r5, %lanemask_ge;
                mov.u32 %r6, %lanemask_gt;
                popc.b32 %r7, %r2;
                setp.ne.u32 %p0, %r7, %r0;
                @%p0 trap;
                add.u32 %r7, %r2, %r4;
                setp.ne.u32 %p0, %r7, %r3;
                @%p0 trap;
                add.u32 %r7, %r6, %r4;
                setp.ne.u32 %p0, %r7, %r5;
                @%p0 trap;
                not.b32 %r7, %r5;
                setp.ne.u32 %p0, %r7, %r2;
                @%p0 trap;
                """;
        assertArrayEquals(
                Lanes.expected(100, t -> t / 32 * 100 + t % 32),
                Lanes.run(1, 100, new int[100], body));
    }

    @Test
    void blocksOfTwoDimensionsFillWarpsRowByRow() {
        String body =
                """
                mov.u32 %r0, %tid.y;
                mad.lo.u32 %r1, %r0, 16, %t;
                mov.u32 %r2, %laneid;
                mul.wide.u32 %l0, %r1, 4;
                add.s64 %l0, %out, %l0;
                st.global.u32 [%l0], %r2;
                """;
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr out = gpu.zeros(4 * 64);
            gpu.launch(
                    gpu.load(PtxProgram.of("u64 out", body)),
                    new int[] {1, 1, 1},
                    new int[] {16, 4, 1},
                    0,
                    null,
                    out);
            assertArrayEquals(Lanes.expected(64, t -> t % 32), gpu.ints(out, 64));
        }
    }

    @Test
    void dynamicSharedMemoryHasTheSizeOfTheLaunch() {
        String body =
                """
                mad.lo.u32 %r0, %t, 4, 0;
                mov.u32 %r1, dynamic;
                add.u32 %r0, %r0, %r1;
                st.shared.u32 [%r0], %t;
                bar.sync 0;
                xor.b32 %r2, %t, 63;
                mad.lo.u32 %r2, %r2, 4, %r1;
                ld.shared.u32 %r3, [%r2];
                mov.u32 %r4, %dynamic_smem_size;
                mad.lo.u32 %r3, %r3, 1000, %r4;
                mul.wide.u32 %l0, %t, 4;
                add.s64 %l0, %out, %l0;
                st.global.u32 [%l0], %r3;
                """;
        PtxProgram program =
                PtxProgram.of(".extern .shared .align 16 .b8 dynamic[];", "u64 out", body);
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr out = gpu.zeros(4 * 64);
            int[] one = {1, 1, 1};
            gpu.launch(gpu.load(program), one, new int[] {64, 1, 1}, 256, null, out);
            assertArrayEquals(Lanes.expected(64, t -> (63 - t) * 1000 + 256), gpu.ints(out, 64));
        }
    }

    @Test
    void resultsDoNotDependOnTheSeedButTheOrderDoes() {
        // Each block draws a ticket; the order of the tickets is the order in which blocks ran.
        PtxProgram program =
                PtxProgram.of(
                        ".global .u32 tickets = 0;",
                        "u64 out",
                        """
                        mov.u64 %l0, tickets;
                        atom.global.add.u32 %r0, [%l0], 1;
                        mul.wide.u32 %l1, %i, 4;
                        add.s64 %l1, %out, %l1;
                        st.global.u32 [%l1], %r0;
                        """);
        int[][] orders = new int[4][];
        for (int seed = 0; seed < orders.length; seed++) {
            try (VirtualContext gpu = new VirtualContext()) {
                VirtualContext.seed(seed);
                CUdeviceptr out = gpu.zeros(4 * 200);
                gpu.launch(gpu.load(program), 200, 1, out);
                orders[seed] = gpu.ints(out, 200);
                int[] sorted = Arrays.stream(orders[seed]).sorted().toArray();
                assertArrayEquals(Lanes.expected(200, i -> i), sorted);
            }
        }
        long distinct = Arrays.stream(orders).map(Arrays::toString).distinct().count();
        assertEquals(orders.length, distinct);
    }
}

package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a kernel must not touch, and memory that it reads before anything wrote it. */
@VirtualGpu
class MemoryFaultsTest {
    private static final String ILLEGAL = "CUDA_ERROR_ILLEGAL_ADDRESS";
    private static final String MISALIGNED = "CUDA_ERROR_MISALIGNED_ADDRESS";
    private static final PtxProgram READ =
            PtxProgram.of("u64 at", "ld.global.u32 %r0, [%at];\nst.global.u32 [%at], %r0;");
    private static final PtxProgram WRITE =
            PtxProgram.of("u64 at", "mov.u32 %r0, 1;\nst.global.u32 [%at], %r0;");

    private VirtualContext gpu;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @Test
    void readingBehindAnAllocation() {
        CUdeviceptr memory = gpu.zeros(100);
        gpu.faultOf(READ, 1, 1, memory.withByteOffset(100))
                .assertIs(
                        ILLEGAL,
                        "kernel 'kernel'",
                        "PTX line " + READ.line("ld.global"),
                        "ld.global.u32",
                        "0 bytes behind the end of the allocation of 100 bytes",
                        "block (0,0,0), thread (0,0,0)");
    }

    @Test
    void writingBehindAnAllocation() {
        CUdeviceptr memory = gpu.zeros(100);
        gpu.faultOf(WRITE, 1, 1, memory.withByteOffset(104))
                .assertIs(
                        ILLEGAL,
                        "PTX line " + WRITE.line("st.global"),
                        "st.global.u32",
                        "4 bytes behind the end");
    }

    @Test
    void readingBeforeAnAllocation() {
        CUdeviceptr memory = gpu.zeros(100);
        gpu.faultOf(READ, 1, 1, memory.withByteOffset(-4))
                .assertIs(ILLEGAL, "ld.global.u32", "4 bytes before the allocation of 100 bytes");
    }

    @Test
    void writingBeforeAnAllocation() {
        CUdeviceptr memory = gpu.zeros(100);
        gpu.faultOf(WRITE, 1, 1, memory.withByteOffset(-4))
                .assertIs(ILLEGAL, "st.global.u32", "4 bytes before the allocation of 100 bytes");
    }

    @Test
    void aVectorThatReachesOverTheEnd() {
        CUdeviceptr memory = gpu.zeros(24);
        PtxProgram program =
                PtxProgram.of("u64 at", "ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%at+16];");
        gpu.faultOf(program, 1, 1, memory)
                .assertIs(ILLEGAL, "ld.global.v4.f32", "reach over the end");
    }

    @Test
    void theFirstThreadBehindTheEndIsNamed() {
        CUdeviceptr memory = gpu.zeros(4 * 300);
        PtxProgram program =
                PtxProgram.of(
                        "u64 at",
                        """
                        mul.wide.u32 %l0, %i, 4;
                        add.s64 %l0, %at, %l0;
                        st.global.u32 [%l0], %i;
                        """);
        gpu.faultOf(program, 5, 64, memory)
                .assertIs(ILLEGAL, "block (4,0,0), thread (44,0,0)", "behind the end");
    }

    @Test
    void freedMemory() {
        CUdeviceptr memory = gpu.zeros(256);
        JCudaDriver.cuMemFree(memory);
        gpu.faultOf(READ, 1, 1, memory).assertIs(ILLEGAL, "which was freed");
    }

    @Test
    void aHostPointer() {
        long anAddressOfThisProcess = Pointer.nativeValue(new Memory(64));
        gpu.faultOf(READ, 1, 1, anAddressOfThisProcess)
                .assertIs(ILLEGAL, "in no device allocation (a host pointer?)");
    }

    @Test
    void theNullPointer() {
        gpu.faultOf(WRITE, 1, 1, 0L).assertIs(ILLEGAL, "near the null pointer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ld.global.u32 %r0, [%at+2]",
                "ld.global.u16 %h0, [%at+1]",
                "ld.global.u64 %l0, [%at+4]",
                "ld.global.v2.f32 {%f0, %f1}, [%at+4]",
                "ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%at+8]",
                "st.global.v2.f32 [%at+4], {0f00000000, 0f00000000}",
                "atom.global.add.u32 %r0, [%at+1], 1"
            })
    void misalignedAccess(String instruction) {
        PtxProgram program = PtxProgram.of("u64 at", instruction + ";");
        gpu.faultOf(program, 1, 1, gpu.zeros(64))
                .assertIs(MISALIGNED, "not aligned", instruction.split(" ")[0]);
    }

    @Test
    void readingGlobalMemoryThatNothingWrote() {
        CUdeviceptr memory = gpu.allocate(64);
        JCudaDriver.cuMemsetD8(memory, (byte) 0, 32);
        gpu.run(READ, 1, 1, memory.withByteOffset(28));
        gpu.faultOf(READ, 1, 1, memory.withByteOffset(32))
                .assertIs(ILLEGAL, "reads device memory that nothing wrote");
    }

    @Test
    void addingAtomicallyToMemoryThatNothingWrote() {
        PtxProgram program = PtxProgram.of("u64 at", "red.global.add.u32 [%at], 1;");
        gpu.faultOf(program, 1, 1, gpu.allocate(64)).assertIs(ILLEGAL, "that nothing wrote");
    }

    @Test
    void readingSharedMemoryThatNothingWrote() {
        PtxProgram program =
                PtxProgram.of(
                        "",
                        """
                        .shared .align 4 .b32 tile[2];
                        st.shared.u32 [tile], 1;
                        ld.shared.u32 %r0, [tile];
                        ld.shared.u32 %r0, [tile+4];
                        """);
        gpu.faultOf(program, 1, 1)
                .assertIs(
                        ILLEGAL,
                        "PTX line " + program.line("ld.shared.u32 %r0, [tile+4]"),
                        "reads shared memory that nothing wrote");
    }

    @Test
    void readingLocalMemoryThatNothingWrote() {
        PtxProgram program =
                PtxProgram.of(
                        "",
                        """
                        .local .align 4 .b32 own[2];
                        st.local.u32 [own], 1;
                        ld.local.u32 %r0, [own];
                        ld.local.u32 %r0, [own+4];
                        """);
        gpu.faultOf(program, 1, 1).assertIs(ILLEGAL, "reads local memory that nothing wrote");
    }

    @Test
    void sharedMemoryBehindTheBlocks() {
        PtxProgram program =
                PtxProgram.of(
                        "",
                        """
                        .shared .align 4 .b32 tile[32];
                        mov.u32 %r0, tile;
                        mad.lo.u32 %r0, %t, 4, %r0;
                        st.shared.u32 [%r0+4], 1;
                        """);
        gpu.faultOf(program, 1, 32)
                .assertIs(ILLEGAL, "byte 128 of 128 bytes of shared memory", "thread (31,0,0)");
    }

    @Test
    void misalignedSharedMemory() {
        PtxProgram program =
                PtxProgram.of(
                        "",
                        """
                        .shared .align 16 .b8 tile[32];
                        st.shared.v2.u32 [tile+4], {%t, %t};
                        """);
        gpu.faultOf(program, 1, 1).assertIs(MISALIGNED, "shared memory", "not aligned to 8");
    }

    @Test
    void localMemoryBehindTheArray() {
        PtxProgram program =
                PtxProgram.of(
                        "",
                        """
                        .local .align 4 .b32 own[4];
                        mov.u64 %l0, own;
                        st.local.u32 [%l0+16], 1;
                        """);
        gpu.faultOf(program, 1, 1).assertIs(ILLEGAL, "byte 16 of 16 bytes of local memory");
    }

    @Test
    void writingAConstant() {
        PtxProgram program =
                PtxProgram.of(
                        ".const .align 4 .u32 table[1] = {1};",
                        "",
                        """
                        mov.u64 %l0, table;
                        cvta.const.u64 %l0, %l0;
                        st.u32 [%l0], 2;
                        """);
        gpu.faultOf(program, 1, 1).assertIs(ILLEGAL, "writes a .const variable");
    }

    /** Only the lanes whose predicate holds touch memory. */
    @Test
    void aGuardedAccessIsNotCheckedForOtherLanes() {
        PtxProgram program =
                PtxProgram.of(
                        "u64 at, u32 count",
                        """
                        setp.lt.u32 %p0, %i, %count;
                        mul.wide.u32 %l0, %i, 4;
                        add.s64 %l0, %at, %l0;
                        @%p0 ld.global.u32 %r0, [%l0];
                        @%p0 st.global.u32 [%l0], %i;
                        @%p0 red.global.add.u32 [%l0], 1;
                        """);
        CUdeviceptr memory = gpu.zeros(4 * 33);
        gpu.run(program, 2, 32, memory, 33);
        assertArrayEquals(Lanes.expected(33, i -> i + 1), gpu.ints(memory, 33));
        gpu.faultOf(program, 2, 32, memory, 34).assertIs(ILLEGAL, "block (1,0,0), thread (1,0,0)");
    }

    /** After a fault every call says so, as on hardware, until the context is gone. */
    @Test
    void aFaultBreaksTheContext() {
        gpu.faultOf(WRITE, 1, 1, 0L).assertIs(ILLEGAL);
        VirtualContext.fault(() -> gpu.allocate(16)).assertIs(ILLEGAL);
        VirtualContext.fault(VirtualContext::synchronize).assertIs(ILLEGAL);
        try (VirtualContext other = new VirtualContext()) {
            other.run(WRITE, 1, 1, other.allocate(16));
        }
    }
}

package org.centerloss.cuda.virtual;

import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that wait for what never comes, and exchanges with lanes that are not there. */
@VirtualGpu
class SynchronizationFaultsTest {
    private static final String FAILED = "CUDA_ERROR_LAUNCH_FAILED";

    private VirtualContext gpu;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private VirtualContext.Fault faultOf(int threads, String body) {
        return gpu.faultOf(PtxProgram.of("", body), 1, threads);
    }

    @Test
    void warpsThatWaitAtDifferentBarriers() {
        faultOf(
                        64,
                        """
                        setp.lt.u32 %p0, %t, 32;
                        @%p0 bra FIRST;
                        bar.sync 1;
                        bra DONE;
                        FIRST:
                        bar.sync 0;
                        DONE:
                        """)
                .assertIs(FAILED, "wait at different barriers");
    }

    @Test
    void warpsAtTwoPlacesOfOneBarrier() {
        faultOf(
                        64,
                        """
                        setp.lt.u32 %p0, %t, 32;
                        @%p0 bra FIRST;
                        bar.sync 0;
                        bra DONE;
                        FIRST:
                        bar.sync 0;
                        DONE:
                        """)
                .assertIs(FAILED, "wait at different barriers");
    }

    @Test
    void aBarrierThatCountsMoreThreadsThanCome() {
        faultOf(
                        96,
                        """
                        setp.ge.u32 %p0, %t, 64;
                        @%p0 bra DONE;
                        bar.sync 2, 96;
                        DONE:
                        """)
                .assertIs(FAILED, "deadlock", "waits for 96 threads, 64 came");
    }

    @Test
    void someLanesOfAWarpAtABarrier() {
        faultOf(
                        64,
                        """
                        and.b32 %r0, %t, 1;
                        setp.eq.u32 %p0, %r0, 0;
                        @%p0 bra DONE;
                        bar.sync 0;
                        DONE:
                        mov.u32 %r1, 0;
                        LOOP:
                        add.u32 %r1, %r1, 1;
                        setp.lt.u32 %p1, %r1, 10;
                        @%p1 bra LOOP;
                        bar.warp.sync 0xffffffff;
                        """)
                .assertIs(FAILED, "lanes wait for each other", "lane 1 here");
    }

    @Test
    void aPredicatedBarrierThatSomeLanesSkip() {
        faultOf(
                        32,
                        """
                        setp.lt.u32 %p0, %t, 16;
                        @%p0 bar.sync 0;
                        """)
                .assertIs(FAILED, "barrier");
    }

    @Test
    void aShuffleFromALaneThatIsNotInTheMask() {
        faultOf(
                        32,
                        """
                        setp.ge.u32 %p0, %t, 16;
                        @%p0 ret;
                        mov.u32 %r0, 1;
                        shfl.sync.idx.b32 %r1, %r0, 20, 31, 0xffff;
                        """)
                .assertIs(FAILED, "shfl.sync.idx.b32", "lane 20");
    }

    @Test
    void aShuffleFromALaneThatHasLeft() {
        faultOf(
                        32,
                        """
                        setp.ge.u32 %p0, %t, 16;
                        @%p0 ret;
                        mov.u32 %r0, 1;
                        shfl.sync.bfly.b32 %r1, %r0, 16, 31, 0xffffffff;
                        """)
                .assertIs(FAILED, "shfl.sync.bfly.b32", "lane 16");
    }

    @Test
    void aShuffleByALaneThatItsMaskOmits() {
        faultOf(
                        32,
                        """
                        mov.u32 %r0, 1;
                        shfl.sync.bfly.b32 %r1, %r0, 1, 31, 0x0000ffff;
                        """)
                .assertIs(FAILED, "shfl.sync.bfly.b32", "mask");
    }

    @Test
    void aVoteThatWaitsForLanesOfTheOtherBranch() {
        faultOf(
                        32,
                        """
                        setp.lt.u32 %p0, %t, 16;
                        @%p0 bra FIRST;
                        vote.sync.any.pred %p1, %p0, 0xffffffff;
                        bra DONE;
                        FIRST:
                        vote.sync.all.pred %p1, %p0, 0xffffffff;
                        DONE:
                        """)
                .assertIs(FAILED, "vote.sync");
    }

    @Test
    void aLoopWithoutEnd() {
        faultOf(
                        32,
                        """
                        mov.u32 %r0, 0;
                        LOOP:
                        add.u32 %r0, %r0, 1;
                        bra LOOP;
                        """)
                .assertIs("CUDA_ERROR_LAUNCH_TIMEOUT", "does not end");
    }

    @Test
    void aTrap() {
        PtxProgram program = PtxProgram.of("", "setp.eq.u32 %p0, %i, 70;\n@%p0 trap;");
        gpu.faultOf(program, 2, 64)
                .assertIs(
                        FAILED,
                        "PTX line " + program.line("@%p0 trap"),
                        "trap",
                        "block (1,0,0), thread (6,0,0)");
    }
}

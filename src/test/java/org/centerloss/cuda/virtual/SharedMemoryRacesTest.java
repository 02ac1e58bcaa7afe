package org.centerloss.cuda.virtual;

import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Accesses of two threads to the same shared word with no barrier between, one of them a write. The
 * programs that do synchronise are {@link BarrierTest}'s, and those at the end of this file.
 */
@VirtualGpu
class SharedMemoryRacesTest {
    private static final String TILE =
            """
            .shared .align 4 .b32 tile[64];
            mov.u32 %r20, tile;
            mad.lo.u32 %r21, %t, 4, %r20;
            st.shared.u32 [%r21], 0;
            bar.sync 0;
            """;
    // The word of another warp's thread, and that of a neighbour in the same warp.
    private static final String OTHER_WARP =
            "xor.b32 %r0, %t, 32;\nmad.lo.u32 %r22, %r0, 4, %r20;\n";
    private static final String SAME_WARP = "xor.b32 %r0, %t, 1;\nmad.lo.u32 %r22, %r0, 4, %r20;\n";

    record Racy(String name, String body) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Racy> races() {
        return Stream.of(
                new Racy(
                        "a read of what another warp wrote",
                        OTHER_WARP + "st.shared.u32 [%r21], %t;\nld.shared.u32 %r1, [%r22];"),
                new Racy(
                        "a write over what another warp read",
                        OTHER_WARP
                                + """
                                st.shared.u32 [%r21], %t;
                                bar.sync 0;
                                ld.shared.u32 %r1, [%r22];
                                st.shared.u32 [%r21], %r1;
                                """),
                new Racy(
                        "two writes by different warps",
                        "and.b32 %r0, %t, 31;\nmad.lo.u32 %r22, %r0, 4, %r20;\nst.shared.u32 [%r22], %t;"),
                new Racy("two equal writes by different warps", "st.shared.u32 [tile], 7;"),
                new Racy(
                        "two lanes write the same word at once",
                        "shr.u32 %r0, %t, 1;\nmad.lo.u32 %r22, %r0, 4, %r20;\nst.shared.u32 [%r22], %t;"),
                new Racy(
                        "a read of what a lane of the same warp wrote",
                        SAME_WARP + "st.shared.u32 [%r21], %t;\nld.shared.u32 %r1, [%r22];"),
                new Racy(
                        "a write over what a lane of the same warp read",
                        SAME_WARP
                                + """
                                st.shared.u32 [%r21], %t;
                                bar.sync 0;
                                ld.shared.u32 %r1, [%r22];
                                st.shared.u32 [%r21], %r1;
                                """),
                new Racy(
                        "a barrier of the warp where one of the block is needed",
                        OTHER_WARP
                                + "st.shared.u32 [%r21], %t;\nbar.warp.sync 0xffffffff;\nld.shared.u32 %r1, [%r22];"),
                new Racy(
                        "an atomic update and a plain read",
                        """
                        setp.ne.u32 %p0, %t, 0;
                        @!%p0 st.shared.u32 [tile], 0;
                        bar.sync 0;
                        @%p0 atom.shared.add.u32 %r1, [tile], 1;
                        @!%p0 ld.shared.u32 %r1, [tile];
                        """),
                new Racy(
                        "a vector and one of its words",
                        """
                        setp.ge.u32 %p0, %t, 32;
                        @%p0 bra LATER;
                        st.shared.u32 [%r21], %t;
                        bra DONE;
                        LATER:
                        sub.u32 %r0, %t, 32;
                        shr.u32 %r0, %r0, 2;
                        mad.lo.u32 %r22, %r0, 16, %r20;
                        ld.shared.v4.u32 {%r1, %r2, %r3, %r4}, [%r22];
                        DONE:
                        """),
                new Racy(
                        "a barrier of one warp alone",
                        OTHER_WARP
                                + """
                                st.shared.u32 [%r21], %t;
                                setp.ge.u32 %p0, %t, 32;
                                @%p0 bra LATER;
                                bar.sync 1, 32;
                                LATER:
                                ld.shared.u32 %r1, [%r22];
                                """),
                new Racy(
                        "a generic and a shared address of the same word",
                        OTHER_WARP
                                + """
                                st.shared.u32 [%r21], %t;
                                cvt.u64.u32 %l0, %r22;
                                cvta.shared.u64 %l0, %l0;
                                ld.u32 %r1, [%l0];
                                """),
                new Racy(
                        "a byte and the word around it",
                        """
                        setp.ge.u32 %p0, %t, 32;
                        @%p0 bra LATER;
                        st.shared.u32 [%r21], %t;
                        bra DONE;
                        LATER:
                        sub.u32 %r22, %r21, 127;
                        st.shared.u8 [%r22], 1;
                        DONE:
                        """));
    }

    @ParameterizedTest
    @MethodSource("races")
    void aRaceIsReportedForEverySeed(Racy race) {
        for (int seed = 0; seed < 6; seed++) {
            try (VirtualContext gpu = new VirtualContext()) {
                VirtualContext.seed(seed);
                gpu.faultOf(PtxProgram.of("", TILE + race.body), 1, 64)
                        .assertIs(
                                "CUDA_ERROR_LAUNCH_FAILED",
                                "shared-memory race: thread",
                                "PTX line",
                                "without a barrier between");
            }
        }
    }

    record Correct(String name, String body) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Correct> correct() {
        return Stream.of(
                new Correct(
                        "a barrier between write and read",
                        OTHER_WARP
                                + "st.shared.u32 [%r21], %t;\nbar.sync 0;\nld.shared.u32 %r1, [%r22];"),
                new Correct(
                        "a barrier between read and write",
                        OTHER_WARP
                                + """
                                st.shared.u32 [%r21], %t;
                                bar.sync 0;
                                ld.shared.u32 %r1, [%r22];
                                bar.sync 0;
                                st.shared.u32 [%r21], %r1;
                                """),
                new Correct(
                        "bar.warp.sync within a warp",
                        SAME_WARP
                                + """
                                st.shared.u32 [%r21], %t;
                                bar.warp.sync 0xffffffff;
                                ld.shared.u32 %r1, [%r22];
                                bar.warp.sync 0xffffffff;
                                st.shared.u32 [%r21], %r1;
                                """),
                new Correct(
                        "reads of one word by all",
                        """
                        setp.eq.u32 %p0, %t, 0;
                        @%p0 st.shared.u32 [tile], 3;
                        bar.sync 0;
                        ld.shared.u32 %r1, [tile];
                        """),
                new Correct(
                        "atomic updates of one word by all",
                        """
                        setp.eq.u32 %p0, %t, 0;
                        @%p0 st.shared.u32 [tile], 3;
                        bar.sync 0;
                        atom.shared.add.u32 %r1, [tile], 1;
                        red.shared.max.u32 [tile], %t;
                        """),
                new Correct(
                        "each thread its own byte of a word",
                        "add.u32 %r22, %r20, %t;\nst.shared.u8 [%r22], 1;\nld.shared.u8 %r1, [%r22];"),
                new Correct(
                        "a thread's own word, again and again",
                        "st.shared.u32 [%r21], 1;\nld.shared.u32 %r1, [%r21];\nst.shared.u32 [%r21], %r1;"));
    }

    @ParameterizedTest
    @MethodSource("correct")
    void aCorrectProgramIsNotReported(Correct program) {
        for (int seed = 0; seed < 6; seed++) {
            try (VirtualContext gpu = new VirtualContext()) {
                VirtualContext.seed(seed);
                gpu.run(PtxProgram.of("", TILE + program.body), 2, 64);
            }
        }
    }
}

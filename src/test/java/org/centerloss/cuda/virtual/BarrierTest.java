package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads of a block that hand data to each other, in programs that synchronise as they must. */
@VirtualGpu
class BarrierTest {
    private static final int THREADS = 160;
    private static final String TILE =
            """
            .shared .align 4 .b32 tile[160];
            mov.u32 %r20, tile;
            mad.lo.u32 %r21, %t, 4, %r20;
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {"bar.sync 0;", "barrier.sync 3;", "bar.sync 1, 160;", "bar.cta.sync 2;"})
    void aBarrierHandsDataToOtherWarps(String barrier) {
        String body =
                TILE
                        + "st.shared.u32 [%r21], %x;\n"
                        + barrier
                        + """

                        sub.u32 %r0, 159, %t;
                        mad.lo.u32 %r0, %r0, 4, %r20;
                        ld.shared.u32 %z, [%r0];
                        """;
        int[] input = Lanes.distinct(2 * THREADS);
        assertArrayEquals(
                Lanes.expected(2 * THREADS, i -> input[i / THREADS * THREADS + 159 - i % THREADS]),
                Lanes.run(2, THREADS, input, body));
    }

    /** The usual tree; every step is in a loop with a barrier that all threads reach. */
    @Test
    void aTreeAddsUpABlock() {
        String body =
                """
                .shared .align 4 .b32 tile[128];
                mov.u32 %r20, tile;
                mad.lo.u32 %r21, %t, 4, %r20;
                st.shared.u32 [%r21], %x;
                mov.u32 %r0, 64;
                LOOP:
                bar.sync 0;
                setp.ge.u32 %p0, %t, %r0;
                @%p0 bra NEXT;
                mad.lo.u32 %r1, %r0, 4, %r21;
                ld.shared.u32 %r2, [%r1];
                ld.shared.u32 %r3, [%r21];
                add.u32 %r3, %r3, %r2;
                st.shared.u32 [%r21], %r3;
                NEXT:
                shr.u32 %r0, %r0, 1;
                setp.ne.u32 %p1, %r0, 0;
                @%p1 bra LOOP;
                bar.sync 0;
                ld.shared.u32 %z, [tile];
                """;
        int[] input = IntStream.range(0, 512).map(i -> i * i).toArray();
        assertArrayEquals(
                Lanes.expected(
                        512, i -> Arrays.stream(input, i / 128 * 128, i / 128 * 128 + 128).sum()),
                Lanes.run(4, 128, input, body));
    }

    /** One barrier a round suffices where two tiles alternate; none of it is a race. */
    @Test
    void aDoubleBufferedTileNeedsOneBarrierARound() {
        String body =
                """
                .shared .align 4 .b32 tiles[320];
                mov.u32 %r20, tiles;
                mov.u32 %r0, 0;
                mov.u32 %z, %x;
                add.u32 %r5, %t, 1;
                rem.u32 %r5, %r5, 160;
                ROUND:
                and.b32 %r1, %r0, 1;
                mad.lo.u32 %r2, %r1, 640, %r20;
                mad.lo.u32 %r3, %t, 4, %r2;
                st.shared.u32 [%r3], %z;
                bar.sync 0;
                mad.lo.u32 %r3, %r5, 4, %r2;
                ld.shared.u32 %z, [%r3];
                add.u32 %r0, %r0, 1;
                setp.lt.u32 %p0, %r0, 7;
                @%p0 bra ROUND;
                """;
        int[] input = Lanes.distinct(THREADS);
        assertArrayEquals(
                Lanes.expected(THREADS, i -> input[(i + 7) % THREADS]),
                Lanes.run(1, THREADS, input, body));
    }

    @Test
    void aWarpSynchronisesItself() {
        String body =
                TILE
                        + """
                        st.shared.u32 [%r21], %x;
                        bar.warp.sync 0xffffffff;
                        xor.b32 %r0, %t, 5;
                        mad.lo.u32 %r0, %r0, 4, %r20;
                        ld.shared.u32 %z, [%r0];
                        """;
        int[] input = Lanes.distinct(THREADS);
        assertArrayEquals(
                Lanes.expected(THREADS, i -> input[i ^ 5]), Lanes.run(1, THREADS, input, body));
    }

    /** Warps of one barrier do not wait for those of another. */
    @Test
    void namedBarriersSynchroniseSomeWarps() {
        String body =
                """
                .shared .align 4 .b32 tile[128];
                mov.u32 %r20, tile;
                mad.lo.u32 %r21, %t, 4, %r20;
                st.shared.u32 [%r21], %x;
                shr.u32 %r0, %t, 6;
                add.u32 %r0, %r0, 1;
                bar.sync %r0, 64;
                xor.b32 %r1, %t, 32;
                mad.lo.u32 %r1, %r1, 4, %r20;
                ld.shared.u32 %z, [%r1];
                """;
        int[] input = Lanes.distinct(128);
        assertArrayEquals(Lanes.expected(128, i -> input[i ^ 32]), Lanes.run(1, 128, input, body));
    }

    @Test
    void aBarrierCountsThreadsForWhichAPredicateHolds() {
        String body =
                """
                setp.gt.u32 %p0, %t, 99;
                bar.red.popc.u32 %r0, 0, %p0;
                bar.red.and.pred %p1, 0, %p0;
                bar.red.or.pred %p2, 0, %p0;
                selp.u32 %r1, 1000, 0, %p1;
                selp.u32 %r2, 2000, 0, %p2;
                add.u32 %z, %r0, %r1;
                add.u32 %z, %z, %r2;
                """;
        assertArrayEquals(
                Lanes.expected(THREADS, i -> 2060), Lanes.run(1, THREADS, new int[THREADS], body));
    }
}

package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.IntStream;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.Test;

/** Branches that lanes take apart from each other, and how they come together again. */
@VirtualGpu
class ControlFlowTest {
    private static final int ALL = 96;
    private static final int[] COUNTING = IntStream.range(0, ALL).toArray();

    @Test
    void lanesTakeBothSidesOfABranch() {
        String body =
                """
                and.b32 %r0, %x, 1;
                setp.eq.u32 %p0, %r0, 0;
                @%p0 bra EVEN;
                mul.lo.u32 %z, %x, 3;
                bra.uni DONE;
                EVEN:
                add.u32 %z, %x, 1000;
                DONE:
                add.u32 %z, %z, 1;
                """;
        assertArrayEquals(
                Lanes.expected(ALL, x -> x % 2 == 0 ? x + 1001 : 3 * x + 1),
                Lanes.run(1, ALL, COUNTING, body));
    }

    @Test
    void lanesLoopAsOftenAsTheyNeed() {
        String body =
                """
                mov.u32 %r0, 0;
                mov.u32 %r1, %x;
                LOOP:
                setp.eq.u32 %p0, %r1, 0;
                @%p0 bra DONE;
                add.u32 %r0, %r0, %r1;
                sub.u32 %r1, %r1, 1;
                bra LOOP;
                DONE:
                mov.u32 %z, %r0;
                """;
        assertArrayEquals(
                Lanes.expected(ALL, x -> x * (x + 1) / 2), Lanes.run(3, 32, COUNTING, body));
    }

    /** The number of Collatz steps: branches within a loop of unpredictable length. */
    @Test
    void branchesWithinLoopsReconverge() {
        String body =
                """
                add.u32 %r0, %x, 1;
                mov.u32 %z, 0;
                LOOP:
                setp.eq.u32 %p0, %r0, 1;
                @%p0 bra DONE;
                and.b32 %r1, %r0, 1;
                setp.eq.u32 %p1, %r1, 0;
                @%p1 bra HALVE;
                mad.lo.u32 %r0, %r0, 3, 1;
                bra NEXT;
                HALVE:
                shr.u32 %r0, %r0, 1;
                NEXT:
                add.u32 %z, %z, 1;
                bra LOOP;
                DONE:
                activemask.b32 %r2;
                setp.ne.u32 %p2, %r2, 0xffffffff;
                @%p2 trap;
                """;
        assertArrayEquals(
                Lanes.expected(ALL, x -> collatz(x + 1)), Lanes.run(1, ALL, COUNTING, body));
    }

    private static int collatz(int value) {
        int steps = 0;
        for (int n = value; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) {
            steps++;
        }
        return steps;
    }

    @Test
    void nestedBranchesReconvergeFromTheInside() {
        String body =
                """
                mov.u32 %z, 0;
                and.b32 %r0, %x, 1;
                setp.ne.u32 %p0, %r0, 0;
                @%p0 bra OUTER_ELSE;
                and.b32 %r0, %x, 2;
                setp.ne.u32 %p1, %r0, 0;
                @%p1 bra INNER_ELSE;
                add.u32 %z, %z, 1;
                bra INNER_DONE;
                INNER_ELSE:
                add.u32 %z, %z, 2;
                INNER_DONE:
                shl.b32 %z, %z, 4;
                bra OUTER_DONE;
                OUTER_ELSE:
                add.u32 %z, %z, 3;
                OUTER_DONE:
                shl.b32 %z, %z, 4;
                """;
        int[] byLowBits = {0x100, 0x30, 0x200, 0x30};
        assertArrayEquals(
                Lanes.expected(ALL, x -> byLowBits[x % 4]), Lanes.run(1, ALL, COUNTING, body));
    }

    @Test
    void lanesThatLeaveDoNotHoldUpTheOthers() {
        String body =
                """
                mov.u32 %z, 9;
                setp.lt.u32 %p0, %x, 40;
                @%p0 ret;
                setp.lt.u32 %p1, %x, 50;
                @%p1 exit;
                bar.sync 0;
                add.u32 %z, %x, 1;
                """;
        assertArrayEquals(
                Lanes.expected(ALL, x -> x < 50 ? 0 : x + 1), Lanes.run(1, ALL, COUNTING, body));
    }

    @Test
    void indexedBranchesJumpByTable() {
        String body =
                """
                and.b32 %r0, %x, 3;
                TABLE: .branchtargets ZERO, ONE, TWO, THREE;
                brx.idx %r0, TABLE;
                ZERO:
                mov.u32 %z, 10;
                bra DONE;
                ONE:
                mov.u32 %z, 21;
                bra DONE;
                TWO:
                mov.u32 %z, 32;
                bra DONE;
                THREE:
                mov.u32 %z, 43;
                DONE:
                """;
        assertArrayEquals(
                Lanes.expected(ALL, x -> 10 + 11 * (x % 4)), Lanes.run(1, ALL, COUNTING, body));
    }

    @Test
    void functionsAreCalledWithArgumentsAndResults() {
        String function =
                """
                .func (.param .b32 result) power(.param .b32 base, .param .b64 exponent)
                {
                    .reg .pred %p<2>;
                    .reg .b32 %r<4>;
                    .reg .b64 %l<2>;
                    ld.param.b32 %r0, [base];
                    ld.param.b64 %l0, [exponent];
                    mov.u32 %r1, 1;
                LOOP:
                    setp.eq.s64 %p0, %l0, 0;
                    @%p0 bra DONE;
                    mul.lo.u32 %r1, %r1, %r0;
                    add.s64 %l0, %l0, -1;
                    bra LOOP;
                DONE:
                    st.param.b32 [result], %r1;
                    ret;
                }
                """;
        String body =
                """
                and.b32 %r0, %x, 7;
                cvt.u64.u32 %l0, %r0;
                {
                .param .b32 argument0;
                .param .b64 argument1;
                .param .b32 returned;
                st.param.b32 [argument0], 3;
                st.param.b64 [argument1], %l0;
                call.uni (returned), power, (argument0, argument1);
                ld.param.b32 %z, [returned];
                }
                """;
        int[] powers = {1, 3, 9, 27, 81, 243, 729, 2187};
        assertArrayEquals(
                Lanes.expected(ALL, x -> powers[x % 8]),
                Lanes.run(function, 1, ALL, COUNTING, body));
    }
}

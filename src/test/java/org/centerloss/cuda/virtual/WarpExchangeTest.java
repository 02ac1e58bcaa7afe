package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shuffles, votes, matches and reductions within a warp. */
@VirtualGpu
class WarpExchangeTest {
    private static final int ALL = 64;
    private static final int[] INPUT = Lanes.distinct(ALL);

    /** One shuffle: its mode, the lane or distance, and the width of a segment. */
    record Shuffle(String mode, int amount, int width) {
        /** The lane that is read, or -1 where the lane keeps its own value. */
        int source(int lane) {
            int first = lane / width * width;
            int source =
                    switch (mode) {
                        case "up" -> lane - amount;
                        case "down" -> lane + amount;
                        case "bfly" -> lane ^ amount;
                        default -> first + amount % width;
                    };
            boolean inside =
                    mode.equals("up") ? source >= first : source < first + width && source < 32;
            return inside ? source : -1;
        }

        /** CUDA's encoding of a segment's width. */
        int clamp() {
            return 32 - width << 8 | (mode.equals("up") ? 0 : 31);
        }
    }

    static Stream<Shuffle> shuffles() {
        return Stream.of("up", "down", "bfly", "idx")
                .flatMap(
                        mode ->
                                IntStream.of(2, 8, 16, 32)
                                        .boxed()
                                        .flatMap(
                                                width ->
                                                        IntStream.of(0, 1, 2, 5, 16, 31)
                                                                .mapToObj(
                                                                        amount ->
                                                                                new Shuffle(
                                                                                        mode,
                                                                                        amount,
                                                                                        width))));
    }

    @ParameterizedTest
    @MethodSource("shuffles")
    void shufflesWithinSegments(Shuffle shuffle) {
        String body =
                "shfl.sync.%s.b32 %%z|%%p0, %%x, %d, %d, 0xffffffff;\n@!%%p0 neg.s32 %%z, %%z;"
                        .formatted(shuffle.mode, shuffle.amount, shuffle.clamp());
        int[] expected =
                Lanes.expected(
                        ALL,
                        t -> {
                            int source = shuffle.source(t % 32);
                            return source < 0 ? -INPUT[t] : INPUT[t / 32 * 32 + source];
                        });
        assertArrayEquals(expected, Lanes.run(1, ALL, INPUT, body));
    }

    @Test
    void eachLaneMayReadAnotherLane() {
        String body =
                """
                mad.lo.u32 %r0, %t, 7, 3;
                shfl.sync.idx.b32 %z, %x, %r0, 31, 0xffffffff;
                """;
        int[] expected = Lanes.expected(ALL, t -> INPUT[t / 32 * 32 + (7 * t + 3) % 32]);
        assertArrayEquals(expected, Lanes.run(1, ALL, INPUT, body));
    }

    @Test
    void shufflesAmongTheLanesOfABranch() {
        // The two halves of the lanes shuffle apart from each other, at different places.
        String body =
                """
                and.b32 %r0, %t, 1;
                setp.eq.u32 %p0, %r0, 0;
                @%p0 bra EVEN;
                shfl.sync.bfly.b32 %z, %x, 2, 31, 0xaaaaaaaa;
                bra DONE;
                EVEN:
                shfl.sync.bfly.b32 %z, %x, 4, 31, 0x55555555;
                DONE:
                """;
        int[] expected = Lanes.expected(ALL, t -> INPUT[t % 2 == 0 ? t ^ 4 : t ^ 2]);
        assertArrayEquals(expected, Lanes.run(1, ALL, INPUT, body));
    }

    @Test
    void shufflesOfASmallBlockNameItsLanesOnly() {
        int[] input = Lanes.distinct(8);
        String body = "shfl.sync.down.b32 %z, %x, 1, 31, 0xff;\nadd.u32 %z, %z, %x;";
        int[] found = Lanes.run(1, 8, input, body.replace(", 1, 31,", ", 1, 6175,"));
        // A segment of 8: 32 - 8 in the upper byte.
        assertArrayEquals(
                Lanes.expected(8, t -> input[t] + (t == 7 ? input[t] : input[t + 1])), found);
    }

    @ParameterizedTest
    @CsvSource({
        "all, 0, 1",
        "all, 1030, 0",
        "all, 1000000, 0",
        "any, 0, 1",
        "any, 1030, 1",
        "any, 1000000, 0",
        "uni, 0, 1",
        "uni, 1030, 0",
        "uni, 1000000, 1"
    })
    void votes(String mode, int above, int outcome) {
        String body =
                "setp.ge.s32 %%p0, %%x, %d;\nvote.sync.%s.pred %%p1, %%p0, 0xffffffff;\nselp.u32 %%z, 1, 0, %%p1;"
                        .formatted(above, mode);
        int[] found = Lanes.run(1, 32, Lanes.distinct(32), body);
        assertArrayEquals(Lanes.expected(32, t -> outcome), found);
    }

    @Test
    void ballotsAndNegatedVotes() {
        String body =
                """
                and.b32 %r0, %t, 3;
                setp.eq.u32 %p0, %r0, 1;
                vote.sync.ballot.b32 %r1, %p0, 0xffffffff;
                vote.sync.ballot.b32 %r2, !%p0, 0xffffffff;
                not.b32 %r2, %r2;
                setp.ne.u32 %p1, %r1, %r2;
                @%p1 trap;
                mov.u32 %z, %r1;
                """;
        assertArrayEquals(Lanes.expected(ALL, t -> 0x22222222), Lanes.run(1, ALL, INPUT, body));
    }

    @Test
    void activeMaskNamesTheLanesOfABranch() {
        String body =
                """
                setp.lt.u32 %p0, %t, 5;
                activemask.b32 %z;
                @%p0 bra FEW;
                bra DONE;
                FEW:
                activemask.b32 %z;
                DONE:
                """;
        assertArrayEquals(
                Lanes.expected(32, t -> t < 5 ? 31 : -1), Lanes.run(1, 32, INPUT_32, body));
    }

    private static final int[] INPUT_32 = Arrays.copyOf(INPUT, 32);

    @Test
    void matchesEqualValues() {
        String body =
                """
                and.b32 %r0, %x, 3;
                match.any.sync.b32 %z, %r0, 0xffffffff;
                match.all.sync.b32 %r1|%p0, %r0, 0xffffffff;
                @%p0 trap;
                setp.ne.u32 %p1, %r1, 0;
                @%p1 trap;
                mov.u32 %r2, 77;
                match.all.sync.b32 %r1|%p0, %r2, 0xffffffff;
                @!%p0 trap;
                setp.ne.u32 %p1, %r1, 0xffffffff;
                @%p1 trap;
                """;
        int[] expected =
                Lanes.expected(
                        32,
                        t ->
                                IntStream.range(0, 32)
                                        .filter(s -> (INPUT[s] & 3) == (INPUT[t] & 3))
                                        .map(s -> 1 << s)
                                        .reduce(0, (a, b) -> a | b));
        assertArrayEquals(expected, Lanes.run(1, 32, INPUT_32, body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"add.s32", "min.s32", "max.u32", "min.u32", "and.b32", "or.b32", "xor.b32"})
    void reducesOverAWarp(String operation) {
        int[] input = IntStream.range(0, ALL).map(i -> (i % 3 - 1) * (i + 5)).toArray();
        int[] totals = new int[2];
        for (int warp = 0; warp < 2; warp++) {
            IntStream values = Arrays.stream(input, warp * 32, warp * 32 + 32);
            totals[warp] =
                    switch (operation) {
                        case "add.s32" -> values.sum();
                        case "min.s32" -> values.min().orElseThrow();
                        case "max.u32" ->
                                (int) values.mapToLong(Integer::toUnsignedLong).max().orElseThrow();
                        case "min.u32" ->
                                (int) values.mapToLong(Integer::toUnsignedLong).min().orElseThrow();
                        case "and.b32" -> values.reduce(-1, (a, b) -> a & b);
                        case "or.b32" -> values.reduce(0, (a, b) -> a | b);
                        default -> values.reduce(0, (a, b) -> a ^ b);
                    };
        }
        String body = "redux.sync." + operation + " %z, %x, 0xffffffff;";
        assertArrayEquals(Lanes.expected(ALL, t -> totals[t / 32]), Lanes.run(1, ALL, input, body));
    }
}

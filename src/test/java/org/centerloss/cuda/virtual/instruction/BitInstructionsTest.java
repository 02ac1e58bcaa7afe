package org.centerloss.cuda.virtual.instruction;

import static org.centerloss.cuda.virtual.Instruction.of;

import java.math.BigInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Instruction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logic, shifts, fields of bits and bytes. */
@VirtualGpu
class BitInstructionsTest {
    @ParameterizedTest
    @MethodSource({"logic", "shifts", "funnelShifts", "fields", "counts", "bytes", "tables"})
    void equalsTheSameFunctionOfBits(Instruction instruction) {
        instruction.check();
    }

    static Stream<Instruction> logic() {
        Stream<Instruction> words =
                Stream.of("b16", "b32", "b64")
                        .flatMap(
                                t ->
                                        Stream.of(
                                                of("and." + t, t, t + " " + t, x -> x[0] & x[1]),
                                                of("or." + t, t, t + " " + t, x -> x[0] | x[1]),
                                                of("xor." + t, t, t + " " + t, x -> x[0] ^ x[1]),
                                                of("not." + t, t, t, x -> ~x[0]),
                                                of("cnot." + t, t, t, x -> x[0] == 0 ? 1 : 0)));
        Stream<Instruction> predicates =
                Stream.of(
                        of("and.pred", "pred", "pred pred", x -> bool(x[0]) & bool(x[1])),
                        of("or.pred", "pred", "pred pred", x -> bool(x[0]) | bool(x[1])),
                        of("xor.pred", "pred", "pred pred", x -> bool(x[0]) ^ bool(x[1])),
                        of("not.pred", "pred", "pred", x -> 1 - bool(x[0])));
        return Stream.concat(words, predicates);
    }

    private static int bool(long word) {
        return word == 0 ? 0 : 1;
    }

    static Stream<Instruction> shifts() {
        return Stream.of("16", "32", "64")
                .flatMap(
                        w ->
                                Stream.of(
                                        of("shl.b" + w, "b" + w, "b" + w + " u32", left(w)),
                                        of("shr.b" + w, "b" + w, "b" + w + " u32", right("b" + w)),
                                        of("shr.u" + w, "u" + w, "u" + w + " u32", right("u" + w)),
                                        of(
                                                "shr.s" + w,
                                                "s" + w,
                                                "s" + w + " u32",
                                                right("s" + w))));
    }

    /** Amounts beyond the width push everything out. */
    private static Instruction.Expected left(String width) {
        int bits = Integer.parseInt(width);
        return x -> x[1] >= bits ? 0 : x[0] << x[1];
    }

    private static Instruction.Expected right(String type) {
        Type of = Type.of(type);
        return x -> {
            BigInteger value =
                    of.kind() == 's'
                            ? BigInteger.valueOf(x[0])
                            : new BigInteger(Long.toUnsignedString(x[0]));
            return value.shiftRight((int) Math.min(x[1], 64)).longValue();
        };
    }

    static Stream<Instruction> funnelShifts() {
        return Stream.of(
                of("shf.l.wrap.b32", "b32", "b32 b32 u32", x -> pair(x) << (x[2] & 31) >>> 32),
                of("shf.r.wrap.b32", "b32", "b32 b32 u32", x -> pair(x) >>> (x[2] & 31)),
                of(
                        "shf.l.clamp.b32",
                        "b32",
                        "b32 b32 u32",
                        x -> pair(x) << Math.min(x[2], 32) >>> 32),
                of("shf.r.clamp.b32", "b32", "b32 b32 u32", x -> pair(x) >>> Math.min(x[2], 32)));
    }

    private static long pair(long[] x) {
        return x[1] << 32 | x[0];
    }

    static Stream<Instruction> fields() {
        return Stream.of("u32", "s32", "u64", "s64")
                .flatMap(
                        type -> {
                            Type of = Type.of(type);
                            String bits = "b" + of.bits();
                            Stream<Instruction> extract =
                                    Stream.of(
                                            of(
                                                    "bfe." + type,
                                                    type,
                                                    type + " u32 u32",
                                                    x -> extract(of, x[0], x[1], x[2])));
                            return of.kind() == 's'
                                    ? extract
                                    : Stream.concat(
                                            extract,
                                            Stream.of(
                                                    of(
                                                            "bfi." + bits,
                                                            bits,
                                                            bits + " " + bits + " u32 u32",
                                                            x -> insert(of.bits(), x))));
                        });
    }

    /** The field, continued beyond the top by the operand's sign. */
    private static long extract(Type type, long value, long position, long length) {
        int width = (int) (length & 0xff);
        BigInteger all =
                type.kind() == 's'
                        ? BigInteger.valueOf(value)
                        : new BigInteger(Long.toUnsignedString(value));
        BigInteger shifted = all.shiftRight((int) (position & 0xff));
        BigInteger field = shifted.and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
        boolean negative = type.kind() == 's' && width > 0 && shifted.testBit(width - 1);
        return (negative ? field.subtract(BigInteger.ONE.shiftLeft(width)) : field).longValue();
    }

    private static long insert(int bits, long[] x) {
        int position = (int) (x[2] & 0xff);
        int length = (int) (x[3] & 0xff);
        BigInteger mask =
                BigInteger.ONE
                        .shiftLeft(length)
                        .subtract(BigInteger.ONE)
                        .shiftLeft(position)
                        .and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
        BigInteger field = BigInteger.valueOf(x[0]).shiftLeft(position).and(mask);
        return BigInteger.valueOf(x[1]).andNot(mask).or(field).longValue();
    }

    static Stream<Instruction> counts() {
        return Stream.of(
                of("popc.b32", "u32", "b32", x -> Long.bitCount(x[0])),
                of("popc.b64", "u32", "b64", x -> Long.bitCount(x[0])),
                of("clz.b32", "u32", "b32", x -> Integer.numberOfLeadingZeros((int) x[0])),
                of("clz.b64", "u32", "b64", x -> Long.numberOfLeadingZeros(x[0])),
                of("brev.b32", "b32", "b32", x -> Integer.reverse((int) x[0])),
                of("brev.b64", "b64", "b64", x -> Long.reverse(x[0])),
                of("bfind.u32", "u32", "u32", x -> highest(x[0])),
                of("bfind.u64", "u32", "u64", x -> highest(x[0])),
                of("bfind.s32", "u32", "s32", x -> highest(x[0] < 0 ? ~x[0] : x[0])),
                of("bfind.s64", "u32", "s64", x -> highest(x[0] < 0 ? ~x[0] : x[0])),
                of("bfind.shiftamt.u32", "u32", "u32", x -> x[0] == 0 ? -1 : 31 - highest(x[0])));
    }

    /** -1 where no bit is set. */
    private static int highest(long value) {
        return new BigInteger(Long.toUnsignedString(value)).bitLength() - 1;
    }

    static Stream<Instruction> bytes() {
        return Stream.of(of("prmt.b32", "b32", "b32 b32 b32", BitInstructionsTest::selected));
    }

    /** Each nibble names a byte; with its top bit set, that byte's sign fills all eight bits. */
    private static long selected(long[] x) {
        int result = 0;
        for (int i = 0; i < 4; i++) {
            int selector = (int) x[2] >> 4 * i & 0xf;
            int value = (int) (pair(x) >> 8 * (selector & 7)) & 0xff;
            if ((selector & 8) != 0) {
                value = value >= 0x80 ? 0xff : 0;
            }
            result |= value << 8 * i;
        }
        return result;
    }

    static Stream<Instruction> tables() {
        return IntStream.of(0x00, 0x80, 0x96, 0xca, 0xe8, 0x1b, 0xff, 0x02)
                .mapToObj(
                        table ->
                                of(
                                        "lop3.b32 %%z, %%x0, %%x1, %%x2, %#04x".formatted(table),
                                        "b32",
                                        "b32 b32 b32",
                                        x -> looked(table, x)));
    }

    private static long looked(int table, long[] x) {
        long result = 0;
        for (int bit = 0; bit < 32; bit++) {
            long row = (x[0] >> bit & 1) * 4 + (x[1] >> bit & 1) * 2 + (x[2] >> bit & 1);
            result |= (long) (table >> row & 1) << bit;
        }
        return result;
    }
}

package org.centerloss.cuda.virtual.instruction;

import static org.centerloss.cuda.virtual.Instruction.of;

import java.math.BigInteger;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Instruction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Integer arithmetic against unlimited integers. */
@VirtualGpu
class IntegerArithmeticTest {
    @ParameterizedTest
    @MethodSource({"ofEveryWidth", "wide", "dotProducts"})
    void equalsUnlimitedIntegersCutToTheWidth(Instruction instruction) {
        instruction.check();
    }

    static Stream<Instruction> ofEveryWidth() {
        return Stream.of("u16", "s16", "u32", "s32", "u64", "s64")
                .flatMap(IntegerArithmeticTest::ofWidth);
    }

    private static Stream<Instruction> ofWidth(String name) {
        Type type = Type.of(name);
        int bits = type.bits();
        Stream<Instruction> both =
                Stream.of(
                        binary("add", name, BigInteger::add),
                        binary("sub", name, BigInteger::subtract),
                        binary("mul.lo", name, BigInteger::multiply),
                        binary("mul.hi", name, (a, b) -> a.multiply(b).shiftRight(bits)),
                        binary("min", name, BigInteger::min),
                        binary("max", name, BigInteger::max),
                        // Division by zero has no defined result.
                        of(
                                "or.b%d %%x1, %%x1, 1;\ndiv.%s %%z, %%x0, %%x1"
                                        .formatted(bits, name),
                                name,
                                name + " " + name,
                                x -> big(type, x[0]).divide(odd(type, x[1])).longValue()),
                        of(
                                "or.b%d %%x1, %%x1, 1;\nrem.%s %%z, %%x0, %%x1"
                                        .formatted(bits, name),
                                name,
                                name + " " + name,
                                x -> big(type, x[0]).remainder(odd(type, x[1])).longValue()),
                        ternary("mad.lo", name, (a, b, c) -> a.multiply(b).add(c)),
                        ternary("mad.hi", name, (a, b, c) -> a.multiply(b).shiftRight(bits).add(c)),
                        ternary("sad", name, (a, b, c) -> a.subtract(b).abs().add(c)));
        return type.kind() == 'u'
                ? both
                : Stream.concat(
                        both,
                        Stream.of(
                                of("abs." + name, name, name, x -> Math.abs(x[0])),
                                of("neg." + name, name, name, x -> -x[0])));
    }

    static Stream<Instruction> wide() {
        return Stream.of("u16 u32", "s16 s32", "u32 u64", "s32 s64")
                .flatMap(
                        pair -> {
                            String narrow = pair.split(" ")[0];
                            String wide = pair.split(" ")[1];
                            String two = narrow + " " + narrow;
                            return Stream.of(
                                    of("mul.wide." + narrow, wide, two, x -> x[0] * x[1]),
                                    of(
                                            "mad.wide." + narrow,
                                            wide,
                                            two + " " + wide,
                                            x -> x[0] * x[1] + x[2]));
                        });
    }

    static Stream<Instruction> dotProducts() {
        return Stream.of(
                of("dp4a.s32.s32", "s32", "b32 b32 s32", x -> dotOfBytes(x, true)),
                of("dp4a.u32.u32", "u32", "b32 b32 u32", x -> dotOfBytes(x, false)));
    }

    private static Instruction binary(
            String text, String type, BinaryOperator<BigInteger> function) {
        Type of = Type.of(type);
        return of(
                text + "." + type,
                type,
                type + " " + type,
                x -> function.apply(big(of, x[0]), big(of, x[1])).longValue());
    }

    private interface OfThree {
        BigInteger of(BigInteger a, BigInteger b, BigInteger c);
    }

    private static Instruction ternary(String text, String type, OfThree function) {
        Type of = Type.of(type);
        return of(
                text + "." + type,
                type,
                type + " " + type + " " + type,
                x -> function.of(big(of, x[0]), big(of, x[1]), big(of, x[2])).longValue());
    }

    private static BigInteger odd(Type type, long value) {
        return big(type, type.extend(value | 1));
    }

    private static BigInteger big(Type type, long value) {
        return type.kind() == 'u'
                ? new BigInteger(Long.toUnsignedString(value))
                : BigInteger.valueOf(value);
    }

    private static long dotOfBytes(long[] x, boolean signed) {
        long sum = x[2];
        for (int shift = 0; shift < 32; shift += 8) {
            long a = x[0] >> shift & 0xff;
            long b = x[1] >> shift & 0xff;
            sum += signed ? (byte) a * (byte) b : a * b;
        }
        return sum;
    }
}

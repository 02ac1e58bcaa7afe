package org.centerloss.cuda.virtual.instruction;

import static org.centerloss.cuda.virtual.Instruction.f32;
import static org.centerloss.cuda.virtual.Instruction.f64;
import static org.centerloss.cuda.virtual.Instruction.of;

import java.util.function.DoublePredicate;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Instruction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** IEEE arithmetic, to the last bit: rounding directions, flushing, saturation, NaN. */
@VirtualGpu
class FloatArithmeticTest {
    @ParameterizedTest
    @MethodSource({"rounded", "flushed", "saturated", "extremes", "signs", "classes"})
    void isExactToTheLastBit(Instruction instruction) {
        instruction.check();
    }

    static Stream<Instruction> rounded() {
        return Stream.of(Rounding.values())
                .flatMap(r -> Stream.concat(floats(r, r.modifier()), doubles(r, r.modifier())));
    }

    private static Stream<Instruction> floats(Rounding r, String modifier) {
        return Stream.of(
                f32("add" + modifier + ".f32", 2, x -> sum(r, x[0], x[1])),
                f32("sub" + modifier + ".f32", 2, x -> sum(r, x[0], -x[1])),
                f32(
                        "mul" + modifier + ".f32",
                        2,
                        x -> r.direct(x[0] * x[1], Rounding.ofProduct(x[0], x[1], x[0] * x[1]))),
                f32("fma" + modifier + ".f32", 3, x -> fma(r, x[0], x[1], x[2])),
                f32(
                        "div" + modifier + ".f32",
                        2,
                        x -> r.direct(x[0] / x[1], Rounding.ofQuotient(x[0], x[1], x[0] / x[1]))),
                f32(
                        "rcp" + modifier + ".f32",
                        1,
                        x -> r.direct(1 / x[0], Rounding.ofQuotient(1, x[0], 1 / x[0]))),
                f32("sqrt" + modifier + ".f32", 1, x -> root(r, x[0])));
    }

    private static float sum(Rounding r, float a, float b) {
        int error = Rounding.ofSum(a, b, a + b);
        return r.negativeZero(a, b, error, a + b) ? -0f : r.direct(a + b, error);
    }

    private static float fma(Rounding r, float a, float b, float c) {
        float nearest = Math.fma(a, b, c);
        int error = Rounding.ofFma(a, b, c, nearest);
        // The product of two floats is exact in double precision.
        return r.negativeZero((double) a * b, c, error, nearest) ? -0f : r.direct(nearest, error);
    }

    private static float root(Rounding r, float a) {
        // Rounding a double square root to float is known to round once.
        float nearest = (float) Math.sqrt(a);
        return r.direct(nearest, Rounding.ofRoot(a, nearest));
    }

    private static Stream<Instruction> doubles(Rounding r, String modifier) {
        return Stream.of(
                f64("add" + modifier + ".f64", 2, x -> sum(r, x[0], x[1])),
                f64("sub" + modifier + ".f64", 2, x -> sum(r, x[0], -x[1])),
                f64(
                        "mul" + modifier + ".f64",
                        2,
                        x -> r.direct(x[0] * x[1], Rounding.ofProduct(x[0], x[1], x[0] * x[1]))),
                f64("fma" + modifier + ".f64", 3, x -> fma(r, x[0], x[1], x[2])),
                f64(
                        "div" + modifier + ".f64",
                        2,
                        x -> r.direct(x[0] / x[1], Rounding.ofQuotient(x[0], x[1], x[0] / x[1]))),
                f64(
                        "rcp" + modifier + ".f64",
                        1,
                        x -> r.direct(1 / x[0], Rounding.ofQuotient(1, x[0], 1 / x[0]))),
                f64(
                        "sqrt" + modifier + ".f64",
                        1,
                        x -> r.direct(Math.sqrt(x[0]), Rounding.ofRoot(x[0], Math.sqrt(x[0])))));
    }

    private static double sum(Rounding r, double a, double b) {
        int error = Rounding.ofSum(a, b, a + b);
        return r.negativeZero(a, b, error, a + b) ? -0.0 : r.direct(a + b, error);
    }

    private static double fma(Rounding r, double a, double b, double c) {
        double nearest = Math.fma(a, b, c);
        int error = Rounding.ofFma(a, b, c, nearest);
        double product = a == 0 || b == 0 ? a * b : 1;
        return r.negativeZero(product, c, error, nearest) ? -0.0 : r.direct(nearest, error);
    }

    static Stream<Instruction> flushed() {
        return Stream.of(
                f32("add.ftz.f32", 2, x -> flush(flush(x[0]) + flush(x[1]))),
                f32("sub.ftz.f32", 2, x -> flush(flush(x[0]) - flush(x[1]))),
                f32("mul.ftz.f32", 2, x -> flush(flush(x[0]) * flush(x[1]))),
                f32(
                        "fma.rn.ftz.f32",
                        3,
                        x -> flush(Math.fma(flush(x[0]), flush(x[1]), flush(x[2])))),
                f32("abs.ftz.f32", 1, x -> Math.abs(flush(x[0]))),
                f32("neg.ftz.f32", 1, x -> -flush(x[0])),
                f32("max.ftz.f32", 2, x -> max(flush(x[0]), flush(x[1]))));
    }

    private static float flush(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0f, value) : value;
    }

    static Stream<Instruction> saturated() {
        return Stream.of(
                f32("add.sat.f32", 2, x -> saturate(x[0] + x[1])),
                f32("sub.sat.f32", 2, x -> saturate(x[0] - x[1])),
                f32("mul.sat.f32", 2, x -> saturate(x[0] * x[1])),
                f32("fma.rn.sat.f32", 3, x -> saturate(Math.fma(x[0], x[1], x[2]))),
                f32("cvt.sat.f32.f32", 1, x -> saturate(x[0])));
    }

    /** Into [0, 1]; NaN and negative zero become zero. */
    private static float saturate(float value) {
        return value > 0 ? Math.min(value, 1) : 0;
    }

    static Stream<Instruction> extremes() {
        return Stream.of(
                f32("min.f32", 2, x -> min(x[0], x[1])),
                f32("max.f32", 2, x -> max(x[0], x[1])),
                f32("min.NaN.f32", 2, x -> Math.min(x[0], x[1])),
                f32("max.NaN.f32", 2, x -> Math.max(x[0], x[1])),
                f64("min.f64", 2, x -> min(x[0], x[1])),
                f64("max.f64", 2, x -> max(x[0], x[1])));
    }

    /** The other one where one is NaN; Java's own function orders the zeros. */
    private static float min(float a, float b) {
        return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.min(a, b);
    }

    private static float max(float a, float b) {
        return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.max(a, b);
    }

    private static double min(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
    }

    private static double max(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
    }

    static Stream<Instruction> signs() {
        return Stream.of(
                f32("abs.f32", 1, x -> Math.abs(x[0])),
                f32("neg.f32", 1, x -> -x[0]),
                f64("abs.f64", 1, x -> Math.abs(x[0])),
                f64("neg.f64", 1, x -> -x[0]),
                // The sign comes from the first operand.
                f32("copysign.f32", 2, x -> Math.copySign(x[1], x[0])),
                f64("copysign.f64", 2, x -> Math.copySign(x[1], x[0])));
    }

    static Stream<Instruction> classes() {
        return Stream.of(
                testp("finite", v -> Double.isFinite(v)),
                testp("infinite", v -> Double.isInfinite(v)),
                testp("number", v -> !Double.isNaN(v)),
                testp("notanumber", v -> Double.isNaN(v)),
                // Zero counts as normal.
                testp(
                        "normal",
                        v -> v == 0 || Double.isFinite(v) && Math.abs(v) >= Float.MIN_NORMAL),
                testp("subnormal", v -> v != 0 && Math.abs(v) < Float.MIN_NORMAL));
    }

    private static Instruction testp(String property, DoublePredicate has) {
        return of(
                "testp." + property + ".f32",
                "pred",
                "f32",
                x -> has.test(Float.intBitsToFloat((int) x[0])) ? 1 : 0);
    }
}

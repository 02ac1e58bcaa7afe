package org.centerloss.cuda.virtual.instruction;

import static org.centerloss.cuda.virtual.Instruction.of;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Instruction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conversions among all types, against unlimited numbers. */
@VirtualGpu
class ConversionTest {
    private static final Map<String, RoundingMode> TO_INTEGER =
            Map.of(
                    "rni", RoundingMode.HALF_EVEN,
                    "rzi", RoundingMode.DOWN,
                    "rmi", RoundingMode.FLOOR,
                    "rpi", RoundingMode.CEILING);

    @ParameterizedTest
    @MethodSource({"widths", "saturated", "toIntegers", "toFloats", "ofFloats", "integral"})
    void converts(Instruction instruction) {
        instruction.check();
    }

    static Stream<Instruction> widths() {
        return integers().flatMap(to -> integers().map(from -> integer(to, from, false)));
    }

    static Stream<Instruction> saturated() {
        return Stream.of("u8 s32", "s8 s32", "u16 s32", "s16 u32", "u32 s32", "s32 u64", "u64 s64")
                .map(pair -> integer(pair.split(" ")[0], pair.split(" ")[1], true));
    }

    private static Stream<String> integers() {
        return Stream.of("u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64");
    }

    private static Instruction integer(String to, String from, boolean saturate) {
        Type target = Type.of(to);
        return of(
                "cvt" + (saturate ? ".sat." : ".") + to + "." + from,
                to,
                from,
                x -> {
                    BigInteger value = big(Type.of(from), x[0]);
                    return (saturate ? clamp(target, value) : value).longValue();
                });
    }

    private static BigInteger big(Type type, long value) {
        return type.kind() == 'u'
                ? new BigInteger(Long.toUnsignedString(value))
                : BigInteger.valueOf(value);
    }

    private static BigInteger clamp(Type type, BigInteger value) {
        boolean signed = type.kind() == 's';
        BigInteger top = BigInteger.ONE.shiftLeft(signed ? type.bits() - 1 : type.bits());
        BigInteger lowest = signed ? top.negate() : BigInteger.ZERO;
        return value.max(lowest).min(top.subtract(BigInteger.ONE));
    }

    static Stream<Instruction> toIntegers() {
        return Stream.of("f32", "f64")
                .flatMap(
                        from ->
                                Stream.of("s16", "u16", "s32", "u32", "s64", "u64")
                                        .flatMap(
                                                to ->
                                                        TO_INTEGER.entrySet().stream()
                                                                .map(e -> toInteger(to, from, e))));
    }

    private static Instruction toInteger(
            String to, String from, Map.Entry<String, RoundingMode> mode) {
        Type target = Type.of(to);
        return of(
                "cvt." + mode.getKey() + "." + to + "." + from,
                to,
                from,
                x -> {
                    double value = value(from, x[0]);
                    if (Double.isNaN(value)) {
                        // Documented: zero unless 64 bits are on either side.
                        boolean zero = from.equals("f32") && target.bits() < 64;
                        return zero ? 0 : 1L << (target.bits() - 1);
                    } else if (Double.isInfinite(value)) {
                        BigInteger huge = BigInteger.ONE.shiftLeft(100);
                        return clamp(target, value > 0 ? huge : huge.negate()).longValue();
                    }
                    BigDecimal rounded = new BigDecimal(value).setScale(0, mode.getValue());
                    return clamp(target, rounded.toBigInteger()).longValue();
                });
    }

    private static double value(String type, long bits) {
        return type.equals("f32")
                ? Float.intBitsToFloat((int) bits)
                : Double.longBitsToDouble(bits);
    }

    static Stream<Instruction> toFloats() {
        return Stream.of("s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64")
                .flatMap(
                        from ->
                                Stream.of(Rounding.values())
                                        .flatMap(
                                                r ->
                                                        Stream.of(
                                                                toFloat(r, "f32", from),
                                                                toFloat(r, "f64", from))));
    }

    private static Instruction toFloat(Rounding r, String to, String from) {
        return of(
                "cvt" + r.modifier() + "." + to + "." + from,
                to,
                from,
                x -> {
                    BigDecimal exact = new BigDecimal(big(Type.of(from), x[0]));
                    if (to.equals("f32")) {
                        float nearest = exact.floatValue();
                        int error = Rounding.compare(() -> exact, nearest, true);
                        return Float.floatToRawIntBits(r.direct(nearest, error));
                    }
                    double nearest = exact.doubleValue();
                    int error = Rounding.compare(() -> exact, nearest, true);
                    return Double.doubleToRawLongBits(r.direct(nearest, error));
                });
    }

    static Stream<Instruction> ofFloats() {
        Stream<Instruction> narrowing =
                Stream.of(Rounding.values())
                        .map(
                                r ->
                                        of(
                                                "cvt" + r.modifier() + ".f32.f64",
                                                "f32",
                                                "f64",
                                                x -> narrow(r, Double.longBitsToDouble(x[0]))));
        Instruction widening =
                of(
                        "cvt.f64.f32",
                        "f64",
                        "f32",
                        x -> Double.doubleToRawLongBits(Float.intBitsToFloat((int) x[0])));
        return Stream.concat(narrowing, Stream.of(widening));
    }

    private static long narrow(Rounding r, double value) {
        float nearest = (float) value;
        return Float.floatToRawIntBits(r.direct(nearest, Rounding.ofValue(value, nearest)));
    }

    static Stream<Instruction> integral() {
        return Stream.of("f32", "f64")
                .flatMap(
                        type ->
                                Stream.of(
                                        integral("rni", type, Math::rint),
                                        integral("rmi", type, Math::floor),
                                        integral("rpi", type, Math::ceil),
                                        integral(
                                                "rzi",
                                                type,
                                                v -> v < 0 ? Math.ceil(v) : Math.floor(v))));
    }

    private static Instruction integral(String mode, String type, DoubleUnaryOperator expected) {
        return of(
                "cvt." + mode + "." + type + "." + type,
                type,
                type,
                x -> {
                    double result = expected.applyAsDouble(value(type, x[0]));
                    return type.equals("f32")
                            ? Float.floatToRawIntBits((float) result)
                            : Double.doubleToRawLongBits(result);
                });
    }
}

package org.centerloss.cuda.virtual.instruction;

import static org.centerloss.cuda.virtual.Instruction.of;

import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Instruction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Comparisons, also of what has no order, and selections by them. */
@VirtualGpu
class ComparisonTest {
    private static final Map<String, IntPredicate> ORDERED =
            Map.of(
                    "eq", c -> c == 0,
                    "ne", c -> c != 0,
                    "lt", c -> c < 0,
                    "le", c -> c <= 0,
                    "gt", c -> c > 0,
                    "ge", c -> c >= 0);

    @ParameterizedTest
    @MethodSource({"integers", "unsigned", "floats", "combined", "words", "selections"})
    void decides(Instruction instruction) {
        instruction.check();
    }

    static Stream<Instruction> integers() {
        return Stream.of("s16", "s32", "s64", "u16", "u32", "u64")
                .flatMap(
                        type ->
                                ORDERED.entrySet().stream()
                                        .map(
                                                e ->
                                                        of(
                                                                "setp." + e.getKey() + "." + type,
                                                                "pred",
                                                                type + " " + type,
                                                                x -> test(e, type, x))));
    }

    private static int test(Map.Entry<String, IntPredicate> relation, String type, long[] x) {
        int order =
                type.startsWith("s") ? Long.compare(x[0], x[1]) : Long.compareUnsigned(x[0], x[1]);
        return relation.getValue().test(order) ? 1 : 0;
    }

    static Stream<Instruction> unsigned() {
        return Map.of("lo", "lt", "ls", "le", "hi", "gt", "hs", "ge").entrySet().stream()
                .flatMap(
                        e ->
                                Stream.of("u32", "u64")
                                        .map(
                                                type ->
                                                        of(
                                                                "setp." + e.getKey() + "." + type,
                                                                "pred",
                                                                type + " " + type,
                                                                x ->
                                                                        test(
                                                                                Map.entry(
                                                                                        "",
                                                                                        ORDERED.get(
                                                                                                e
                                                                                                        .getValue())),
                                                                                type,
                                                                                x))));
    }

    static Stream<Instruction> floats() {
        Stream<Instruction> relations =
                ORDERED.entrySet().stream()
                        .flatMap(
                                e ->
                                        Stream.of(
                                                comparison(e.getKey(), "f32", e.getValue(), false),
                                                comparison(e.getKey(), "f64", e.getValue(), false),
                                                comparison(
                                                        e.getKey() + "u",
                                                        "f32",
                                                        e.getValue(),
                                                        true),
                                                comparison(
                                                        e.getKey() + "u",
                                                        "f64",
                                                        e.getValue(),
                                                        true)));
        Stream<Instruction> numbers =
                Stream.of("f32", "f64")
                        .flatMap(
                                type ->
                                        Stream.of(
                                                comparison("num", type, c -> true, false),
                                                comparison("nan", type, c -> false, true)));
        return Stream.concat(relations, numbers);
    }

    private static Instruction comparison(
            String name, String type, IntPredicate relation, boolean unordered) {
        return of(
                "setp." + name + "." + type,
                "pred",
                type + " " + type,
                x -> compare(type, x, relation, unordered) ? 1 : 0);
    }

    private static boolean compare(
            String type, long[] x, IntPredicate relation, boolean unordered) {
        double a = value(type, x[0]);
        double b = value(type, x[1]);
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return unordered;
        }
        // Zeros are equal; Double.compare orders them.
        return relation.test(a == b ? 0 : Double.compare(a, b));
    }

    private static double value(String type, long bits) {
        return type.equals("f32")
                ? Float.intBitsToFloat((int) bits)
                : Double.longBitsToDouble(bits);
    }

    static Stream<Instruction> combined() {
        String operands = "s32 s32 pred";
        return Stream.of(
                of("setp.lt.and.s32", "pred", operands, x -> less(x) & bool(x[2])),
                of("setp.lt.or.s32", "pred", operands, x -> less(x) | bool(x[2])),
                of("setp.lt.xor.s32", "pred", operands, x -> less(x) ^ bool(x[2])),
                of(
                        "setp.lt.and.s32 %z, %x0, %x1, !%x2",
                        "pred", operands, x -> less(x) & 1 - bool(x[2])),
                // The second destination is the negated comparison, combined with the same operand.
                of(
                        "setp.lt.and.s32 %p0|%z, %x0, %x1, %x2",
                        "pred", operands, x -> 1 - less(x) & bool(x[2])),
                of("setp.lt.s32 %p0|%z, %x0, %x1", "pred", "s32 s32", x -> 1 - less(x)),
                of(
                        "setp.lt.f32 %p0|%z, %x0, %x1",
                        "pred", "f32 f32", x -> compare("f32", x, c -> c < 0, false) ? 0 : 1));
    }

    private static int less(long[] x) {
        return x[0] < x[1] ? 1 : 0;
    }

    private static int bool(long word) {
        return word == 0 ? 0 : 1;
    }

    static Stream<Instruction> words() {
        return Stream.of(
                of("set.lt.u32.s32", "u32", "s32 s32", x -> -less(x)),
                of("set.lt.s32.s32", "s32", "s32 s32", x -> -less(x)),
                of("set.lt.f32.s32", "f32", "s32 s32", x -> one(less(x) == 1)),
                of(
                        "set.geu.f32.f32",
                        "f32",
                        "f32 f32",
                        x -> one(compare("f32", x, c -> c >= 0, true))),
                of(
                        "set.gt.u32.f64",
                        "u32",
                        "f64 f64",
                        x -> compare("f64", x, c -> c > 0, false) ? -1 : 0),
                of("set.lt.and.u32.s32", "u32", "s32 s32 pred", x -> -(less(x) & bool(x[2]))));
    }

    private static long one(boolean holds) {
        return Float.floatToRawIntBits(holds ? 1f : 0f);
    }

    static Stream<Instruction> selections() {
        Stream<Instruction> byPredicate =
                Stream.of("b16", "b32", "b64", "s32", "u64", "f32", "f64")
                        .map(
                                type ->
                                        of(
                                                "selp." + type,
                                                type,
                                                type + " " + type + " pred",
                                                x -> bool(x[2]) == 1 ? x[0] : x[1]));
        Stream<Instruction> bySign =
                Stream.of("b32", "s32", "f32", "b64", "f64")
                        .map(
                                type ->
                                        of(
                                                "slct." + type + ".s32",
                                                type,
                                                type + " " + type + " s32",
                                                x -> x[2] >= 0 ? x[0] : x[1]));
        Instruction byFloat =
                of(
                        "slct.u32.f32",
                        "u32",
                        "u32 u32 f32",
                        x -> Float.intBitsToFloat((int) x[2]) >= 0 ? x[0] : x[1]);
        return Stream.of(byPredicate, bySign, Stream.of(byFloat)).flatMap(s -> s);
    }
}

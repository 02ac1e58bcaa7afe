package org.centerloss.cuda.virtual.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import jcuda.driver.CUdeviceptr;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.PtxProgram;
import org.centerloss.cuda.virtual.VirtualContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The approximate functions: within the error that NVIDIA's PTX manual documents for the hardware,
 * and never better on purpose, so that a kernel which needs more shows it here.
 */
@VirtualGpu
class ApproximateFunctionsTest {
    private static final int LANES = 2048;

    /**
     * @param relative largest error over the exact result
     * @param absolute largest error where that is the documented measure
     */
    record Approximation(
            String text,
            double from,
            double to,
            double relative,
            double absolute,
            DoubleBinaryOperator exact) {
        @Override
        public String toString() {
            return text;
        }
    }

    static Stream<Approximation> functions() {
        double ulp = 0x1p-23;
        return Stream.of(
                new Approximation(
                        "ex2.approx.f32", -120, 120, 0x1p-22, 0, (x, y) -> Math.pow(2, x)),
                new Approximation(
                        "ex2.approx.ftz.f32", -1, 1, 0x1p-22, 0, (x, y) -> Math.pow(2, x)),
                new Approximation("lg2.approx.f32", 0.5, 2, 0, 0x1p-22, (x, y) -> log2(x)),
                new Approximation("lg2.approx.f32", 2, 1e30, 0x1p-22, 0, (x, y) -> log2(x)),
                new Approximation("rcp.approx.f32", -1e6, 1e6, ulp, 0, (x, y) -> 1 / x),
                new Approximation("rcp.approx.ftz.f32", 1e-6, 10, ulp, 0, (x, y) -> 1 / x),
                new Approximation("sqrt.approx.f32", 0, 1e20, 0x1p-22, 0, (x, y) -> Math.sqrt(x)),
                new Approximation(
                        "rsqrt.approx.f32",
                        1e-6,
                        1e6,
                        Math.pow(2, -22.4),
                        0,
                        (x, y) -> 1 / Math.sqrt(x)),
                new Approximation(
                        "sin.approx.f32",
                        -6.28,
                        6.28,
                        0,
                        Math.pow(2, -20.5),
                        (x, y) -> StrictMath.sin(x)),
                new Approximation(
                        "cos.approx.f32",
                        -6.28,
                        6.28,
                        0,
                        Math.pow(2, -20.5),
                        (x, y) -> StrictMath.cos(x)),
                new Approximation(
                        "tanh.approx.f32", -4, 4, 0x1p-11, 0, (x, y) -> StrictMath.tanh(x)),
                new Approximation("div.approx.f32", -1e6, 1e6, 2 * ulp, 0, (x, y) -> x / y),
                new Approximation("div.full.f32", -1e6, 1e6, 2 * ulp, 0, (x, y) -> x / y));
    }

    private static double log2(double x) {
        return StrictMath.log(x) / StrictMath.log(2);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void staysWithinTheDocumentedErrorWithoutBeingExact(Approximation function) {
        Random random = new Random(11);
        float[] x = new float[LANES];
        float[] y = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            x[i] = (float) (function.from + (function.to - function.from) * random.nextDouble());
            y[i] = (float) (random.nextInt(2) * 2 - 1) * (0.01f + 100 * random.nextFloat());
        }
        float[] found = run(function.text, x, y);
        int exact = 0;
        for (int i = 0; i < LANES; i++) {
            double wanted = function.exact.applyAsDouble(x[i], y[i]);
            // Half a unit in the last place of the result comes from rounding it to float.
            double bound =
                    function.absolute
                            + function.relative * Math.abs(wanted)
                            + Math.ulp((float) wanted) / 2;
            assertTrue(
                    Math.abs(found[i] - wanted) <= bound,
                    "%s(%s, %s): expected %s, found %s"
                            .formatted(function.text, x[i], y[i], wanted, found[i]));
            exact += found[i] == (float) wanted ? 1 : 0;
        }
        assertTrue(exact < LANES * 9 / 10, function.text + ": too exact to warn, " + exact);
        assertTrue(Arrays.equals(found, run(function.text, x, y)), "not repeatable");
    }

    private static float[] run(String text, float[] x, float[] y) {
        String operands = text.startsWith("div") ? "%f0, %f1" : "%f0";
        PtxProgram program =
                PtxProgram.of(
                        "u64 x, u64 y, u64 z",
                        """
                        mul.wide.u32 %%l0, %%i, 4;
                        add.s64 %%l1, %%x, %%l0;
                        add.s64 %%l2, %%y, %%l0;
                        add.s64 %%l3, %%z, %%l0;
                        ld.global.f32 %%f0, [%%l1];
                        ld.global.f32 %%f1, [%%l2];
                        %s %%f2, %s;
                        st.global.f32 [%%l3], %%f2;"""
                                .formatted(text, operands));
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr z = gpu.zeros(4L * x.length);
            gpu.launch(gpu.load(program), x.length / 128, 128, gpu.upload(x), gpu.upload(y), z);
            return gpu.floats(z, x.length);
        }
    }

    record Special(String text, float argument, float result) {}

    static Stream<Special> specials() {
        float infinity = Float.POSITIVE_INFINITY;
        return Stream.of(
                new Special("ex2.approx.f32", -infinity, 0),
                new Special("ex2.approx.f32", infinity, infinity),
                new Special("ex2.approx.f32", 0, 1),
                new Special("ex2.approx.f32", 1000, infinity),
                new Special("lg2.approx.f32", 0, -infinity),
                new Special("lg2.approx.f32", infinity, infinity),
                new Special("lg2.approx.f32", -1, Float.NaN),
                new Special("rcp.approx.f32", 0, infinity),
                new Special("rcp.approx.f32", -infinity, -0f),
                new Special("rsqrt.approx.f32", 0, infinity),
                new Special("rsqrt.approx.f32", infinity, 0),
                new Special("rsqrt.approx.f32", -1, Float.NaN),
                new Special("sqrt.approx.f32", -0f, -0f),
                new Special("sqrt.approx.f32", -1, Float.NaN),
                new Special("sqrt.approx.f32", infinity, infinity),
                new Special("sin.approx.f32", infinity, Float.NaN),
                new Special("sin.approx.f32", -0f, -0f),
                new Special("cos.approx.f32", 0, 1),
                new Special("tanh.approx.f32", infinity, 1),
                new Special("tanh.approx.f32", Float.NaN, Float.NaN));
    }

    @ParameterizedTest
    @MethodSource("specials")
    void specialValuesAreAsDocumented(Special special) {
        float[] x = new float[128];
        Arrays.fill(x, special.argument);
        float found = run(special.text, x, x)[0];
        assertEquals(
                Float.floatToIntBits(special.result),
                Float.floatToIntBits(found),
                () -> "%s(%s) = %s".formatted(special.text, special.argument, found));
    }
}

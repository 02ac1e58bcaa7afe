package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jcuda.driver.CUdeviceptr;
import org.centerloss.cuda.virtual.instruction.AwkwardNumbers;
import org.centerloss.cuda.virtual.instruction.Type;

/**
 * One instruction on typed operands and the same function in Java, run on all pairs of awkward
 * numbers and compared bit by bit; a NaN equals any NaN.
 *
 * @param text the instruction alone ("add.s32"), or a sequence that reads {@code %x0}, {@code %x1},
 *     … and writes {@code %z}
 * @param expected of the operands' bits, sign-extended for signed types
 */
public record Instruction(String text, Type result, List<Type> operands, Expected expected) {
    /** The result's bits. */
    public interface Expected {
        long of(long[] x);
    }

    /** A function of floats. */
    public interface OfFloats {
        float of(float[] x);
    }

    /** A function of doubles. */
    public interface OfDoubles {
        double of(double[] x);
    }

    private static final int BLOCKS = 7;
    private static final int THREADS = 160;
    private static final int LANES = BLOCKS * THREADS;

    public static Instruction of(String text, String result, String operands, Expected expected) {
        return new Instruction(
                text,
                Type.of(result),
                Stream.of(operands.split(" ")).map(Type::of).toList(),
                expected);
    }

    public static Instruction f32(String text, int operands, OfFloats expected) {
        return of(
                text,
                "f32",
                "f32 ".repeat(operands).strip(),
                x -> {
                    float[] values = new float[x.length];
                    for (int i = 0; i < x.length; i++) {
                        values[i] = Float.intBitsToFloat((int) x[i]);
                    }
                    return Float.floatToRawIntBits(expected.of(values));
                });
    }

    public static Instruction f64(String text, int operands, OfDoubles expected) {
        return of(
                text,
                "f64",
                "f64 ".repeat(operands).strip(),
                x -> {
                    double[] values = new double[x.length];
                    for (int i = 0; i < x.length; i++) {
                        values[i] = Double.longBitsToDouble(x[i]);
                    }
                    return Double.doubleToRawLongBits(expected.of(values));
                });
    }

    public PtxProgram program() {
        StringBuilder body = new StringBuilder("mul.wide.u32 %l0, %i, 8;\n");
        body.append(".reg %s %%z;\n".formatted(result.register()));
        for (int k = 0; k < operands.size(); k++) {
            Type type = operands.get(k);
            body.append(".reg %s %%x%d;\n".formatted(type.register(), k));
            body.append("add.s64 %%l1, %%in%d, %%l0;\n".formatted(k));
            if (type.kind() == 'p') {
                body.append("ld.global.u32 %r0, [%l1];\n");
                body.append("setp.ne.u32 %%x%d, %%r0, 0;\n".formatted(k));
            } else {
                body.append("ld.global%s %%x%d, [%%l1];\n".formatted(type.memory(), k));
            }
        }
        body.append(text.contains("%z") ? text : text + " %z, " + names()).append(";\n");
        body.append("add.s64 %l1, %out, %l0;\n");
        if (result.kind() == 'p') {
            body.append("selp.u32 %r0, 1, 0, %z;\nst.global.u32 [%l1], %r0;");
        } else {
            body.append("st.global%s [%%l1], %%z;".formatted(result.memory()));
        }
        String inputs =
                IntStream.range(0, operands.size())
                        .mapToObj(k -> "u64 in" + k)
                        .collect(Collectors.joining(", "));
        return PtxProgram.of(inputs + ", u64 out", body.toString());
    }

    private String names() {
        return IntStream.range(0, operands.size())
                .mapToObj(k -> "%x" + k)
                .collect(Collectors.joining(", "));
    }

    public long[][] inputs() {
        long[][] inputs = new long[operands.size()][];
        for (int k = 0; k < inputs.length; k++) {
            inputs[k] = AwkwardNumbers.lanes(operands.get(k), LANES, k, text.hashCode());
        }
        return inputs;
    }

    public long[] run(long[][] inputs) {
        try (VirtualContext gpu = new VirtualContext()) {
            Object[] arguments = new Object[inputs.length + 1];
            for (int k = 0; k < inputs.length; k++) {
                arguments[k] = gpu.upload(inputs[k]);
            }
            CUdeviceptr out = gpu.zeros(LANES * 8);
            arguments[inputs.length] = out;
            gpu.launch(gpu.load(program()), BLOCKS, THREADS, arguments);
            return gpu.longs(out, LANES);
        }
    }

    public void check() {
        long[][] inputs = inputs();
        long[] found = run(inputs);
        long[] x = new long[inputs.length];
        for (int lane = 0; lane < LANES; lane++) {
            for (int k = 0; k < x.length; k++) {
                x[k] = operands.get(k).extend(inputs[k][lane]);
            }
            long wanted = result.truncate(expected.of(x));
            if (found[lane] != wanted && !(result.isNaN(wanted) && result.isNaN(found[lane]))) {
                fail(
                        "%s of %s: expected %s, found %s"
                                .formatted(
                                        text,
                                        print(x),
                                        result.print(wanted),
                                        result.print(found[lane])));
            }
        }
    }

    private String print(long[] x) {
        return IntStream.range(0, x.length)
                .mapToObj(k -> operands.get(k).print(x[k]))
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return text;
    }
}

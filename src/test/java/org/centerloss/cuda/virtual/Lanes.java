package org.centerloss.cuda.virtual;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jcuda.driver.CUdeviceptr;

/**
 * Runs a body once per thread: {@code %x} is the thread's input word, {@code %z} its result, {@code
 * %t} its number in the block.
 */
public final class Lanes {
    private Lanes() {}

    public static int[] run(int blocks, int threads, int[] input, String body) {
        return run("", blocks, threads, input, body);
    }

    public static int[] run(
            String declarations, int blocks, int threads, int[] input, String body) {
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr out = gpu.zeros(4L * input.length);
            gpu.launch(
                    gpu.load(program(declarations, body)), blocks, threads, gpu.upload(input), out);
            return gpu.ints(out, input.length);
        }
    }

    public static PtxProgram program(String declarations, String body) {
        return PtxProgram.of(
                declarations,
                "u64 in, u64 out",
                """
                .reg .b32 %x, %z;
                mul.wide.u32 %l30, %i, 4;
                add.s64 %in, %in, %l30;
                add.s64 %out, %out, %l30;
                ld.global.u32 %x, [%in];
                """
                        + body
                        + "\nst.global.u32 [%out], %z;");
    }

    /** Distinct values, so that a wrong lane shows. */
    public static int[] distinct(int count) {
        return IntStream.range(0, count).map(i -> 1000 + 37 * i).toArray();
    }

    public static int[] expected(int count, IntUnaryOperator of) {
        int[] values = new int[count];
        Arrays.setAll(values, of);
        return values;
    }
}

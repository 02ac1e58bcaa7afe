package org.centerloss.cuda.virtual;

import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PTX that is wrong, or not known: an error that names it and its line, never a guess. */
@VirtualGpu
class RefusedProgramsTest {
    /**
     * @param line the line of the body that the message must name
     */
    record Wrong(String body, String line, String... words) {
        @Override
        public String toString() {
            return line;
        }
    }

    static Stream<Wrong> programs() {
        return Stream.of(
                named("frobnicate.u32 %r0, %r1;", "frobnicate.u32"),
                named("add.banana.u32 %r0, %r1, %r2;", "banana"),
                named("add.u33 %r0, %r1, %r2;", "u33"),
                named("cvt.rx.f32.f64 %f0, %d0;", "rx"),
                named("ld.global.v3.f32 {%f0, %f1, %f2}, [%l0];", "v3"),
                named("ld.elsewhere.u32 %r0, [%l0];", "elsewhere"),
                named("tex.2d.v4.f32.f32 {%f0, %f1, %f2, %f3}, [%l0, {%f0, %f1}];", "tex"),
                named("setp.sideways.u32 %p0, %r0, %r1;", "sideways"),
                named("shfl.sync.round.b32 %r0, %r1, 1, 31, -1;", "round"),
                named("atom.global.mul.u32 %r0, [%l0], 2;", "mul"),
                named("mov.u32 %r0, %nowhere;", "%nowhere"),
                named("add.u32 %unknown, %r0, %r1;", "%unknown"),
                named("ld.shared.u32 %r0, [missing];", "missing"),
                named("@%p0 bra NOWHERE;", "NOWHERE"),
                named("mov.u32 %r0, %undefined_special.x;", "%undefined_special"),
                named("add.u32 %r0, %r1;", "add.u32"),
                named("add.u32 %r0, %r1, %r2, %r3;", "add.u32"),
                named("add.u32 %r0, %r1 %r2;", "%r2"),
                named("ld.param.u32 %r0, [nothing];", "nothing"),
                // Correct PTX that nvcc does not make of our kernels.
                named("add.sat.s32 %r0, %r1, %r1;", "add.sat.s32"),
                named("mul24.lo.u32 %r0, %r1, %r1;", "mul24.lo.u32"),
                named("prmt.b32.f4e %r0, %r1, %r1, %r1;", "prmt.b32.f4e"),
                named("mov.f32 %f0, 0.1;", "0.1"));
    }

    private static Wrong named(String body, String... words) {
        return new Wrong(body, body, words);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void theMessageNamesWhatItDoesNotKnow(Wrong wrong) {
        PtxProgram program = PtxProgram.of("", "mov.u32 %r1, 0;\n" + wrong.body + "\n");
        try (VirtualContext gpu = new VirtualContext()) {
            VirtualContext.Fault fault = VirtualContext.fault(() -> gpu.load(program));
            fault.assertIs("CUDA_ERROR_INVALID_PTX", "line " + program.line(wrong.line) + ":");
            fault.assertIs("CUDA_ERROR_INVALID_PTX", wrong.words);
        }
    }

    @Test
    void aTruncatedProgramIsRefused() {
        String text = PtxProgram.of("u64 at", "st.global.u32 [%at], 1;").text();
        try (VirtualContext gpu = new VirtualContext()) {
            String half = text.substring(0, text.length() / 2);
            VirtualContext.fault(() -> gpu.module(half)).assertIs("CUDA_ERROR_INVALID_PTX");
        }
    }

    @Test
    void whatIsNoPtxIsRefused() {
        try (VirtualContext gpu = new VirtualContext()) {
            VirtualContext.fault(() -> gpu.module("hello")).assertIs("CUDA_ERROR_INVALID_IMAGE");
        }
    }

    @Test
    void aNewerTargetThanTheDeviceIsRefused() {
        String text = PtxProgram.of("", "").text().replace("sm_80", "sm_120");
        try (VirtualContext gpu = new VirtualContext()) {
            VirtualContext.fault(() -> gpu.module(text))
                    .assertIs("CUDA_ERROR_INVALID_PTX", "sm_120");
        }
    }
}

package org.centerloss.cuda.virtual.instruction;

import static org.centerloss.cuda.virtual.Instruction.of;

import java.util.stream.Stream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.virtual.Instruction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Moves, packing and unpacking of registers, immediates, predicated execution. */
@VirtualGpu
class MoveTest {
    @ParameterizedTest
    @MethodSource({"moves", "packs", "immediates", "predicated"})
    void moves(Instruction instruction) {
        instruction.check();
    }

    static Stream<Instruction> moves() {
        Stream<Instruction> words =
                Stream.of("b16", "u16", "b32", "u32", "s32", "b64", "s64", "f32", "f64")
                        .map(t -> of("mov." + t, t, t, x -> x[0]));
        return Stream.concat(
                words,
                Stream.of(
                        of("mov.pred", "pred", "pred", x -> x[0] == 0 ? 0 : 1),
                        of("mov.b32", "f32", "b32", x -> x[0]),
                        of("mov.b64", "b64", "f64", x -> x[0])));
    }

    static Stream<Instruction> packs() {
        return Stream.of(
                of("mov.b64 %z, {%x0, %x1}", "b64", "b32 b32", x -> x[0] | x[1] << 32),
                of("mov.b32 %z, {%x0, %x1}", "b32", "b16 b16", x -> x[0] | x[1] << 16),
                of(
                        "mov.b64 %z, {%x0, %x1, %x2, %x3}",
                        "b64", "b16 b16 b16 b16", x -> x[0] | x[1] << 16 | x[2] << 32 | x[3] << 48),
                of("mov.b64 {%z, %r1}, %x0", "b32", "b64", x -> x[0]),
                of("mov.b64 {%r1, %z}, %x0", "b32", "b64", x -> x[0] >>> 32),
                of("mov.b32 {%h1, %z}, %x0", "b16", "b32", x -> x[0] >>> 16),
                of("mov.b64 {%h0, %h1, %z, %h2}, %x0", "b16", "b64", x -> x[0] >>> 32),
                // Both halves are read before either is written.
                of(
                        "mov.b64 {%r1, %r2}, %x0;\nmov.b64 %z, {%r2, %r1}",
                        "b64", "b64", x -> Long.rotateLeft(x[0], 32)),
                of("mov.b64 {%r1, %z}, %x0", "b32", "f64", x -> x[0] >>> 32));
    }

    static Stream<Instruction> immediates() {
        return Stream.of(
                of("add.s32 %z, %x0, -7", "s32", "s32", x -> x[0] - 7),
                of("and.b32 %z, %x0, 0xf0f0", "b32", "b32", x -> x[0] & 0xf0f0),
                of("add.s64 %z, %x0, 4294967296", "s64", "s64", x -> x[0] + (1L << 32)),
                of("mul.lo.u32 %z, %x0, 4294967295", "u32", "u32", x -> -x[0]),
                of("mov.f32 %z, 0f40490FDB", "f32", "b32", x -> 0x40490FDB),
                of("mov.f64 %z, 0d400921FB54442D18", "f64", "b32", x -> 0x400921FB54442D18L),
                of("mov.b32 %z, 0b1011", "b32", "b32", x -> 11),
                of("mov.u32 %z, WARP_SZ", "u32", "b32", x -> 32));
    }

    static Stream<Instruction> predicated() {
        return Stream.of(
                of(
                        "setp.lt.s32 %p1, %x0, 0;\nmov.u32 %z, 1;\n@%p1 mov.u32 %z, 2",
                        "u32", "s32", x -> x[0] < 0 ? 2 : 1),
                of(
                        "setp.lt.s32 %p1, %x0, 0;\nmov.u32 %z, 1;\n@!%p1 mov.u32 %z, 2",
                        "u32", "s32", x -> x[0] < 0 ? 1 : 2),
                // A scope has registers of its own.
                of(
                        "mov.u32 %r1, 5;\n{\n.reg .b32 %r1;\nmov.u32 %r1, 6;\n}\nmov.u32 %z, %r1",
                        "u32", "s32", x -> 5));
    }
}

// Chooses a handler by the type that an instruction names.
#pragma once

#include <algorithm>
#include <cstdint>

#include "execute/decode/decoder.h"
#include "execute/lanes.h"

namespace vgpu {

// choose(tag) for the C++ type of 16, 32 or 64 bits; null for others. .b types are unsigned.
template <class F>
Handler forInteger(Type type, F choose) {
    if (type.kind == 's') {
        switch (type.bits) {
            case 16: return choose(std::int16_t{});
            case 32: return choose(std::int32_t{});
            case 64: return choose(std::int64_t{});
        }
    } else if (type.kind == 'u' || type.kind == 'b') {
        switch (type.bits) {
            case 16: return choose(std::uint16_t{});
            case 32: return choose(std::uint32_t{});
            case 64: return choose(std::uint64_t{});
        }
    }
    return nullptr;
}

template <class F>
Handler forFloat(Type type, F choose) {
    if (type.kind == 'f') {
        switch (type.bits) {
            case 32: return choose(float{});
            case 64: return choose(double{});
        }
    }
    return nullptr;
}

inline InstructionClass classOf(Type type) {
    return type.kind != 'f'   ? InstructionClass::Integer
           : type.bits == 64 ? InstructionClass::Float64
                             : InstructionClass::Float32;
}

// out[0] <- f(in[0], ...), all of one type, with `count` inputs.
inline Instruction& emitPlain(Decoder& d, Handler handler, Type type, std::size_t count,
                              unsigned floatOperations = 0) {
    d.expectOperands(count + 1, count + 1);
    Operand in[4] = {};
    for (std::size_t k = 0; k < count; ++k) {
        in[k] = d.in(k + 1, type);
    }
    Operand out = d.out(0, type);
    Instruction& i = d.emit(handler, classOf(type), floatOperations);
    for (std::size_t k = 0; k < count; ++k) {
        i.in[k] = in[k];
    }
    i.out[0] = out;
    return i;
}

// out[0] of `result`'s type <- f(in[0] of `type`, ...), the others of 32 bits.
inline void emitMixed(Decoder& d, Handler handler, Type result, Type type, std::size_t plain,
               std::size_t words) {
    d.expectOperands(1 + plain + words, 1 + plain + words);
    Operand in[4] = {};
    for (std::size_t k = 0; k < plain + words; ++k) {
        in[k] = d.in(k + 1, k < plain ? type : Type{'u', 32});
    }
    Operand out = d.out(0, result);
    Instruction& i = d.emit(handler, InstructionClass::Integer);
    std::copy(in, in + 4, i.in);
    i.out[0] = out;
}

}  // namespace vgpu

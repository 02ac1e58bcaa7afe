// Integer arithmetic that wraps around, on any width.
#pragma once

#include <cstdint>
#include <type_traits>

#include "execute/instruction/typed.h"

namespace vgpu {

template <class T>
using Unsigned = std::make_unsigned_t<T>;

// The type of the full product.
template <class T>
struct Wide;
template <> struct Wide<std::int16_t> { using type = std::int32_t; };
template <> struct Wide<std::uint16_t> { using type = std::uint32_t; };
template <> struct Wide<std::int32_t> { using type = std::int64_t; };
template <> struct Wide<std::uint32_t> { using type = std::uint64_t; };
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;
template <> struct Wide<std::int64_t> { using type = Int128; };
template <> struct Wide<std::uint64_t> { using type = UInt128; };

namespace wrapping {

struct Add {
    template <class T>
    static T apply(T a, T b) {
        return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    }
};
struct Subtract {
    template <class T>
    static T apply(T a, T b) {
        return static_cast<T>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
    }
};
struct MultiplyLow {
    template <class T>
    static T apply(T a, T b) {
        // Promoted to 32 or 64 bits without a sign, so that nothing overflows.
        using U = std::conditional_t<(sizeof(T) < 4), std::uint32_t, Unsigned<T>>;
        return static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
    }
};
struct MultiplyHigh {
    template <class T>
    static T apply(T a, T b) {
        using W = typename Wide<T>::type;
        return static_cast<T>((static_cast<W>(a) * static_cast<W>(b)) >> (8 * sizeof(T)));
    }
};

}  // namespace wrapping

// An operation of two inputs of the type that the opcode names.
template <class Op>
void decodeIntegerBinary(Decoder& d) {
    Type type = d.takeType();
    emitPlain(d, forInteger(type, [](auto t) -> Handler { return binary<Op, decltype(t)>; }), type,
              2);
}

}  // namespace vgpu

// Integer arithmetic: add, sub, mul, mad, div, rem, abs, neg, min, max, sad, dp4a and the carry
// chains. Arithmetic wraps around.
#include <type_traits>

#include "typed.h"

namespace vgpu {

// Of decode_float.cpp: the opcodes that integers and floats share.
bool decodeFloatArithmetic(Decoder& d, const char* name);

namespace {

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
struct MadLow {
    template <class T>
    static T apply(T a, T b, T c) {
        return Add::apply(MultiplyLow::apply(a, b), c);
    }
};
struct MadHigh {
    template <class T>
    static T apply(T a, T b, T c) {
        return Add::apply(MultiplyHigh::apply(a, b), c);
    }
};
struct Divide {
    template <class T>
    static T apply(T a, T b) {
        if (b == 0) {
            return static_cast<T>(-1);  // what GPUs give; PTX leaves it open
        }
        if (std::is_signed_v<T> && b == static_cast<T>(-1)) {
            return Subtract::apply(T{0}, a);
        }
        return static_cast<T>(a / b);
    }
};
struct Remainder {
    template <class T>
    static T apply(T a, T b) {
        if (b == 0) {
            return a;
        }
        return std::is_signed_v<T> && b == static_cast<T>(-1) ? T{0} : static_cast<T>(a % b);
    }
};
struct Minimum {
    template <class T>
    static T apply(T a, T b) {
        return a < b ? a : b;
    }
};
struct Maximum {
    template <class T>
    static T apply(T a, T b) {
        return a < b ? b : a;
    }
};
struct Negate {
    template <class T>
    static T apply(T a) {
        return Subtract::apply(T{0}, a);
    }
};
struct Absolute {
    template <class T>
    static T apply(T a) {
        return a < 0 ? Negate::apply(a) : a;
    }
};
struct SumOfAbsoluteDifferences {
    template <class T>
    static T apply(T a, T b, T c) {
        return Add::apply(c, a < b ? Subtract::apply(b, a) : Subtract::apply(a, b));
    }
};
template <class A, class B>
struct DotProduct4 {
    static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        for (int k = 0; k < 32; k += 8) {
            c += static_cast<std::uint32_t>(static_cast<A>(a >> k) * static_cast<B>(b >> k));
        }
        return c;
    }
};

template <class T>
void multiplyWide(Warp& warp, const Instruction& i, std::uint32_t mask) {
    using W = typename Wide<T>::type;
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    each<W>(warp, i.out[0], mask,
            [&](int l) { return static_cast<W>(static_cast<W>(a[l]) * static_cast<W>(b[l])); });
}

template <class T>
void madWide(Warp& warp, const Instruction& i, std::uint32_t mask) {
    using W = typename Wide<T>::type;
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    Column<W> c(warp, i.in[2]);
    each<W>(warp, i.out[0], mask, [&](int l) {
        return Add::apply(MultiplyLow::apply(static_cast<W>(a[l]), static_cast<W>(b[l])), c[l]);
    });
}

// What a carry chain adds to (or takes from) c: c itself, or a product.
enum Product : int { kNone, kLow, kHigh };
constexpr std::int64_t kSetsCarry = 1, kUsesCarry = 2, kSubtracts = 4;

template <class T, Product kProduct>
void carryChain(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]), c(warp, i.in[2]);
    Column<T> out(warp, i.out[0]);
    forLanes(mask, [&](int l) {
        T first = kProduct == kLow    ? MultiplyLow::apply(a[l], b[l])
                  : kProduct == kHigh ? MultiplyHigh::apply(a[l], b[l])
                                      : a[l];
        T second = kProduct == kNone ? b[l] : c[l];
        T carry = (i.immediate & kUsesCarry) != 0 ? (warp.carry >> l) & 1 : 0;
        T partial, result;
        bool over;
        if ((i.immediate & kSubtracts) != 0) {
            over = __builtin_sub_overflow(first, second, &partial);
            over |= __builtin_sub_overflow(partial, carry, &result);
        } else {
            over = __builtin_add_overflow(first, second, &partial);
            over |= __builtin_add_overflow(partial, carry, &result);
        }
        if ((i.immediate & kSetsCarry) != 0) {
            warp.carry = (warp.carry & ~(1u << l)) | (over ? 1u << l : 0u);
        }
        out.set(l, result);
    });
}

template <class Op>
void decodeBinary(Decoder& d) {
    Type type = d.takeType();
    emitPlain(d, forInteger(type, [](auto t) -> Handler { return binary<Op, decltype(t)>; }), type,
              2);
}

template <class Op>
void decodeBinarySlow(Decoder& d) {
    Type type = d.takeType();
    emitPlain(d, forInteger(type, [](auto t) -> Handler { return binarySlow<Op, decltype(t)>; }),
              type, 2);
}

template <class Op>
void decodeUnary(Decoder& d) {
    Type type = d.takeType();
    emitPlain(d, forInteger(type, [](auto t) -> Handler { return unary<Op, decltype(t)>; }), type,
              1);
}

void decodeCarry(Decoder& d, Product product, std::int64_t flags) {
    flags |= d.take("cc") ? kSetsCarry : 0;
    Type type = d.takeType();
    Type bare{'u', type.bits};  // the carry is one of unsigned arithmetic
    Handler handler = type.bits == 16 ? nullptr : forInteger(bare, [&](auto t) -> Handler {
        using T = decltype(t);
        return product == kLow    ? carryChain<T, kLow>
               : product == kHigh ? carryChain<T, kHigh>
                                  : carryChain<T, kNone>;
    });
    if (product == kHigh && type.kind == 's') {
        d.unknown();
    }
    emitPlain(d, handler, type, product == kNone ? 2 : 3).immediate = flags;
}

template <class Op, std::int64_t kFlags>
void decodeSum(Decoder& d, const char* name) {
    if (d.has("cc")) {
        decodeCarry(d, kNone, kFlags);
    } else if (!decodeFloatArithmetic(d, name)) {
        decodeBinary<Op>(d);
    }
}

// Products of 64-bit factors have no .wide form.
template <class F>
Handler narrowHandler(Type type, F choose) {
    if (type.bits == 16) {
        return type.kind == 's' ? choose(std::int16_t{}) : choose(std::uint16_t{});
    }
    if (type.bits == 32) {
        return type.kind == 's' ? choose(std::int32_t{}) : choose(std::uint32_t{});
    }
    return nullptr;
}

void decodeMultiplyWide(Decoder& d) {
    Type type = d.takeType();
    d.expectOperands(3, 3);
    Operand a = d.in(1, type), b = d.in(2, type), out = d.out(0, {type.kind, 2 * type.bits});
    Instruction& i = d.emit(narrowHandler(type, [](auto t) -> Handler {
                                return multiplyWide<decltype(t)>;
                            }),
                            InstructionClass::Integer);
    i.in[0] = a;
    i.in[1] = b;
    i.out[0] = out;
}

void decodeMultiply(Decoder& d) {
    if (decodeFloatArithmetic(d, "mul")) {
        return;
    }
    std::string part = d.takeOneOf({"lo", "hi", "wide"});
    if (part == "lo") {
        decodeBinary<MultiplyLow>(d);
    } else if (part == "hi") {
        decodeBinary<MultiplyHigh>(d);
    } else if (part == "wide") {
        decodeMultiplyWide(d);
    } else {
        d.unknown();
    }
}

void decodeMadWide(Decoder& d) {
    Type type = d.takeType(), wide{type.kind, 2 * type.bits};
    d.expectOperands(4, 4);
    Operand a = d.in(1, type), b = d.in(2, type), c = d.in(3, wide), out = d.out(0, wide);
    Instruction& i = d.emit(narrowHandler(type, [](auto t) -> Handler {
                                return madWide<decltype(t)>;
                            }),
                            InstructionClass::Integer);
    i.in[0] = a;
    i.in[1] = b;
    i.in[2] = c;
    i.out[0] = out;
}

void decodeMad(Decoder& d) {
    if (decodeFloatArithmetic(d, "fma")) {
        return;
    }
    std::string part = d.takeOneOf({"lo", "hi", "wide"});
    if (part == "wide") {
        decodeMadWide(d);
    } else if (d.has("cc")) {
        decodeCarry(d, part == "lo" ? kLow : kHigh, 0);
    } else if (part == "lo" || part == "hi") {
        Type type = d.takeType();
        emitPlain(d,
                  forInteger(type,
                             [&](auto t) -> Handler {
                                 using T = decltype(t);
                                 return part == "lo" ? ternary<MadLow, T> : ternary<MadHigh, T>;
                             }),
                  type, 3);
    } else {
        d.unknown();
    }
}

void decodeMadCarry(Decoder& d) {
    std::string part = d.takeOneOf({"lo", "hi"});
    if (part.empty()) {
        d.unknown();
    }
    decodeCarry(d, part == "lo" ? kLow : kHigh, kUsesCarry);
}

void decodeDotProduct4(Decoder& d) {
    Type a = d.takeType(), b = d.takeType();
    Type word{'u', 32};
    if (a.bits != 32 || b.bits != 32) {
        d.unknown();
    }
    using S = std::int8_t;
    using U = std::uint8_t;
    Handler handler = a.kind == 's' ? b.kind == 's' ? ternary<DotProduct4<S, S>, std::uint32_t>
                                                    : ternary<DotProduct4<S, U>, std::uint32_t>
                      : b.kind == 's' ? ternary<DotProduct4<U, S>, std::uint32_t>
                                      : ternary<DotProduct4<U, U>, std::uint32_t>;
    emitPlain(d, handler, word, 3);
}

}  // namespace

void addIntegerOpcodes(DecodeTable& table) {
    table["add"] = [](Decoder& d) { decodeSum<Add, 0>(d, "add"); };
    table["sub"] = [](Decoder& d) { decodeSum<Subtract, kSubtracts>(d, "sub"); };
    table["addc"] = [](Decoder& d) { decodeCarry(d, kNone, kUsesCarry); };
    table["subc"] = [](Decoder& d) { decodeCarry(d, kNone, kUsesCarry | kSubtracts); };
    table["mul"] = decodeMultiply;
    table["mad"] = decodeMad;
    table["madc"] = decodeMadCarry;
    table["div"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "div")) {
            decodeBinarySlow<Divide>(d);
        }
    };
    table["rem"] = decodeBinarySlow<Remainder>;
    table["min"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "min")) {
            decodeBinary<Minimum>(d);
        }
    };
    table["max"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "max")) {
            decodeBinary<Maximum>(d);
        }
    };
    table["abs"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "abs")) {
            decodeUnary<Absolute>(d);
        }
    };
    table["neg"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "neg")) {
            decodeUnary<Negate>(d);
        }
    };
    table["sad"] = [](Decoder& d) {
        Type type = d.takeType();
        emitPlain(d,
                  forInteger(type,
                             [](auto t) -> Handler {
                                 return ternary<SumOfAbsoluteDifferences, decltype(t)>;
                             }),
                  type, 3);
    };
    table["dp4a"] = decodeDotProduct4;
}

}  // namespace vgpu

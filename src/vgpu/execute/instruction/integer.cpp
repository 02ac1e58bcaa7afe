// Integer arithmetic: div, rem, abs, neg, min, max, sad, dp4a.
#include "execute/instruction/integer_math.h"

namespace vgpu {

namespace {

using namespace wrapping;

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
    table["div"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "div")) {
            decodeBinarySlow<Divide>(d);
        }
    };
    table["rem"] = decodeBinarySlow<Remainder>;
    table["min"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "min")) {
            decodeIntegerBinary<Minimum>(d);
        }
    };
    table["max"] = [](Decoder& d) {
        if (!decodeFloatArithmetic(d, "max")) {
            decodeIntegerBinary<Maximum>(d);
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

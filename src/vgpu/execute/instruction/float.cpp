// Floating-point arithmetic with IEEE rounding: add, sub, mul, fma, div.rn, rcp.rn, sqrt.rn, min,
// max, abs, neg, copysign, testp.
#include "execute/instruction/float_math.h"
#include "execute/instruction/typed.h"

namespace vgpu {

namespace {

struct Add {
    template <class T>
    static T apply(T a, T b) {
        return a + b;
    }
};
struct Subtract {
    template <class T>
    static T apply(T a, T b) {
        return a - b;
    }
};
struct Multiply {
    template <class T>
    static T apply(T a, T b) {
        return a * b;
    }
};
struct Divide {
    template <class T>
    static T apply(T a, T b) {
        return a / b;
    }
};
struct FusedMultiplyAdd {
    template <class T>
    static T apply(T a, T b, T c) {
        return std::fma(a, b, c);
    }
};
struct Reciprocal {
    template <class T>
    static T apply(T a) {
        return T{1} / a;
    }
};
struct SquareRoot {
    template <class T>
    static T apply(T a) {
        return std::sqrt(a);
    }
};
// The number where one is NaN; -0 below +0.
struct Minimum {
    template <class T>
    static T apply(T a, T b) {
        T equal = std::signbit(a) ? a : b;
        return a < b || b != b ? a : (a == b ? equal : b);
    }
};
struct Maximum {
    template <class T>
    static T apply(T a, T b) {
        T equal = std::signbit(a) ? b : a;
        return a > b || b != b ? a : (a == b ? equal : b);
    }
};
// .NaN: NaN where one is.
template <class Op>
struct WithNan {
    template <class T>
    static T apply(T a, T b) {
        return a != a || b != b ? std::numeric_limits<T>::quiet_NaN() : Op::apply(a, b);
    }
};
struct Absolute {
    template <class T>
    static T apply(T a) {
        return std::fabs(a);
    }
};
struct Negate {
    template <class T>
    static T apply(T a) {
        return -a;
    }
};
struct CopySign {
    template <class T>
    static T apply(T a, T b) {
        return std::copysign(b, a);
    }
};

// The modifiers .ftz and .sat around an operation.
template <class Op, bool kFlush, bool kSaturate>
struct Modified {
    template <class T, class... Rest>
    static T apply(T a, Rest... rest) {
        T result = kFlush ? flush(Op::apply(flush(a), flush(rest)...)) : Op::apply(a, rest...);
        return kSaturate ? saturate(result) : result;
    }
};

// The handler for 1, 2 or 3 inputs.
template <class Op, class T, int kInputs>
constexpr Handler plainHandler() {
    if constexpr (kInputs == 1) {
        return unary<Op, T>;
    } else if constexpr (kInputs == 2) {
        return binary<Op, T>;
    } else {
        return ternary<Op, T>;
    }
}

template <class Op, class T, int kInputs>
Handler modifiedHandler(bool flushes, bool saturates) {
    return flushes ? saturates ? plainHandler<Modified<Op, true, true>, T, kInputs>()
                               : plainHandler<Modified<Op, true, false>, T, kInputs>()
           : saturates ? plainHandler<Modified<Op, false, true>, T, kInputs>()
                       : plainHandler<Op, T, kInputs>();
}

// .rz, .rm and .rp. Instruction::immediate: the mode, and the modifiers.
constexpr std::int64_t kFlushBit = 1 << 16, kSaturateBit = 1 << 17, kModeBits = 0xFFFF;

template <class Op, class T, int kInputs>
void directed(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[kInputs > 1 ? 1 : 0]);
    Column<T> c(warp, i.in[kInputs > 2 ? 2 : 0]);
    bool flushes = (i.immediate & kFlushBit) != 0;
    DirectedRounding rounding(static_cast<int>(i.immediate & kModeBits));
    eachActive<T>(warp, i.out[0], mask, [&](int l) {
        volatile T x = flushes ? flush(a[l]) : a[l];
        volatile T y = flushes ? flush(b[l]) : b[l];
        volatile T z = flushes ? flush(c[l]) : c[l];
        volatile T result;
        if constexpr (kInputs == 1) {
            result = Op::apply(T{x});
        } else if constexpr (kInputs == 2) {
            result = Op::apply(T{x}, T{y});
        } else {
            result = Op::apply(T{x}, T{y}, T{z});
        }
        T value = result;
        value = flushes ? flush(value) : value;
        return (i.immediate & kSaturateBit) != 0 ? saturate(value) : value;
    });
}

int roundingMode(const std::string& word) {
    return word == "rz" ? FE_TOWARDZERO : word == "rm" ? FE_DOWNWARD : FE_UPWARD;
}

// An operation that rounds. `required`: the rounding must be named.
template <class Op, int kInputs>
void decodeRounded(Decoder& d, unsigned operations, bool required) {
    std::string rounding = d.takeOneOf({"rn", "rz", "rm", "rp"});
    bool flushes = d.take("ftz"), saturates = d.take("sat");
    Type type = d.takeType();
    if ((required && rounding.empty()) || (type.bits == 64 && (flushes || saturates))) {
        d.unknown();
    }
    if (rounding.empty() || rounding == "rn") {
        Handler handler = forFloat(type, [&](auto t) -> Handler {
            return modifiedHandler<Op, decltype(t), kInputs>(flushes, saturates);
        });
        emitPlain(d, handler, type, kInputs, operations);
        return;
    }
    Handler handler =
        forFloat(type, [](auto t) -> Handler { return directed<Op, decltype(t), kInputs>; });
    emitPlain(d, handler, type, kInputs, operations).immediate =
        roundingMode(rounding) | (flushes ? kFlushBit : 0) | (saturates ? kSaturateBit : 0);
}

template <class Op, int kInputs>
void decodeExact(Decoder& d) {
    bool flushes = d.take("ftz");
    Type type = d.takeType();
    Handler handler = forFloat(type, [&](auto t) -> Handler {
        return modifiedHandler<Op, decltype(t), kInputs>(flushes, false);
    });
    emitPlain(d, handler, type, kInputs);
}

template <class Op>
void decodeExtreme(Decoder& d) {
    if (d.take("NaN")) {
        decodeExact<WithNan<Op>, 2>(d);
    } else {
        decodeExact<Op, 2>(d);
    }
}

template <class T>
void testProperty(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]);
    std::uint32_t result = test([&](int l) {
        int kind = std::fpclassify(a[l]);
        return ((i.immediate >> kind) & 1) != 0;
    });
    std::uint32_t& out = warp.predicate(i.out[0]);
    out = (out & ~mask) | (result & mask);
}

void decodeTestProperty(Decoder& d) {
    static const std::map<std::string, std::int64_t> kClasses = {
        {"finite", 1 << FP_NORMAL | 1 << FP_SUBNORMAL | 1 << FP_ZERO},
        {"infinite", 1 << FP_INFINITE},
        {"number", 1 << FP_NORMAL | 1 << FP_SUBNORMAL | 1 << FP_ZERO | 1 << FP_INFINITE},
        {"notanumber", 1 << FP_NAN},
        {"normal", 1 << FP_NORMAL | 1 << FP_ZERO},
        {"subnormal", 1 << FP_SUBNORMAL}};
    std::string name =
        d.takeOneOf({"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
    Type type = d.takeType();
    d.expectOperands(2, 2);
    if (name.empty()) {
        d.unknown();
    }
    Operand a = d.in(1, type);
    Instruction& i = d.emit(
        forFloat(type, [](auto t) -> Handler { return testProperty<decltype(t)>; }), classOf(type));
    i.in[0] = a;
    i.out[0] = d.outPredicate(d.operand(0).name);
    i.immediate = kClasses.at(name);
}

}  // namespace

bool decodeFloatArithmetic(Decoder& d, const char* name) {
    if (!d.has("f32") && !d.has("f64")) {
        return false;
    }
    std::string opcode = name;
    if (opcode == "add") {
        decodeRounded<Add, 2>(d, 1, false);
    } else if (opcode == "sub") {
        decodeRounded<Subtract, 2>(d, 1, false);
    } else if (opcode == "mul") {
        decodeRounded<Multiply, 2>(d, 1, false);
    } else if (opcode == "fma") {
        decodeRounded<FusedMultiplyAdd, 3>(d, 2, true);
    } else if (opcode == "div") {
        if (d.has("approx") || d.has("full")) {
            decodeApproximateDivision(d);
        } else {
            decodeRounded<Divide, 2>(d, 1, true);
        }
    } else if (opcode == "min") {
        decodeExtreme<Minimum>(d);
    } else if (opcode == "max") {
        decodeExtreme<Maximum>(d);
    } else if (opcode == "abs") {
        decodeExact<Absolute, 1>(d);
    } else {
        decodeExact<Negate, 1>(d);
    }
    return true;
}

void decodeRoundedReciprocal(Decoder& d) { decodeRounded<Reciprocal, 1>(d, 1, true); }

void decodeRoundedSquareRoot(Decoder& d) { decodeRounded<SquareRoot, 1>(d, 1, true); }

void addFloatOpcodes(DecodeTable& table) {
    table["fma"] = [](Decoder& d) { decodeRounded<FusedMultiplyAdd, 3>(d, 2, true); };
    table["copysign"] = decodeExact<CopySign, 2>;
    table["testp"] = decodeTestProperty;
}

}  // namespace vgpu

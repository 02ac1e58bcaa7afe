// The approximate functions. Each is computed in double and then moved, by a hash of its input,
// within the error that the PTX ISA documents, so that code that counts on more shows it.
#include <cmath>
#include <limits>

#include "common/random.h"
#include "execute/instruction/float_math.h"
#include "execute/instruction/typed.h"

namespace vgpu {

namespace {

// 2^-24: what rounding the moved value to float adds to its relative error.
constexpr double kRounding = 1.0 / (1 << 24);

// In [-1, 1), the same for the same bits.
double noise(float a, float b = 0) {
    std::uint32_t x = bitCast<std::uint32_t>(a) * 0x9E3779B1u + bitCast<std::uint32_t>(b);
    x = (x ^ (x >> 16)) * 0x7FEB352Du;
    x = (x ^ (x >> 15)) * 0x846CA68Bu;
    return static_cast<double>(static_cast<std::int32_t>(x ^ (x >> 16))) * 0x1p-31;
}

float moved(double exact, double relative, float a, float b = 0) {
    return static_cast<float>(exact * (1 + noise(a, b) * (relative - kRounding)));
}

// Exact for whole numbers: CUDA's own expm1f, 1 ulp off at most, rests on that.
struct Exponential2 {
    static constexpr double kError = 0x1p-22;
    static float apply(float a) {
        const double exact = std::exp2(static_cast<double>(a));
        return a == std::floor(a) ? static_cast<float>(exact) : moved(exact, kError, a);
    }
};
// The error is absolute in (0.5, 2), and relative elsewhere.
struct Logarithm2 {
    static constexpr double kError = 0x1p-22;
    static float apply(float a) {
        double exact = std::log2(static_cast<double>(a));
        if (a > 0.5f && a < 2) {
            return static_cast<float>(exact + noise(a) * (kError - kRounding));
        }
        return moved(exact, kError, a);
    }
};
// At most 1 ulp off: one of the two floats around the exact value.
struct Reciprocal {
    static constexpr double kError = 0x1p-23;
    static float apply(float a) { return moved(1.0 / a, kError, a); }
};
struct SquareRoot {
    static constexpr double kError = 0x1p-23;
    static float apply(float a) { return moved(std::sqrt(static_cast<double>(a)), kError, a); }
};
struct ReciprocalSquareRoot {
    static constexpr double kError = 1.277e-7;  // 2^-22.9
    static float apply(float a) {
        return moved(1.0 / std::sqrt(static_cast<double>(a)), kError, a);
    }
};
// 2^-20.5 absolute in [-2 pi, 2 pi], 2^-14.7 in [-100 pi, 100 pi].
double trigonometricError(float a) {
    return std::fabs(a) <= 6.2831855f ? 6.74e-7 : 3.75e-5;
}
struct Sine {
    static float apply(float a) {
        if (a == 0) {
            return a;
        }
        return static_cast<float>(std::sin(static_cast<double>(a)) +
                                  noise(a) * (trigonometricError(a) - kRounding));
    }
};
struct Cosine {
    static float apply(float a) {
        return static_cast<float>(std::cos(static_cast<double>(a)) +
                                  noise(a) * (trigonometricError(a) - kRounding));
    }
};
struct HyperbolicTangent {
    static constexpr double kError = 0x1p-11;
    static float apply(float a) {
        float result = moved(std::tanh(static_cast<double>(a)), kError, a);
        return std::isinf(a) || std::fabs(result) > 1 ? std::copysign(1.0f, a) : result;
    }
};
// 2 ulp; .approx gives 0 for divisors above 2^126, and NaN for infinity over them.
template <bool kFull>
struct Quotient {
    static constexpr double kError = 0x1p-22;
    static float apply(float a, float b) {
        double exact = static_cast<double>(a) / b;
        float size = std::fabs(b);
        if (!kFull && size > 0x1p126f && size <= std::numeric_limits<float>::max()) {
            return std::isinf(a) ? std::numeric_limits<float>::quiet_NaN()
                                 : static_cast<float>(std::copysign(0.0, exact));
        }
        return moved(exact, kError, a, b);
    }
};
// The high word of the reciprocal (of the root) of the high word.
template <bool kRoot>
struct GrossReciprocal {
    static double apply(double a) {
        constexpr std::uint64_t kHighWord = 0xFFFFFFFF00000000u;
        double high = bitCast<double>(bitCast<std::uint64_t>(a) & kHighWord);
        high = std::isnormal(high) || !std::isfinite(high) ? high : std::copysign(0.0, high);
        double result = 1.0 / (kRoot ? std::sqrt(high) : high);
        result = std::isnormal(result) || !std::isfinite(result) ? result
                                                                 : std::copysign(0.0, result);
        return bitCast<double>(bitCast<std::uint64_t>(result) & kHighWord);
    }
};

template <class Op>
struct Flushed {
    template <class... T>
    static float apply(T... a) {
        return flush(Op::apply(flush(a)...));
    }
};

// Plain loops are vectorised; the library's functions are called for active lanes only.
template <class Op, bool kSlow>
void decodeUnary(Decoder& d) {
    bool approximate = d.take("approx"), flushes = d.take("ftz");
    Type type = d.takeType();
    if (!approximate || type.kind != 'f' || type.bits != 32) {
        d.unknown();
    }
    Handler handler = flushes ? kSlow ? unarySlow<Flushed<Op>, float> : unary<Flushed<Op>, float>
                      : kSlow ? unarySlow<Op, float>
                              : unary<Op, float>;
    emitPlain(d, handler, type, 1, 1).kind = InstructionClass::Special;
}

template <bool kRoot>
void decodeGross(Decoder& d) {
    Type type{'f', 64};
    if (!d.take("approx") || !d.take("ftz") || !d.take("f64")) {
        d.unknown();
    }
    emitPlain(d, unary<GrossReciprocal<kRoot>, double>, type, 1, 1).kind =
        InstructionClass::Special;
}

}  // namespace

void decodeApproximateDivision(Decoder& d) {
    bool full = d.take("full");
    if (!full) {
        d.take("approx");
    }
    bool flushes = d.take("ftz");
    Type type = d.takeType();
    if (type.bits != 32) {
        d.unknown();
    }
    Handler handler = full ? flushes ? binary<Flushed<Quotient<true>>, float>
                                     : binary<Quotient<true>, float>
                      : flushes ? binary<Flushed<Quotient<false>>, float>
                                : binary<Quotient<false>, float>;
    emitPlain(d, handler, type, 2, 1).kind = InstructionClass::Special;
}

void addApproximateOpcodes(DecodeTable& table) {
    table["ex2"] = decodeUnary<Exponential2, true>;
    table["lg2"] = decodeUnary<Logarithm2, true>;
    table["sin"] = decodeUnary<Sine, true>;
    table["cos"] = decodeUnary<Cosine, true>;
    table["tanh"] = decodeUnary<HyperbolicTangent, true>;
    table["rcp"] = [](Decoder& d) {
        if (!d.has("approx")) {
            decodeRoundedReciprocal(d);
        } else if (d.has("f64")) {
            decodeGross<false>(d);
        } else {
            decodeUnary<Reciprocal, false>(d);
        }
    };
    table["rsqrt"] = [](Decoder& d) {
        if (d.has("f64")) {
            decodeGross<true>(d);
        } else {
            decodeUnary<ReciprocalSquareRoot, false>(d);
        }
    };
    table["sqrt"] = [](Decoder& d) {
        if (d.has("approx")) {
            decodeUnary<SquareRoot, false>(d);
        } else {
            decodeRoundedSquareRoot(d);
        }
    };
}

}  // namespace vgpu

// cvt: between integers, floats and each other.
#include <cmath>
#include <limits>
#include <type_traits>

#include "execute/instruction/float_math.h"
#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

// To [min, max] of the type.
template <class To, class From>
To clampTo(From value) {
    using Limits = std::numeric_limits<To>;
    if constexpr (std::is_signed_v<From>) {
        if (value < 0) {
            if constexpr (std::is_signed_v<To>) {
                return static_cast<std::int64_t>(value) < static_cast<std::int64_t>(Limits::min())
                           ? Limits::min()
                           : static_cast<To>(value);
            } else {
                return 0;
            }
        }
    }
    return static_cast<std::uint64_t>(value) > static_cast<std::uint64_t>(Limits::max())
               ? Limits::max()
               : static_cast<To>(value);
}

template <class To, class From, bool kSaturate>
void integerToInteger(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<From> a(warp, i.in[0]);
    each<To>(warp, i.out[0], mask, [&](int l) {
        if constexpr (kSaturate) {
            return clampTo<To>(a[l]);
        } else {
            return static_cast<To>(a[l]);
        }
    });
}

enum class Integral { Nearest, Zero, Down, Up };

template <Integral kMode, class T>
T toIntegral(T x) {
    switch (kMode) {
        case Integral::Nearest: return std::nearbyint(x);
        case Integral::Zero: return std::trunc(x);
        case Integral::Down: return std::floor(x);
        default: return std::ceil(x);
    }
}

// Clamped to the target's range. NaN becomes 0, or the top bit alone where 64 bits are involved.
template <class To, class From, Integral kMode, bool kFlush>
void floatToInteger(Warp& warp, const Instruction& i, std::uint32_t mask) {
    using Limits = std::numeric_limits<To>;
    constexpr bool kWide = sizeof(To) == 8 || sizeof(From) == 8;
    constexpr To kOfNan = kWide ? static_cast<To>(std::uint64_t{1} << (8 * sizeof(To) - 1)) : To{0};
    // 2^n, which a float holds exactly, for the largest value 2^n - 1.
    constexpr From kEnd = static_cast<From>(std::uint64_t{1} << (Limits::digits - 1)) * 2;
    Column<From> a(warp, i.in[0]);
    each<To>(warp, i.out[0], mask, [&](int l) {
        From x = toIntegral<kMode>(kFlush ? flush(a[l]) : From{a[l]});
        bool inside = x > static_cast<From>(Limits::min()) && x < kEnd;
        To edge = x != x ? kOfNan : (x >= kEnd ? Limits::max() : Limits::min());
        return inside ? static_cast<To>(inside ? x : From{0}) : edge;
    });
}

template <class To, class From>
void integerToFloat(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<From> a(warp, i.in[0]);
    each<To>(warp, i.out[0], mask, [&](int l) { return static_cast<To>(a[l]); });
}

// Instruction::immediate has the rounding mode.
template <class To, class From>
void directed(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<From> a(warp, i.in[0]);
    DirectedRounding rounding(static_cast<int>(i.immediate));
    eachActive<To>(warp, i.out[0], mask, [&](int l) {
        volatile From x = a[l];
        volatile To result = static_cast<To>(x);
        return To{result};
    });
}

struct Same {
    template <class T>
    static T apply(T x) {
        return x;
    }
};
template <Integral kMode>
struct ToIntegral {
    template <class T>
    static T apply(T x) {
        return toIntegral<kMode>(x);
    }
};

// Between floats, with .ftz and .sat.
template <class Op, class To, class From>
void floatToFloat(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<From> a(warp, i.in[0]);
    bool flushes = (i.immediate & 1) != 0, saturates = (i.immediate & 2) != 0;
    each<To>(warp, i.out[0], mask, [&](int l) {
        auto x = static_cast<To>(Op::apply(flushes ? flush(a[l]) : From{a[l]}));
        x = flushes ? flush(x) : x;
        return saturates ? saturate(x) : x;
    });
}

template <class F>
Handler forAnyInteger(Type type, F choose) {
    if (type.bits == 8) {
        return type.kind == 's' ? choose(std::int8_t{}) : choose(std::uint8_t{});
    }
    return forInteger(type, choose);
}

Handler integers(Type to, Type from, bool saturates) {
    return forAnyInteger(to, [&](auto t) -> Handler {
        return forAnyInteger(from, [&](auto f) -> Handler {
            using To = decltype(t);
            using From = decltype(f);
            return saturates ? integerToInteger<To, From, true>
                             : integerToInteger<To, From, false>;
        });
    });
}

template <Integral kMode>
Handler truncation(Type to, Type from, bool flushes) {
    return forAnyInteger(to, [&](auto t) -> Handler {
        using To = decltype(t);
        if (flushes) {
            return from.bits == 32 ? floatToInteger<To, float, kMode, true> : nullptr;
        }
        return forFloat(from, [&](auto f) -> Handler {
            return floatToInteger<To, decltype(f), kMode, false>;
        });
    });
}

Handler toInteger(Type to, Type from, const std::string& rounding, bool flushes) {
    return rounding == "rni"   ? truncation<Integral::Nearest>(to, from, flushes)
           : rounding == "rzi" ? truncation<Integral::Zero>(to, from, flushes)
           : rounding == "rmi" ? truncation<Integral::Down>(to, from, flushes)
           : rounding == "rpi" ? truncation<Integral::Up>(to, from, flushes)
                               : nullptr;
}

Handler fromInteger(Type to, Type from, bool nearest) {
    return forAnyInteger(from, [&](auto f) -> Handler {
        return forFloat(to, [&](auto t) -> Handler {
            using To = decltype(t);
            using From = decltype(f);
            return nearest ? integerToFloat<To, From> : directed<To, From>;
        });
    });
}

template <class Op>
Handler sameWidth(Type type) {
    return forFloat(type, [](auto t) -> Handler {
        return floatToFloat<Op, decltype(t), decltype(t)>;
    });
}

Handler floats(Type to, Type from, const std::string& rounding) {
    if (to.bits == from.bits) {
        return rounding.empty()    ? sameWidth<Same>(to)
               : rounding == "rni" ? sameWidth<ToIntegral<Integral::Nearest>>(to)
               : rounding == "rzi" ? sameWidth<ToIntegral<Integral::Zero>>(to)
               : rounding == "rmi" ? sameWidth<ToIntegral<Integral::Down>>(to)
               : rounding == "rpi" ? sameWidth<ToIntegral<Integral::Up>>(to)
                                   : nullptr;
    }
    if (to.bits == 64 && from.bits == 32 && rounding.empty()) {
        return floatToFloat<Same, double, float>;
    }
    if (to.bits == 32 && from.bits == 64) {
        return rounding == "rn"   ? floatToFloat<Same, float, double>
               : rounding.empty() ? nullptr
                                  : directed<float, double>;
    }
    return nullptr;
}

void decodeConvert(Decoder& d) {
    std::string rounding = d.takeOneOf({"rni", "rzi", "rmi", "rpi", "rn", "rz", "rm", "rp"});
    bool flushes = d.take("ftz"), saturates = d.take("sat");
    Type to = d.takeType(), from = d.takeType();
    d.expectOperands(2, 2);
    bool direct = rounding == "rz" || rounding == "rm" || rounding == "rp";
    bool toFloat = to.kind == 'f', fromFloat = from.kind == 'f';
    Handler handler;
    if (toFloat && fromFloat) {
        handler = floats(to, from, rounding);
    } else if (fromFloat) {
        handler = toInteger(to, from, rounding, flushes);
    } else if (toFloat) {
        handler = rounding == "rn" || direct ? fromInteger(to, from, !direct) : nullptr;
    } else {
        handler = rounding.empty() && !flushes ? integers(to, from, saturates) : nullptr;
    }
    // Conversions to integers are clamped in any case.
    if ((direct || (toFloat && !fromFloat)) && (flushes || saturates)) {
        handler = nullptr;
    }
    Operand in = d.narrow(d.operand(1), from);
    Decoder::Widening out = d.widening(d.operand(0).name, to);
    Instruction& i = d.emit(handler, InstructionClass::Conversion);
    i.in[0] = in;
    i.out[0] = out.target;
    i.immediate = direct ? (rounding == "rz"   ? FE_TOWARDZERO
                            : rounding == "rm" ? FE_DOWNWARD
                                               : FE_UPWARD)
                         : (flushes ? 1 : 0) | (saturates ? 2 : 0);
    d.widen(out, to);
}

}  // namespace

void addConversionOpcodes(DecodeTable& table) { table["cvt"] = decodeConvert; }

}  // namespace vgpu

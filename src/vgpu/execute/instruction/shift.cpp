// Shifts and bit fields: shl, shr, shf, bfe, bfi.
#include <algorithm>
#include <type_traits>

#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

struct FunnelLeftWrap {
    static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        std::uint64_t both = (static_cast<std::uint64_t>(b) << 32) | a;
        return static_cast<std::uint32_t>((both << (c & 31)) >> 32);
    }
};
struct FunnelLeftClamp {
    static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        return c >= 32 ? a : FunnelLeftWrap::apply(a, b, c);
    }
};
struct FunnelRightWrap {
    static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        std::uint64_t both = (static_cast<std::uint64_t>(b) << 32) | a;
        return static_cast<std::uint32_t>(both >> (c & 31));
    }
};
struct FunnelRightClamp {
    static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        return c >= 32 ? b : FunnelRightWrap::apply(a, b, c);
    }
};

// Shifts by the type's width or more give 0, or the sign.
template <class T>
void shiftLeft(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]);
    Column<std::uint32_t> by(warp, i.in[1]);
    each<T>(warp, i.out[0], mask, [&](int l) {
        return by[l] >= 8 * sizeof(T) ? T{0} : static_cast<T>(a[l] << by[l]);
    });
}

template <class T>
void shiftRight(Warp& warp, const Instruction& i, std::uint32_t mask) {
    constexpr std::uint32_t kMost = 8 * sizeof(T) - 1;
    Column<T> a(warp, i.in[0]);
    Column<std::uint32_t> by(warp, i.in[1]);
    each<T>(warp, i.out[0], mask, [&](int l) {
        T rest = std::is_signed_v<T> ? static_cast<T>(a[l] >> kMost) : T{0};
        return by[l] > kMost ? rest : static_cast<T>(a[l] >> by[l]);
    });
}

template <class T>
void extract(Warp& warp, const Instruction& i, std::uint32_t mask) {
    constexpr std::uint32_t kMost = 8 * sizeof(T) - 1;
    Column<T> a(warp, i.in[0]);
    Column<std::uint32_t> b(warp, i.in[1]), c(warp, i.in[2]);
    eachActive<T>(warp, i.out[0], mask, [&](int l) -> T {
        std::uint32_t position = b[l] & 0xFF, length = c[l] & 0xFF;
        T value = a[l];
        if (length == 0) {
            return 0;
        }
        std::uint64_t sign = 0;
        if (std::is_signed_v<T>) {
            std::uint32_t last = std::min(position + length - 1, kMost);
            sign = (static_cast<std::uint64_t>(value) >> last) & 1;
        }
        std::uint64_t bits = 0;
        for (std::uint32_t k = 0; k <= kMost; ++k) {
            bool inside = k < length && position + k <= kMost;
            std::uint64_t bit =
                inside ? (static_cast<std::uint64_t>(value) >> (position + k)) & 1 : sign;
            bits |= bit << k;
        }
        return static_cast<T>(bits);
    });
}

template <class T>
void insert(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    Column<std::uint32_t> c(warp, i.in[2]), e(warp, i.in[3]);
    eachActive<T>(warp, i.out[0], mask, [&](int l) -> T {
        std::uint32_t position = c[l] & 0xFF, length = e[l] & 0xFF;
        T result = b[l];
        for (std::uint32_t k = 0; k < length && position + k < 8 * sizeof(T); ++k) {
            T bit = T{1} << (position + k);
            result = (a[l] >> k) & 1 ? result | bit : result & ~bit;
        }
        return result;
    });
}

void decodeFunnel(Decoder& d) {
    bool left = d.takeOneOf({"l", "r"}) == "l";
    std::string mode = d.takeOneOf({"wrap", "clamp"});
    using Word = std::uint32_t;
    if (mode.empty()) {
        d.unknown();
    }
    Handler handler = left ? mode == "wrap" ? ternary<FunnelLeftWrap, Word>
                                            : ternary<FunnelLeftClamp, Word>
                      : mode == "wrap" ? ternary<FunnelRightWrap, Word>
                                       : ternary<FunnelRightClamp, Word>;
    emitPlain(d, handler, d.takeType(), 3);
}

}  // namespace

void addShiftOpcodes(DecodeTable& table) {
    table["shl"] = [](Decoder& d) {
        Type type = d.takeType();
        emitMixed(d,
                  forInteger({'u', type.bits},
                             [](auto t) -> Handler { return shiftLeft<decltype(t)>; }),
                  type, type, 1, 1);
    };
    table["shr"] = [](Decoder& d) {
        Type type = d.takeType();
        emitMixed(d,
                  forInteger(type, [](auto t) -> Handler { return shiftRight<decltype(t)>; }),
                  type, type, 1, 1);
    };
    table["bfe"] = [](Decoder& d) {
        Type type = d.takeType();
        emitMixed(d, forInteger(type, [](auto t) -> Handler { return extract<decltype(t)>; }),
                  type, type, 1, 2);
    };
    table["bfi"] = [](Decoder& d) {
        Type type = d.takeType();
        Handler handler = type.bits == 32   ? insert<std::uint32_t>
                          : type.bits == 64 ? insert<std::uint64_t>
                                            : nullptr;
        emitMixed(d, handler, type, type, 2, 2);
    };
    table["shf"] = decodeFunnel;
}

}  // namespace vgpu

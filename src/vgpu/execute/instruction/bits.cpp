// Bit operations: and, or, xor, not, cnot, bfind, brev, clz, popc, prmt, lop3;
// and, or, xor and not of predicates too.
#include <algorithm>

#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

struct And {
    template <class T>
    static T apply(T a, T b) {
        return a & b;
    }
};
struct Or {
    template <class T>
    static T apply(T a, T b) {
        return a | b;
    }
};
struct Xor {
    template <class T>
    static T apply(T a, T b) {
        return a ^ b;
    }
};
struct Not {
    template <class T>
    static T apply(T a) {
        return static_cast<T>(~a);
    }
};
struct LogicalNot {
    template <class T>
    static T apply(T a) {
        return a == 0 ? T{1} : T{0};
    }
};
struct PopulationCount {
    template <class T>
    static std::uint32_t apply(T a) {
        return static_cast<std::uint32_t>(__builtin_popcountll(a));
    }
};
struct LeadingZeros {
    template <class T>
    static std::uint32_t apply(T a) {
        constexpr int kSpare = 64 - 8 * static_cast<int>(sizeof(T));
        return a == 0 ? 8 * sizeof(T) : static_cast<std::uint32_t>(__builtin_clzll(a) - kSpare);
    }
};
struct Reverse {
    template <class T>
    static T apply(T a) {
        T result = 0;
        for (std::size_t k = 0; k < 8 * sizeof(T); ++k) {
            result = static_cast<T>((result << 1) | ((a >> k) & 1));
        }
        return result;
    }
};
struct FindHighest {
    template <class T>
    static std::uint32_t apply(T a) {
        std::uint64_t bits = static_cast<std::uint64_t>(a < 0 ? ~a : a);
        return bits == 0 ? ~0u : 63u - static_cast<std::uint32_t>(__builtin_clzll(bits));
    }
};
struct FindHighestShift {
    template <class T>
    static std::uint32_t apply(T a) {
        std::uint32_t highest = FindHighest::apply(a);
        return highest == ~0u ? ~0u : static_cast<std::uint32_t>(8 * sizeof(T) - 1) - highest;
    }
};
struct BytePermute {
    static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t selector) {
        std::uint64_t bytes = (static_cast<std::uint64_t>(b) << 32) | a;
        std::uint32_t result = 0;
        for (int k = 0; k < 4; ++k) {
            std::uint32_t nibble = selector >> (4 * k);
            auto byte = static_cast<std::uint32_t>(bytes >> (8 * (nibble & 7))) & 0xFF;
            if ((nibble & 8) != 0) {
                byte = (byte & 0x80) != 0 ? 0xFF : 0;
            }
            result |= byte << (8 * k);
        }
        return result;
    }
};

void logic3(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<std::uint32_t> a(warp, i.in[0]), b(warp, i.in[1]), c(warp, i.in[2]);
    auto table = static_cast<std::uint32_t>(i.immediate);
    each<std::uint32_t>(warp, i.out[0], mask, [&](int l) {
        std::uint32_t result = 0;
        for (std::uint32_t k = 0; k < 8; ++k) {
            std::uint32_t term = (k & 4 ? a[l] : ~a[l]) & (k & 2 ? b[l] : ~b[l]) &
                                 (k & 1 ? c[l] : ~c[l]);
            result |= (table >> k) & 1 ? term : 0;
        }
        return result;
    });
}

template <class Op>
void predicateBinary(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint32_t value = Op::apply(warp.predicate(i.in[0]), warp.predicate(i.in[1]));
    std::uint32_t& out = warp.predicate(i.out[0]);
    out = (out & ~mask) | (value & mask);
}

void predicateNot(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint32_t& out = warp.predicate(i.out[0]);
    out = (out & ~mask) | (~warp.predicate(i.in[0]) & mask);
}

template <class Op>
void decodeLogic(Decoder& d) {
    Type type = d.takeType();
    if (type.kind == 'b') {
        emitPlain(d, forInteger(type, [](auto t) -> Handler { return binary<Op, decltype(t)>; }),
                  type, 2);
        return;
    }
    d.expectOperands(3, 3);
    Operand a = d.inPredicate(d.operand(1)), b = d.inPredicate(d.operand(2));
    Instruction& i = d.emit(type.kind == 'p' ? predicateBinary<Op> : nullptr,
                            InstructionClass::Integer);
    i.in[0] = a;
    i.in[1] = b;
    i.out[0] = d.outPredicate(d.operand(0).name);
}

void decodeNot(Decoder& d) {
    Type type = d.takeType();
    if (type.kind == 'b') {
        emitPlain(d, forInteger(type, [](auto t) -> Handler { return unary<Not, decltype(t)>; }),
                  type, 1);
        return;
    }
    d.expectOperands(2, 2);
    Operand a = d.inPredicate(d.operand(1));
    Instruction& i = d.emit(type.kind == 'p' ? predicateNot : nullptr, InstructionClass::Integer);
    i.in[0] = a;
    i.out[0] = d.outPredicate(d.operand(0).name);
}

template <class Op>
void decodeCount(Decoder& d) {
    Type type = d.takeType();
    Handler handler = nullptr;
    if (type.bits != 16) {
        handler = forInteger({'u', type.bits}, [](auto t) -> Handler {
            return unarySlow<Op, decltype(t), std::uint32_t>;
        });
    }
    emitMixed(d, handler, {'u', 32}, type, 1, 0);
}

void decodeFindHighest(Decoder& d) {
    bool shift = d.take("shiftamt");
    Type type = d.takeType();
    Handler handler = forInteger(type, [&](auto t) -> Handler {
        using T = decltype(t);
        return shift ? unarySlow<FindHighestShift, T, std::uint32_t>
                     : unarySlow<FindHighest, T, std::uint32_t>;
    });
    emitMixed(d, handler, {'u', 32}, type, 1, 0);
}

void decodeLogic3(Decoder& d) {
    Type type = d.takeType();
    d.expectOperands(5, 5);
    Operand in[3] = {d.in(1, type), d.in(2, type), d.in(3, type)};
    Operand out = d.out(0, type);
    Instruction& i = d.emit(type.bits == 32 ? logic3 : nullptr, InstructionClass::Integer);
    std::copy(in, in + 3, i.in);
    i.out[0] = out;
    i.immediate = static_cast<std::int64_t>(d.operand(4).number.bits);
}

}  // namespace

void addBitOpcodes(DecodeTable& table) {
    table["and"] = decodeLogic<And>;
    table["or"] = decodeLogic<Or>;
    table["xor"] = decodeLogic<Xor>;
    table["not"] = decodeNot;
    table["cnot"] = [](Decoder& d) {
        Type type = d.takeType();
        emitPlain(d,
                  forInteger(type,
                             [](auto t) -> Handler { return unary<LogicalNot, decltype(t)>; }),
                  type, 1);
    };
    table["popc"] = decodeCount<PopulationCount>;
    table["clz"] = decodeCount<LeadingZeros>;
    table["bfind"] = decodeFindHighest;
    table["brev"] = [](Decoder& d) {
        Type type = d.takeType();
        emitPlain(d,
                  forInteger(type,
                             [](auto t) -> Handler { return unarySlow<Reverse, decltype(t)>; }),
                  type, 1);
    };
    table["prmt"] = [](Decoder& d) {
        emitPlain(d, ternary<BytePermute, std::uint32_t>, d.takeType(), 3);
    };
    table["lop3"] = decodeLogic3;
}

}  // namespace vgpu

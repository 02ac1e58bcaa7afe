// setp, set, selp, slct.
#include "execute/instruction/float_math.h"
#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

struct Equal { template <class T> static bool apply(T a, T b) { return a == b; } };
struct NotEqual { template <class T> static bool apply(T a, T b) { return a < b || a > b; } };
struct Less { template <class T> static bool apply(T a, T b) { return a < b; } };
struct LessEqual { template <class T> static bool apply(T a, T b) { return a <= b; } };
struct Greater { template <class T> static bool apply(T a, T b) { return a > b; } };
struct GreaterEqual { template <class T> static bool apply(T a, T b) { return a >= b; } };
struct Numbers { template <class T> static bool apply(T a, T b) { return a == a && b == b; } };
// The unordered comparisons hold where an operand is NaN.
template <class Op>
struct Not {
    template <class T>
    static bool apply(T a, T b) {
        return !Op::apply(a, b);
    }
};

enum Combination : std::int64_t { kNone, kAnd, kOr, kXor };

std::uint32_t combine(std::int64_t combination, std::uint32_t a, std::uint32_t b) {
    switch (combination) {
        case kAnd: return a & b;
        case kOr: return a | b;
        case kXor: return a ^ b;
        default: return a;
    }
}

template <class Op, class T, bool kFlush>
std::uint32_t compare(Warp& warp, const Instruction& i) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    if constexpr (kFlush) {
        return test([&](int l) { return Op::apply(flush(a[l]), flush(b[l])); });
    } else {
        return test([&](int l) { return Op::apply(a[l], b[l]); });
    }
}

void setPredicate(Warp& warp, Operand predicate, std::uint32_t value, std::uint32_t mask) {
    std::uint32_t& out = warp.predicate(predicate);
    out = (out & ~mask) | (value & mask);
}

template <class Op, class T, bool kFlush>
void setPredicates(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint32_t holds = compare<Op, T, kFlush>(warp, i);
    std::uint32_t third = warp.predicate(i.in[2]);
    setPredicate(warp, i.out[1], combine(i.immediate, ~holds, third), mask);
    setPredicate(warp, i.out[0], combine(i.immediate, holds, third), mask);
}

// set: all ones, or 1.0f. Instruction::immediate has the combination and, from bit 8, the value.
template <class Op, class T, bool kFlush>
void setValue(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint32_t holds = combine(i.immediate & 0xFF, compare<Op, T, kFlush>(warp, i),
                                  warp.predicate(i.in[2]));
    auto value = static_cast<std::uint32_t>(i.immediate >> 8);
    each<std::uint32_t>(warp, i.out[0], mask,
                        [&](int l) { return (holds >> l) & 1 ? value : 0u; });
}

template <class Op, bool kValue>
Handler comparisonHandler(Type type, bool flushes) {
    auto choose = [](auto t) -> Handler {
        using T = decltype(t);
        return kValue ? setValue<Op, T, false> : setPredicates<Op, T, false>;
    };
    if (type.kind != 'f') {
        return forInteger(type, choose);
    }
    if (flushes) {
        return type.bits != 32 ? nullptr
               : kValue        ? setValue<Op, float, true>
                               : setPredicates<Op, float, true>;
    }
    return forFloat(type, choose);
}

template <bool kValue>
Handler comparisonHandler(Decoder& d, const std::string& name, Type type, bool flushes) {
    bool real = type.kind == 'f';
    Type order = type;
    if (name == "lo" || name == "ls" || name == "hi" || name == "hs") {
        order.kind = real ? 0 : 'u';
    }
    if (name == "eq") return comparisonHandler<Equal, kValue>(order, flushes);
    if (name == "ne") return comparisonHandler<NotEqual, kValue>(order, flushes);
    if (name == "lt" || name == "lo") return comparisonHandler<Less, kValue>(order, flushes);
    if (name == "le" || name == "ls") return comparisonHandler<LessEqual, kValue>(order, flushes);
    if (name == "gt" || name == "hi") return comparisonHandler<Greater, kValue>(order, flushes);
    if (name == "ge" || name == "hs") {
        return comparisonHandler<GreaterEqual, kValue>(order, flushes);
    }
    if (!real) {
        d.unknown();
    }
    if (name == "equ") return comparisonHandler<Not<NotEqual>, kValue>(type, flushes);
    if (name == "neu") return comparisonHandler<Not<Equal>, kValue>(type, flushes);
    if (name == "ltu") return comparisonHandler<Not<GreaterEqual>, kValue>(type, flushes);
    if (name == "leu") return comparisonHandler<Not<Greater>, kValue>(type, flushes);
    if (name == "gtu") return comparisonHandler<Not<LessEqual>, kValue>(type, flushes);
    if (name == "geu") return comparisonHandler<Not<Less>, kValue>(type, flushes);
    if (name == "num") return comparisonHandler<Numbers, kValue>(type, flushes);
    return comparisonHandler<Not<Numbers>, kValue>(type, flushes);
}

template <bool kValue>
void decodeComparison(Decoder& d) {
    std::string name = d.takeOneOf({"eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs",
                                    "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"});
    std::string boolean = d.takeOneOf({"and", "or", "xor"});
    bool flushes = d.take("ftz");
    Type result = kValue ? d.takeType() : Type{'p', 1};
    Type type = d.takeType();
    if (name.empty() || (kValue && (result.bits != 32 || result.kind == 'b'))) {
        d.unknown();
    }
    std::size_t operands = boolean.empty() ? 3 : 4;
    d.expectOperands(operands, operands);
    Operand a = d.in(1, type), b = d.in(2, type);
    Operand third = boolean.empty() ? kFalsePredicate : d.inPredicate(d.operand(3));
    Operand out = kValue ? d.out(0, result) : d.outPredicate(d.operand(0).name);
    Operand complement = kValue ? 0 : d.outPredicate(d.operand(0).second);
    Instruction& i =
        d.emit(comparisonHandler<kValue>(d, name, type, flushes), classOf(type));
    i.in[0] = a;
    i.in[1] = b;
    i.in[2] = third;
    i.out[0] = out;
    i.out[1] = complement;
    i.immediate = boolean.empty()  ? kNone
                  : boolean == "and" ? kAnd
                  : boolean == "or"  ? kOr
                                     : kXor;
    if (kValue) {
        std::uint32_t value = result.kind == 'f' ? bitCast<std::uint32_t>(1.0f) : ~0u;
        i.immediate |= static_cast<std::int64_t>(value) << 8;
    }
}

template <class T>
void select(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    std::uint32_t predicate = warp.predicate(i.in[2]);
    each<T>(warp, i.out[0], mask, [&](int l) { return (predicate >> l) & 1 ? a[l] : b[l]; });
}

template <class T, class Control>
void selectBySign(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    Column<Control> c(warp, i.in[2]);
    each<T>(warp, i.out[0], mask, [&](int l) { return c[l] >= 0 ? a[l] : b[l]; });
}

void decodeSelect(Decoder& d) {
    Type type = d.takeType();
    d.expectOperands(4, 4);
    Operand a = d.in(1, type), b = d.in(2, type), c = d.inPredicate(d.operand(3));
    Operand out = d.out(0, type);
    Instruction& i = d.emit(forInteger({'u', type.bits},
                                       [](auto t) -> Handler { return select<decltype(t)>; }),
                            InstructionClass::Other);
    i.in[0] = a;
    i.in[1] = b;
    i.in[2] = c;
    i.out[0] = out;
}

void decodeSelectBySign(Decoder& d) {
    Type type = d.takeType(), control = d.takeType();
    d.expectOperands(4, 4);
    if (control.bits != 32 || (control.kind != 's' && control.kind != 'f')) {
        d.unknown();
    }
    Operand a = d.in(1, type), b = d.in(2, type), c = d.in(3, control), out = d.out(0, type);
    Handler handler = forInteger({'u', type.bits}, [&](auto t) -> Handler {
        using T = decltype(t);
        return control.kind == 'f' ? selectBySign<T, float> : selectBySign<T, std::int32_t>;
    });
    Instruction& i = d.emit(handler, InstructionClass::Other);
    i.in[0] = a;
    i.in[1] = b;
    i.in[2] = c;
    i.out[0] = out;
}

}  // namespace

void addComparisonOpcodes(DecodeTable& table) {
    table["setp"] = decodeComparison<false>;
    table["set"] = decodeComparison<true>;
    table["selp"] = decodeSelect;
    table["slct"] = decodeSelectBySign;
}

}  // namespace vgpu

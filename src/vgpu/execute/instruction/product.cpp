// Integer sums and products: add, sub, mul, mad, and the carry chains addc, subc, madc.
#include "execute/instruction/integer_math.h"

namespace vgpu {

namespace {

using namespace wrapping;

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
        decodeIntegerBinary<Op>(d);
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
        decodeIntegerBinary<MultiplyLow>(d);
    } else if (part == "hi") {
        decodeIntegerBinary<MultiplyHigh>(d);
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

}  // namespace

void addProductOpcodes(DecodeTable& table) {
    table["add"] = [](Decoder& d) { decodeSum<Add, 0>(d, "add"); };
    table["sub"] = [](Decoder& d) { decodeSum<Subtract, kSubtracts>(d, "sub"); };
    table["addc"] = [](Decoder& d) { decodeCarry(d, kNone, kUsesCarry); };
    table["subc"] = [](Decoder& d) { decodeCarry(d, kNone, kUsesCarry | kSubtracts); };
    table["mul"] = decodeMultiply;
    table["mad"] = decodeMad;
    table["madc"] = decodeMadCarry;
}

}  // namespace vgpu

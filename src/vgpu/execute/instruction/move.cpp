// mov, cvta, isspacep: registers, vectors packed into wider ones, addresses.
#include <cstring>

#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

template <class T>
void move(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]);
    each<T>(warp, i.out[0], mask, [&](int l) { return a[l]; });
}

void movePredicate(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint32_t value = warp.predicate(i.in[0]);
    std::uint32_t& out = warp.predicate(i.out[0]);
    out = (out & ~mask) | (value & mask);
}

// {in[0], in[1], ...} to one register, the first in the low bits.
template <class Whole, class Part>
void pack(Warp& warp, const Instruction& i, std::uint32_t mask) {
    constexpr unsigned kParts = sizeof(Whole) / sizeof(Part);
    eachActive<Whole>(warp, i.out[0], mask, [&](int l) {
        Whole whole = 0;
        for (unsigned k = 0; k < kParts; ++k) {
            whole |= static_cast<Whole>(Column<Part>(warp, i.in[k])[l]) << (8 * sizeof(Part) * k);
        }
        return whole;
    });
}

template <class Whole, class Part>
void unpack(Warp& warp, const Instruction& i, std::uint32_t mask) {
    constexpr unsigned kParts = sizeof(Whole) / sizeof(Part);
    forLanes(mask, [&](int l) {
        Whole whole = Column<Whole>(warp, i.in[0])[l];
        for (unsigned k = 0; k < kParts; ++k) {
            Column<Part>(warp, i.out[k]).set(l, static_cast<Part>(whole >> (8 * sizeof(Part) * k)));
        }
    });
}

// Adds Instruction::immediate, the start of an address window.
void addWindow(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<std::uint64_t> a(warp, i.in[0]);
    auto window = static_cast<std::uint64_t>(i.immediate);
    each<std::uint64_t>(warp, i.out[0], mask, [&](int l) { return a[l] + window; });
}

void inWindow(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<std::uint64_t> a(warp, i.in[0]);
    std::uint32_t value = test([&](int l) {
        std::uint64_t window = a[l] / kWindowBytes * kWindowBytes;
        return i.immediate != 0 ? window == static_cast<std::uint64_t>(i.immediate)
                                : window != kSharedWindow && window != kLocalWindow;
    });
    std::uint32_t& out = warp.predicate(i.out[0]);
    out = (out & ~mask) | (value & mask);
}

void decodeVector(Decoder& d, Type type, bool packs) {
    const PtxOperand& vector = d.operand(packs ? 1 : 0);
    std::size_t parts = vector.parts.size();
    Type part{'b', parts == 2 || parts == 4 ? static_cast<unsigned>(type.bits / parts) : 0};
    Handler handler = nullptr;
    if (type.bits == 64 && part.bits == 32) {
        handler = packs ? pack<std::uint64_t, std::uint32_t> : unpack<std::uint64_t, std::uint32_t>;
    } else if (type.bits == 64 && part.bits == 16) {
        handler = packs ? pack<std::uint64_t, std::uint16_t> : unpack<std::uint64_t, std::uint16_t>;
    } else if (type.bits == 32 && part.bits == 16) {
        handler = packs ? pack<std::uint32_t, std::uint16_t> : unpack<std::uint32_t, std::uint16_t>;
    } else {
        d.unknown();
    }
    Operand whole = packs ? d.out(0, type) : d.in(1, type);
    Operand each[4] = {};
    for (std::size_t k = 0; k < parts; ++k) {
        each[k] = packs ? d.in(vector.parts[k], part) : d.out(vector.parts[k].name, part);
    }
    Instruction& i = d.emit(handler, InstructionClass::Other);
    for (std::size_t k = 0; k < parts; ++k) {
        (packs ? i.in : i.out)[k] = each[k];
    }
    (packs ? i.out : i.in)[0] = whole;
}

void decodeMove(Decoder& d) {
    Type type = d.takeType();
    d.expectOperands(2, 2);
    if (type.kind == 'p') {
        Operand in = d.inPredicate(d.operand(1));
        Operand out = d.outPredicate(d.operand(0).name);
        Instruction& i = d.emit(movePredicate, InstructionClass::Other);
        i.in[0] = in;
        i.out[0] = out;
        return;
    }
    bool packs = d.operand(1).kind == PtxOperand::Kind::Vector;
    if (packs || d.operand(0).kind == PtxOperand::Kind::Vector) {
        decodeVector(d, type, packs);
        return;
    }
    Operand in = d.in(1, type), out = d.out(0, type);
    Instruction& i = d.emit(forInteger({'u', type.bits},
                                       [](auto t) -> Handler { return move<decltype(t)>; }),
                            InstructionClass::Other);
    i.in[0] = in;
    i.out[0] = out;
}

std::uint64_t takeWindow(Decoder& d) {
    std::string space =
        d.takeOneOf({"global", "const", "param", "local", "shared", "shared::cta"});
    if (space.empty() || space == "param") {
        d.unknown();
    }
    return space == "local" ? kLocalWindow : space[0] == 's' ? kSharedWindow : 0;
}

void decodeConvertAddress(Decoder& d) {
    bool toSpace = d.take("to");
    std::uint64_t window = takeWindow(d);
    Type type = d.takeType();
    d.expectOperands(2, 2);
    Operand in = d.in(1, type), out = d.out(0, type);
    Instruction& i = d.emit(type.bits == 64 ? addWindow : nullptr, InstructionClass::Other);
    i.in[0] = in;
    i.out[0] = out;
    i.immediate = static_cast<std::int64_t>(toSpace ? 0 - window : window);
}

void decodeIsSpace(Decoder& d) {
    std::uint64_t window = takeWindow(d);
    d.expectOperands(2, 2);
    Operand in = d.in(1, {'u', 64});
    Instruction& i = d.emit(inWindow, InstructionClass::Other);
    i.in[0] = in;
    i.out[0] = d.outPredicate(d.operand(0).name);
    i.immediate = static_cast<std::int64_t>(window);
}

}  // namespace

void addMoveOpcodes(DecodeTable& table) {
    table["mov"] = decodeMove;
    table["cvta"] = decodeConvertAddress;
    table["isspacep"] = decodeIsSpace;
}

}  // namespace vgpu

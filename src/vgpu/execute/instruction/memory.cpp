// ld, st, prefetch.
#include <algorithm>
#include <cstring>

#include "execute/instruction/memory_access.h"
#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

template <class T, unsigned kElements>
void load(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint8_t* places[kLanes];
    locate(warp, i, mask, sizeof(T) * kElements, Use::Read, places);
    for (unsigned e = 0; e < kElements; ++e) {
        eachActive<T>(warp, i.out[e], mask, [&](int l) {
            T value;
            std::memcpy(&value, places[l] + e * sizeof(T), sizeof(T));
            return value;
        });
    }
}

// The values are in[1], in[2], ...
template <class T, unsigned kElements>
void store(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint8_t* places[kLanes];
    locate(warp, i, mask, sizeof(T) * kElements, Use::Write, places);
    for (unsigned e = 0; e < kElements; ++e) {
        Column<T> a(warp, i.in[e + 1]);
        forLanes(mask, [&](int l) {
            T value = a[l];
            std::memcpy(places[l] + e * sizeof(T), &value, sizeof(T));
        });
    }
}

template <class T>
Handler vectorHandler(bool loads, std::size_t elements) {
    switch (elements) {
        case 1: return loads ? load<T, 1> : store<T, 1>;
        case 2: return loads ? load<T, 2> : store<T, 2>;
        case 4: return loads ? load<T, 4> : store<T, 4>;
    }
    return nullptr;
}

Handler accessHandler(Decoder& d, Type type, bool loads, std::size_t elements) {
    if (type.bits * elements > 128) {
        d.unknown();
    }
    bool isSigned = type.kind == 's';
    switch (type.bits) {
        case 8:
            return isSigned ? vectorHandler<std::int8_t>(loads, elements)
                            : vectorHandler<std::uint8_t>(loads, elements);
        case 16:
            return isSigned ? vectorHandler<std::int16_t>(loads, elements)
                            : vectorHandler<std::uint16_t>(loads, elements);
        case 32: return vectorHandler<std::uint32_t>(loads, elements);
        case 64: return vectorHandler<std::uint64_t>(loads, elements);
    }
    return nullptr;
}

template <class T>
void copy(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]);
    each<T>(warp, i.out[0], mask, [&](int l) { return a[l]; });
}

// A parameter of an inlined function is a register.
void decodeCallParameter(Decoder& d, Type type, const std::vector<PtxOperand>& values, bool loads) {
    const PtxOperand& place = d.operand(loads ? 1 : 0);
    for (std::size_t e = 0; e < values.size(); ++e) {
        Operand slot;
        d.callParameter(place, e, type.bits / 8, slot);
        Decoder::Widening out;
        Operand in = slot;
        if (loads) {
            out = d.widening(values[e].name, type);
        } else {
            in = d.narrow(values[e], type);
        }
        Instruction& i =
            d.emitUncounted(type.bits == 64 ? copy<std::uint64_t> : copy<std::uint32_t>);
        i.in[0] = in;
        i.out[0] = loads ? out.target : slot;
        if (loads) {
            d.widen(out, type);
        }
    }
}

void decodeAccess(Decoder& d, bool loads) {
    Space space = takeSpace(d);
    takeOrdering(d);
    std::string vector = d.takeOneOf({"v2", "v4"});
    std::size_t elements = vector.empty() ? 1 : static_cast<std::size_t>(vector[1] - '0');
    Type type = d.takeType();
    d.expectOperands(2, 2);
    const PtxOperand& place = d.operand(loads ? 1 : 0);
    const PtxOperand& value = d.operand(loads ? 0 : 1);
    std::vector<PtxOperand> values = vector.empty() ? std::vector<PtxOperand>{value} : value.parts;
    if (values.size() != elements) {
        d.fail("a vector of " + std::to_string(values.size()) + " values");
    }
    Operand slot;
    if (space == Space::Param && d.callParameter(place, 0, type.bits / 8, slot)) {
        decodeCallParameter(d, type, values, loads);
        return;
    }
    if (!loads && (space == Space::Param || space == Space::Const)) {
        d.fail("a store to a read-only state space");
    }
    Handler handler = accessHandler(d, type, loads, elements);
    if (space == Space::Shared || space == Space::Generic) {
        d.code().sharedGranule = std::min<std::size_t>(d.code().sharedGranule, type.bits / 8);
    }
    std::vector<Decoder::Widening> out(elements);
    std::vector<Operand> in(elements);
    for (std::size_t e = 0; e < elements; ++e) {
        if (loads) {
            out[e] = d.widening(values[e].name, type);
        } else {
            in[e] = d.narrow(values[e], type);
        }
    }
    Instruction& i = d.emit(handler, InstructionClass::Memory);
    d.address(i, place, space);
    for (std::size_t e = 0; e < elements; ++e) {
        (loads ? i.out[e] : i.in[e + 1]) = loads ? out[e].target : in[e];
    }
    for (std::size_t e = 0; loads && e < elements; ++e) {
        d.widen(out[e], type);
    }
}

void nothing(Warp&, const Instruction&, std::uint32_t) {}

void decodePrefetch(Decoder& d) {
    takeSpace(d);
    d.takeOneOf({"L1", "L2", "L2::evict_last", "L2::evict_normal"});
    d.emit(nothing, InstructionClass::Memory);
}

}  // namespace

void addMemoryOpcodes(DecodeTable& table) {
    table["ld"] = [](Decoder& d) { decodeAccess(d, true); };
    table["ldu"] = [](Decoder& d) { decodeAccess(d, true); };
    table["st"] = [](Decoder& d) { decodeAccess(d, false); };
    table["prefetch"] = decodePrefetch;
    table["prefetchu"] = decodePrefetch;
}

}  // namespace vgpu

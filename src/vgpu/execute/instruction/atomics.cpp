// atom, red. Blocks of a kernel with atomics on global memory run one after the other, so a plain
// read, change and write is atomic here.
#include <cstring>

#include "execute/instruction/memory_access.h"
#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

struct Add { template <class T> static T apply(T a, T b, T) { return static_cast<T>(a + b); } };
struct Minimum { template <class T> static T apply(T a, T b, T) { return b < a ? b : a; } };
struct Maximum { template <class T> static T apply(T a, T b, T) { return b > a ? b : a; } };
struct And { template <class T> static T apply(T a, T b, T) { return a & b; } };
struct Or { template <class T> static T apply(T a, T b, T) { return a | b; } };
struct Xor { template <class T> static T apply(T a, T b, T) { return a ^ b; } };
struct Exchange { template <class T> static T apply(T, T b, T) { return b; } };
struct CompareAndSwap {
    template <class T>
    static T apply(T a, T b, T c) {
        return a == b ? c : a;
    }
};
struct Increment {
    template <class T>
    static T apply(T a, T b, T) {
        return a >= b ? 0 : a + 1;
    }
};
struct Decrement {
    template <class T>
    static T apply(T a, T b, T) {
        return a == 0 || a > b ? b : a - 1;
    }
};

template <class Op, class T>
void change(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint8_t* places[kLanes];
    locate(warp, i, mask, sizeof(T), Use::ReadWrite, places);
    Column<T> b(warp, i.in[1]), c(warp, i.in[2]), out(warp, i.out[0]);
    forLanes(mask, [&](int l) {
        T before;
        std::memcpy(&before, places[l], sizeof(T));
        T after = Op::apply(before, b[l], c[l]);
        std::memcpy(places[l], &after, sizeof(T));
        out.set(l, before);
    });
    warp.owner().atomics += static_cast<unsigned>(__builtin_popcount(mask));
}

template <class Op>
Handler wordHandler(Type type) {
    return type.bits == 16 ? nullptr
                           : forInteger(type, [](auto t) -> Handler {
                                 return change<Op, decltype(t)>;
                             });
}

Handler atomicHandler(const std::string& name, Type type) {
    if (type.kind == 'f') {
        return name != "add" ? nullptr
                             : forFloat(type, [](auto t) -> Handler {
                                   return change<Add, decltype(t)>;
                               });
    }
    Type bare{'u', type.bits};
    if (name == "add") return wordHandler<Add>(bare);
    if (name == "min") return wordHandler<Minimum>(type);
    if (name == "max") return wordHandler<Maximum>(type);
    if (name == "and") return wordHandler<And>(bare);
    if (name == "or") return wordHandler<Or>(bare);
    if (name == "xor") return wordHandler<Xor>(bare);
    if (name == "exch") return wordHandler<Exchange>(bare);
    if (name == "cas") return wordHandler<CompareAndSwap>(bare);
    if (name == "inc") return type.bits == 32 ? change<Increment, std::uint32_t> : nullptr;
    if (name == "dec") return type.bits == 32 ? change<Decrement, std::uint32_t> : nullptr;
    return nullptr;
}

void decodeAtomic(Decoder& d, bool returns) {
    Space space = takeSpace(d);
    takeOrdering(d);
    std::string name = d.takeOneOf(
        {"add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec"});
    Type type = d.takeType();
    std::size_t first = returns ? 1 : 0;  // the address
    std::size_t values = name == "cas" ? 2 : 1;
    d.expectOperands(first + 1 + values, first + 1 + values);
    if (space == Space::Param || space == Space::Const || space == Space::Local) {
        d.unknown();
    }
    Operand b = d.in(first + 1, type);
    Operand c = values == 2 ? d.in(first + 2, type) : b;
    Operand out = returns ? d.out(0, type) : d.scratch(type.bits);
    Instruction& i = d.emit(atomicHandler(name, type), InstructionClass::Memory,
                            type.kind == 'f' ? 1 : 0);
    d.address(i, d.operand(first), space);
    i.in[1] = b;
    i.in[2] = c;
    i.out[0] = out;
    i.atomic = true;
    d.code().globalAtomics |= space != Space::Shared;
}

}  // namespace

void addAtomicOpcodes(DecodeTable& table) {
    table["atom"] = [](Decoder& d) { decodeAtomic(d, true); };
    table["red"] = [](Decoder& d) { decodeAtomic(d, false); };
}

}  // namespace vgpu

// shfl.sync, vote.sync, match.sync, redux.sync, bar.warp.sync, activemask: what the lanes of a warp
// do together.
#include <algorithm>

#include "execute/block.h"
#include "execute/instruction/typed.h"

namespace vgpu {
namespace {

// The lanes of `mask` whose partners, the living lanes that their member mask names, are all here.
// If others have to wait, returns 0: they do, and the instruction runs again for the rest.
std::uint32_t gather(Warp& warp, std::uint32_t mask, Operand members) {
    Column<std::uint32_t> named(warp, members);
    std::uint32_t waiting = 0;
    forLanes(mask, [&](int l) {
        if (((named[l] >> l) & 1) == 0) {
            warp.fault(CUDA_ERROR_LAUNCH_FAILED, l, "the lane is not in its own member mask");
        }
        std::uint32_t missing = named[l] & warp.alive() & ~mask;
        if ((missing & warp.active()) != 0) {
            warp.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(missing & warp.active()),
                       "the lane is in the member mask, but its guard skips the instruction");
        }
        waiting |= missing != 0 ? 1u << l : 0;
    });
    if (waiting == 0) {
        return mask;
    }
    warp.block(waiting);
    return 0;
}

enum Direction : std::int64_t { kUp, kDown, kButterfly, kIndex };

template <Direction kDirection>
void shuffle(Warp& warp, const Instruction& i, std::uint32_t mask) {
    if (gather(warp, mask, i.in[3]) == 0) {
        return;
    }
    Column<std::uint32_t> a(warp, i.in[0]), b(warp, i.in[1]), c(warp, i.in[2]);
    std::uint32_t values[kLanes];
    std::uint32_t inRange = 0;
    forLanes(mask, [&](int l) {
        int distance = static_cast<int>(b[l] & 31), clamp = static_cast<int>(c[l] & 31);
        int segment = static_cast<int>((c[l] >> 8) & 31);
        int last = (l & segment) | (clamp & ~segment), first = l & segment;
        int from = kDirection == kUp          ? l - distance
                   : kDirection == kDown      ? l + distance
                   : kDirection == kButterfly ? l ^ distance
                                              : first | (distance & ~segment);
        bool valid = kDirection == kUp ? from >= last : from <= last;
        inRange |= valid ? 1u << l : 0;
        from = valid ? from : l;
        if (((mask >> from) & 1) == 0) {
            warp.fault(CUDA_ERROR_LAUNCH_FAILED, l,
                       "reads from lane " + std::to_string(from) + ", which is not active here");
        }
        values[l] = a[from];
    });
    Column<std::uint32_t> out(warp, i.out[0]);
    forLanes(mask, [&](int l) { out.set(l, values[l]); });
    std::uint32_t& predicate = warp.predicate(i.out[1]);
    predicate = (predicate & ~mask) | (inRange & mask);
}

void decodeShuffle(Decoder& d) {
    std::string direction = d.takeOneOf({"up", "down", "bfly", "idx"});
    if (!d.take("sync") || direction.empty() || !d.take("b32")) {
        d.unknown();
    }
    d.expectOperands(5, 5);
    Type word{'b', 32};
    Operand in[4] = {d.in(1, word), d.in(2, word), d.in(3, word), d.in(4, word)};
    Operand out = d.out(0, word), predicate = d.outPredicate(d.operand(0).second);
    Handler handler = direction == "up"     ? shuffle<kUp>
                      : direction == "down" ? shuffle<kDown>
                      : direction == "bfly" ? shuffle<kButterfly>
                                            : shuffle<kIndex>;
    Instruction& i = d.emit(handler, InstructionClass::Other);
    std::copy(in, in + 4, i.in);
    i.out[0] = out;
    i.out[1] = predicate;
}

enum Vote : std::int64_t { kAll, kAny, kUniform, kBallot };

void vote(Warp& warp, const Instruction& i, std::uint32_t mask) {
    if (gather(warp, mask, i.in[1]) == 0) {
        return;
    }
    std::uint32_t holds = warp.predicate(i.in[0]) & mask;
    Column<std::uint32_t> members(warp, i.in[1]);
    std::uint32_t result = 0;
    forLanes(mask, [&](int l) {
        std::uint32_t asked = members[l] & mask, yes = holds & asked;
        bool answer = i.immediate == kAll   ? yes == asked
                      : i.immediate == kAny ? yes != 0
                                            : yes == asked || yes == 0;
        result |= answer ? 1u << l : 0;
        if (i.immediate == kBallot) {
            Column<std::uint32_t>(warp, i.out[0]).set(l, yes);
        }
    });
    if (i.immediate != kBallot) {
        std::uint32_t& out = warp.predicate(i.out[0]);
        out = (out & ~mask) | (result & mask);
    }
}

void decodeVote(Decoder& d) {
    std::string mode = d.takeOneOf({"all", "any", "uni", "ballot"});
    bool ballot = mode == "ballot";
    if (!d.take("sync") || mode.empty() || !d.take(ballot ? "b32" : "pred")) {
        d.unknown();
    }
    d.expectOperands(3, 3);
    Operand predicate = d.inPredicate(d.operand(1)), members = d.in(2, {'b', 32});
    Operand out = ballot ? d.out(0, {'b', 32}) : d.outPredicate(d.operand(0).name);
    Instruction& i = d.emit(vote, InstructionClass::Other);
    i.in[0] = predicate;
    i.in[1] = members;
    i.out[0] = out;
    i.immediate = ballot ? kBallot : mode == "all" ? kAll : mode == "any" ? kAny : kUniform;
}

template <class T, bool kAllLanes>
void match(Warp& warp, const Instruction& i, std::uint32_t mask) {
    if (gather(warp, mask, i.in[1]) == 0) {
        return;
    }
    Column<T> a(warp, i.in[0]);
    Column<std::uint32_t> members(warp, i.in[1]), out(warp, i.out[0]);
    std::uint32_t equalAll = 0;
    forLanes(mask, [&](int l) {
        std::uint32_t equal = test([&](int other) { return a[other] == a[l]; });
        std::uint32_t asked = members[l] & mask;
        equal &= asked;
        equalAll |= equal == asked ? 1u << l : 0;
        out.set(l, kAllLanes && equal != asked ? 0 : equal);
    });
    std::uint32_t& predicate = warp.predicate(i.out[1]);
    predicate = (predicate & ~mask) | (equalAll & mask);
}

void decodeMatch(Decoder& d) {
    std::string mode = d.takeOneOf({"all", "any"});
    if (!d.take("sync") || mode.empty()) {
        d.unknown();
    }
    Type type = d.takeType();
    d.expectOperands(3, 3);
    Operand a = d.in(1, type), members = d.in(2, {'b', 32});
    Operand out = d.out(0, {'b', 32}), predicate = d.outPredicate(d.operand(0).second);
    bool all = mode == "all";
    Handler handler = type.bits == 32   ? all ? match<std::uint32_t, true>
                                              : match<std::uint32_t, false>
                      : type.bits == 64 ? all ? match<std::uint64_t, true>
                                              : match<std::uint64_t, false>
                                        : nullptr;
    Instruction& i = d.emit(handler, InstructionClass::Other);
    i.in[0] = a;
    i.in[1] = members;
    i.out[0] = out;
    i.out[1] = predicate;
}

struct Add { template <class T> static T apply(T a, T b) { return a + b; } };
struct Minimum { template <class T> static T apply(T a, T b) { return b < a ? b : a; } };
struct Maximum { template <class T> static T apply(T a, T b) { return a < b ? b : a; } };
struct And { template <class T> static T apply(T a, T b) { return a & b; } };
struct Or { template <class T> static T apply(T a, T b) { return a | b; } };
struct Xor { template <class T> static T apply(T a, T b) { return a ^ b; } };

template <class Op, class T>
void reduce(Warp& warp, const Instruction& i, std::uint32_t mask) {
    if (gather(warp, mask, i.in[1]) == 0) {
        return;
    }
    Column<T> a(warp, i.in[0]), out(warp, i.out[0]);
    Column<std::uint32_t> members(warp, i.in[1]);
    T results[kLanes];
    forLanes(mask, [&](int l) {
        T result = a[l];
        forLanes(members[l] & mask & ~(1u << l),
                 [&](int other) { result = Op::apply(result, a[other]); });
        results[l] = result;
    });
    forLanes(mask, [&](int l) { out.set(l, results[l]); });
}

void decodeReduce(Decoder& d) {
    std::string name = d.takeOneOf({"add", "min", "max", "and", "or", "xor"});
    if (!d.take("sync") || name.empty()) {
        d.unknown();
    }
    Type type = d.takeType();
    d.expectOperands(3, 3);
    using U = std::uint32_t;
    using S = std::int32_t;
    bool s = type.kind == 's';
    Handler handler = type.bits != 32 || type.kind == 'f' ? nullptr
                      : name == "add" ? reduce<Add, U>
                      : name == "min" ? s ? reduce<Minimum, S> : reduce<Minimum, U>
                      : name == "max" ? s ? reduce<Maximum, S> : reduce<Maximum, U>
                      : name == "and" ? reduce<And, U>
                      : name == "or"  ? reduce<Or, U>
                                      : reduce<Xor, U>;
    Operand a = d.in(1, type), members = d.in(2, {'b', 32}), out = d.out(0, type);
    Instruction& i = d.emit(handler, InstructionClass::Other);
    i.in[0] = a;
    i.in[1] = members;
    i.out[0] = out;
}

void activeMask(Warp& warp, const Instruction& i, std::uint32_t mask) {
    each<std::uint32_t>(warp, i.out[0], mask, [&](int) { return mask; });
}

void synchronizeWarp(Warp& warp, const Instruction& i, std::uint32_t mask) {
    if (gather(warp, mask, i.in[0]) != 0) {
        warp.owner().shared.passWarpSync(warp);
    }
}

}  // namespace

// bar.warp.sync, of control.cpp's `bar`.
void decodeWarpBarrier(Decoder& d) {
    d.expectOperands(1, 1);
    Operand members = d.in(0, {'b', 32});
    d.emit(synchronizeWarp, InstructionClass::Control).in[0] = members;
}

void addWarpOpcodes(DecodeTable& table) {
    table["shfl"] = decodeShuffle;
    table["vote"] = decodeVote;
    table["match"] = decodeMatch;
    table["redux"] = decodeReduce;
    table["activemask"] = [](Decoder& d) {
        Operand out = d.out(0, d.takeType());
        d.emit(activeMask, InstructionClass::Other).out[0] = out;
    };
}

}  // namespace vgpu

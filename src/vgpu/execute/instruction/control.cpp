// Branches, exits, calls, barriers and fences.
#include "execute/block.h"
#include "execute/instruction/typed.h"

namespace vgpu {

namespace {

void branch(Warp& warp, const Instruction& i, std::uint32_t mask) { warp.branch(i.target, mask); }

// The lanes with the first lane's target branch; the others come here again.
void branchIndexed(Warp& warp, const Instruction& i, std::uint32_t mask) {
    const auto& targets = warp.code().branchTables[i.target];
    Column<std::uint32_t> index(warp, i.in[0]);
    std::uint32_t first = index[__builtin_ctz(mask)];
    if (first >= targets.size()) {
        warp.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(mask),
                   "index " + std::to_string(first) + " of " + std::to_string(targets.size()) +
                       " branch targets");
    }
    std::uint32_t same = test([&](int l) { return index[l] == first; }) & mask;
    if (same == warp.active()) {
        warp.branch(targets[first], mask);
    } else {
        warp.split(targets[first], same);
    }
}

void exitLanes(Warp& warp, const Instruction&, std::uint32_t mask) { warp.exit(mask); }

void trap(Warp& warp, const Instruction&, std::uint32_t mask) {
    warp.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(mask), "the kernel gave up (trap)");
}

void nothing(Warp&, const Instruction&, std::uint32_t) {}

// False: some of the warp's lanes are elsewhere, and these wait for them.
bool converged(Warp& warp, std::uint32_t mask) {
    if (mask == warp.alive()) {
        return true;
    }
    if (mask != warp.active()) {
        warp.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(warp.active() & ~mask),
                   "the lane's guard skips a barrier that other lanes of its warp wait at");
    }
    warp.block(mask);
    return false;
}

unsigned first(Warp& warp, Operand operand) {
    return Column<std::uint32_t>(warp, operand)[__builtin_ctz(warp.active())];
}

// in[0]: the barrier, in[1]: threads, 0 for all; in[2]: the predicate of bar.red.
template <bool kWaits>
void barrier(Warp& warp, const Instruction& i, std::uint32_t mask) {
    if (!converged(warp, mask)) {
        return;
    }
    unsigned number = first(warp, i.in[0]), threads = first(warp, i.in[1]);
    if (number >= Block::kBarriers || threads % kLanes != 0) {
        warp.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(mask),
                   "no barrier " + std::to_string(number) + " for " + std::to_string(threads) +
                       " threads");
    }
    if (i.reduction != Reduction::None) {
        warp.owner().contribute(
            number, static_cast<unsigned>(__builtin_popcount(mask)),
            static_cast<unsigned>(__builtin_popcount(warp.predicate(i.in[2]) & mask)));
    }
    warp.owner().arrive(warp, number, threads, kWaits);
}

void decodeBranch(Decoder& d) {
    d.take("uni");
    d.expectOperands(1, 1);
    Instruction& i = d.emit(branch, InstructionClass::Control);
    i.branch = true;
    d.branchTo(i, d.operand(0).name);
}

void decodeIndexedBranch(Decoder& d) {
    d.take("uni");
    if (!d.take("idx")) {
        d.unknown();
    }
    d.expectOperands(2, 2);
    Operand index = d.in(0, {'u', 32});
    Instruction& i = d.emit(branchIndexed, InstructionClass::Control);
    i.in[0] = index;
    d.branchTo(i, d.operand(1).name);
}

void decodeReturn(Decoder& d) {
    d.take("uni");
    if (d.inlined()) {
        d.emit(branch, InstructionClass::Control).branch = true;
        d.leave();
    } else {
        d.emit(exitLanes, InstructionClass::Control);
    }
}

void decodeBarrier(Decoder& d) {
    if (d.take("warp")) {
        d.take("sync");
        decodeWarpBarrier(d);
        return;
    }
    d.take("cta");
    d.take("aligned");
    std::string kind = d.takeOneOf({"sync", "arrive", "red"});
    if (kind.empty()) {
        d.unknown();
    }
    Type word{'u', 32};
    if (kind != "red") {
        d.expectOperands(kind == "arrive" ? 2 : 1, 2);
        Operand number = d.in(0, word);
        Operand threads = d.operandCount() > 1 ? d.in(1, word) : d.constant(0, 32);
        Instruction& i = d.emit(kind == "sync" ? barrier<true> : barrier<false>,
                                InstructionClass::Control);
        i.in[0] = number;
        i.in[1] = threads;
        return;
    }
    std::string operation = d.takeOneOf({"popc", "and", "or"});
    Type type = d.takeType();
    d.expectOperands(3, 4);
    if (operation.empty() || (operation == "popc") != (type.kind != 'p')) {
        d.unknown();
    }
    std::size_t last = d.operandCount() - 1;
    Operand number = d.in(1, word);
    Operand threads = last == 3 ? d.in(2, word) : d.constant(0, 32);
    Operand predicate = d.inPredicate(d.operand(last));
    Operand out = type.kind == 'p' ? d.outPredicate(d.operand(0).name) : d.out(0, type);
    Instruction& i = d.emit(barrier<true>, InstructionClass::Control);
    i.in[0] = number;
    i.in[1] = threads;
    i.in[2] = predicate;
    i.out[0] = out;
    i.reduction = operation == "popc"  ? Reduction::Count
                  : operation == "and" ? Reduction::And
                                       : Reduction::Or;
}

// Memory is in order here: fences change nothing.
void decodeFence(Decoder& d) {
    for (const char* word :
         {"gl", "cta", "sys", "gpu", "cluster", "sc", "acq_rel", "acquire", "release"}) {
        d.take(word);
    }
    d.emit(nothing, InstructionClass::Control);
}

}  // namespace

void addControlOpcodes(DecodeTable& table) {
    table["bra"] = decodeBranch;
    table["brx"] = decodeIndexedBranch;
    table["ret"] = decodeReturn;
    table["exit"] = [](Decoder& d) { d.emit(exitLanes, InstructionClass::Control); };
    table["trap"] = [](Decoder& d) { d.emit(trap, InstructionClass::Control); };
    table["call"] = [](Decoder& d) { d.call(); };
    table["bar"] = decodeBarrier;
    table["barrier"] = decodeBarrier;
    table["membar"] = decodeFence;
    table["fence"] = decodeFence;
    table["nanosleep"] = [](Decoder& d) {
        d.take("u32");
        d.emit(nothing, InstructionClass::Control);
    };
}

}  // namespace vgpu

// Runs a block: its warps in turn, from barrier to barrier.
#include "execute/block.h"

#include <algorithm>
#include <string>

#include "common/random.h"

namespace vgpu {
namespace {

constexpr std::size_t kAlignment = 64;  // bytes; of registers, for vector loads

std::uint32_t* aligned(std::vector<std::uint32_t>& words) {
    auto address = reinterpret_cast<std::uintptr_t>(words.data());
    return words.data() + (kAlignment - address % kAlignment) % kAlignment / 4;
}

}  // namespace

Block::Block(const Launch& launch, Memory& memory)
    : launch(launch),
      memory(memory),
      shared(launch.kernel->sharedBytes + launch.dynamicSharedBytes,
             launch.kernel->code->sharedGranule),
      local(launch.kernel->localBytes, launch.block.x * launch.block.y * launch.block.z),
      threads_(launch.block.x * launch.block.y * launch.block.z) {
    const Code& code = *launch.kernel->code;
    std::size_t warps = (threads_ + kLanes - 1) / kLanes;
    lastAllocation.resize(code.instructions.size());
    executed_.resize(code.instructions.size());
    lanes_.resize(code.instructions.size());
    warps_.resize(warps);
    waitingAt_.resize(warps);
    waitingIn_.resize(warps);
    registers_.resize(warps * code.registerWords + kAlignment / 4);
    predicates_.resize(warps * code.predicates);
    constants_.resize(code.constants.size() + kAlignment / 4);
    std::copy(code.constants.begin(), code.constants.end(), aligned(constants_));
}

std::uint32_t* Block::constants() { return aligned(constants_); }

void Block::run(std::uint64_t block, std::uint64_t seed) {
    startWarps(block);
    Random random(seed ^ (block * 0x9E3779B97F4A7C15u));
    std::vector<unsigned> order(warps_.size());
    for (unsigned i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    for (;;) {
        for (std::size_t i = order.size(); i > 1; --i) {
            std::swap(order[i - 1], order[random.below(i)]);
        }
        bool ran = false, waiting = false;
        for (unsigned index : order) {
            Warp& warp = warps_[index];
            if (warp.state() == Warp::State::Running) {
                warp.run();
                ran = true;
            }
            waiting |= warp.state() == Warp::State::AtBarrier;
        }
        if (!ran) {
            if (!waiting) {
                return;
            }
            releaseBarriers();
        }
    }
}

void Block::startWarps(std::uint64_t block) {
    const Code& code = *launch.kernel->code;
    index_.x = static_cast<unsigned>(block % launch.grid.x);
    index_.y = static_cast<unsigned>(block / launch.grid.x % launch.grid.y);
    index_.z = static_cast<unsigned>(block / launch.grid.x / launch.grid.y);
    shared.clear();
    local.clear();
    std::fill(std::begin(barriers_), std::end(barriers_), Barrier{});
    // A register that nothing wrote holds a NaN, or -1.
    std::fill(registers_.begin(), registers_.end(), ~0u);
    std::fill(predicates_.begin(), predicates_.end(), 0u);
    for (unsigned w = 0; w < warps_.size(); ++w) {
        warps_[w].start(*this, code, w, threads_ - w * kLanes,
                        aligned(registers_) + w * code.registerWords,
                        predicates_.data() + w * code.predicates);
        setSpecials(warps_[w], w);
    }
}

void Block::setSpecials(Warp& warp, unsigned index) {
    const Dim3& size = launch.block;
    for (auto [special, operand] : launch.kernel->code->specials) {
        std::uint32_t* words = warp.words(operand);
        for (unsigned lane = 0; lane < kLanes; ++lane) {
            unsigned thread = index * kLanes + lane;
            unsigned bit = 1u << lane;
            auto value = [&]() -> std::uint32_t {
                switch (special) {
                    case Special::ThreadX: return thread % size.x;
                    case Special::ThreadY: return thread / size.x % size.y;
                    case Special::ThreadZ: return thread / size.x / size.y;
                    case Special::BlockSizeX: return size.x;
                    case Special::BlockSizeY: return size.y;
                    case Special::BlockSizeZ: return size.z;
                    case Special::BlockX: return index_.x;
                    case Special::BlockY: return index_.y;
                    case Special::BlockZ: return index_.z;
                    case Special::GridX: return launch.grid.x;
                    case Special::GridY: return launch.grid.y;
                    case Special::GridZ: return launch.grid.z;
                    case Special::Lane: return lane;
                    case Special::Warp: return index;
                    case Special::WarpCount: return static_cast<unsigned>(warps_.size());
                    case Special::LaneMaskEq: return bit;
                    case Special::LaneMaskLe: return bit | (bit - 1);
                    case Special::LaneMaskLt: return bit - 1;
                    case Special::LaneMaskGe: return ~(bit - 1);
                    case Special::LaneMaskGt: return ~(bit | (bit - 1));
                    case Special::WarpSize: return kLanes;
                    case Special::DynamicSharedBytes:
                        return static_cast<unsigned>(launch.dynamicSharedBytes);
                }
                return 0;
            };
            words[lane] = value();
        }
    }
}

void Block::arrive(Warp& warp, unsigned barrier, unsigned threads, bool wait) {
    Barrier& b = barriers_[barrier];
    if (b.arrived > 0 && b.expected != threads) {
        warp.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(warp.active()),
                   "warps name different thread counts for barrier " + std::to_string(barrier));
    }
    b.expected = threads;
    b.arrived += kLanes;
    if (wait) {
        waitingAt_[warp.index()] = barrier;
        waitingIn_[warp.index()] = warp.current();
        warp.waitAtBarrier();
    }
    if (threads != 0 && b.arrived >= threads) {
        release(barrier);
    }
}

void Block::contribute(unsigned barrier, unsigned lanes, unsigned holding) {
    barriers_[barrier].lanes += lanes;
    barriers_[barrier].holding += holding;
}

// Every living warp waits. They must wait for the same barrier, in the same place.
void Block::releaseBarriers() {
    const Warp* first = nullptr;
    for (Warp& warp : warps_) {
        if (warp.state() != Warp::State::AtBarrier) {
            continue;
        }
        unsigned barrier = waitingAt_[warp.index()];
        int lane = __builtin_ctz(warp.alive());
        if (barriers_[barrier].expected != 0) {
            warp.fault(CUDA_ERROR_LAUNCH_FAILED, lane,
                       "deadlock: barrier " + std::to_string(barrier) + " waits for " +
                           std::to_string(barriers_[barrier].expected) + " threads, " +
                           std::to_string(barriers_[barrier].arrived) + " came");
        }
        if (first == nullptr) {
            first = &warp;
        } else if (waitingIn_[warp.index()] != waitingIn_[first->index()]) {
            warp.fault(CUDA_ERROR_LAUNCH_FAILED, lane,
                       "the threads of a block wait at different barriers, here and in PTX line " +
                           std::to_string(warp.code()
                                              .instructions[waitingIn_[first->index()]]
                                              .line));
        }
    }
    release(waitingAt_[first->index()]);
}

void Block::release(unsigned barrier) {
    ++barriers;
    shared.passBarrier();
    Barrier result = barriers_[barrier];
    barriers_[barrier] = Barrier{};
    for (Warp& warp : warps_) {
        if (warp.state() != Warp::State::AtBarrier || waitingAt_[warp.index()] != barrier) {
            continue;
        }
        const Instruction& i = warp.code().instructions[waitingIn_[warp.index()]];
        if (i.reduction != Reduction::None) {
            finishReduction(warp, i, result);
        }
        warp.releaseFromBarrier();
    }
}

void Block::finishReduction(Warp& warp, const Instruction& i, const Barrier& result) {
    if (i.reduction == Reduction::Count) {
        std::fill_n(warp.words(i.out[0]), kLanes, result.holding);
    } else {
        bool holds = i.reduction == Reduction::And ? result.holding == result.lanes
                                                   : result.holding > 0;
        warp.predicate(i.out[0]) = holds ? kFullMask : 0u;
    }
}

std::string Block::where(const Warp& warp, int lane) const {
    unsigned thread = warp.thread(lane);
    const Dim3& size = launch.block;
    auto triple = [](unsigned x, unsigned y, unsigned z) {
        return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
    };
    return "block " + triple(index_.x, index_.y, index_.z) + ", thread " +
           triple(thread % size.x, thread / size.x % size.y, thread / size.x / size.y);
}

void Block::addTo(Counters& counters) const {
    const Code& code = *launch.kernel->code;
    for (std::size_t i = 0; i < code.instructions.size(); ++i) {
        const Instruction& instruction = code.instructions[i];
        if (!instruction.counted) {
            continue;
        }
        auto kind = static_cast<std::size_t>(instruction.kind);
        counters.instructions[kind] += executed_[i];
        counters.lanes[kind] += lanes_[i];
        counters.floatOperations += lanes_[i] * instruction.floatOperations;
        if (instruction.branch) {
            counters.branches += executed_[i];
        }
    }
    counters.globalBytesRead += traffic.bytesRead;
    counters.globalBytesWritten += traffic.bytesWritten;
    counters.globalSectorsRead += traffic.sectorsRead;
    counters.globalSectorsWritten += traffic.sectorsWritten;
    counters.globalIdealSectorsRead += traffic.idealSectorsRead;
    counters.globalIdealSectorsWritten += traffic.idealSectorsWritten;
    counters.sharedBytesRead += shared.bytesRead;
    counters.sharedBytesWritten += shared.bytesWritten;
    counters.sharedIdealCycles += shared.idealCycles;
    counters.sharedCycles += shared.cycles;
    counters.atomics += atomics;
    counters.barriers += barriers;
    counters.divergentBranches += divergentBranches;
}

}  // namespace vgpu

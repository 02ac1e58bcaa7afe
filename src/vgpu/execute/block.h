// A block of threads on one host thread: its warps, barriers and shared memory. One Block object
// runs many blocks, one after the other.
#pragma once

#include <cstdint>
#include <vector>

#include "execute/memory/local.h"
#include "execute/memory/shared.h"
#include "execute/module.h"
#include "execute/warp.h"

namespace vgpu {

struct Traffic {
    std::uint64_t bytesRead = 0, bytesWritten = 0;
    std::uint64_t sectorsRead = 0, sectorsWritten = 0;
    std::uint64_t idealSectorsRead = 0, idealSectorsWritten = 0;
};

class Block {
   public:
    static constexpr unsigned kBarriers = 16;

    Block(const Launch& launch, Memory& memory);

    // Runs the block with this linear index to its end. `seed` chooses the order of its warps.
    void run(std::uint64_t block, std::uint64_t seed);

    // Adds what all blocks so far did.
    void addTo(Counters& counters) const;

    // A barrier of bar.sync and its kin. Called when all living lanes of `warp` are there.
    void arrive(Warp& warp, unsigned barrier, unsigned threads, bool wait);
    // bar.red: counts the lanes whose predicate holds; the result is there on release.
    void contribute(unsigned barrier, unsigned lanes, unsigned holding);

    // The instruction has to wait and will run again.
    void uncountInstruction(std::uint32_t instruction, unsigned lanes) {
        --executed_[instruction];
        lanes_[instruction] -= lanes;
    }
    void countInstruction(std::uint32_t instruction, unsigned lanes) {
        ++executed_[instruction];
        lanes_[instruction] += lanes;
    }

    std::uint32_t* constants();
    std::string where(const Warp& warp, int lane) const;

    const Launch& launch;
    Memory& memory;
    SharedMemory shared;
    LocalMemory local;
    Traffic traffic;
    std::uint64_t atomics = 0, barriers = 0, divergentBranches = 0;
    // The allocation that each instruction used last.
    std::vector<const Allocation*> lastAllocation;

   private:
    struct Barrier {
        std::uint64_t arrived = 0;  // threads
        unsigned expected = 0;      // 0: all
        unsigned lanes = 0, holding = 0;
    };

    void startWarps(std::uint64_t block);
    void setSpecials(Warp& warp, unsigned index);
    void releaseBarriers();
    void release(unsigned barrier);
    void finishReduction(Warp& warp, const Instruction& i, const Barrier& result);

    Dim3 index_;
    unsigned threads_;
    std::vector<Warp> warps_;
    // Of each warp that waits: the barrier, and the instruction.
    std::vector<unsigned> waitingAt_, waitingIn_;
    Barrier barriers_[kBarriers];
    std::vector<std::uint32_t> registers_;
    std::vector<std::uint32_t> constants_;
    std::vector<std::uint32_t> predicates_;
    std::vector<std::uint64_t> executed_, lanes_;
};

}  // namespace vgpu

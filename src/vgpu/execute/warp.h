// 32 threads: registers, and which lanes are where. The lanes at the lowest instruction run; lanes
// that get to the same instruction go on together.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "common/fault.h"
#include "execute/code.h"

namespace vgpu {

class Block;

class Warp {
   public:
    enum class State { Running, AtBarrier, Finished };

    void start(Block& block, const Code& code, unsigned index, unsigned threads,
               std::uint32_t* registers, std::uint32_t* predicates);

    // Runs until a barrier, the end, or the end of the warp's turn.
    void run();

    std::uint32_t* words(Operand operand) {
        return files_[operand >> 31] + (operand & ~kConstantBit);
    }
    std::uint32_t& predicate(Operand operand) { return predicates_[operand]; }

    // For handlers. `taken` of the active lanes go to `target`, the others go on.
    void branch(std::uint32_t target, std::uint32_t taken);
    // The same, but the others come back to this instruction.
    void split(std::uint32_t target, std::uint32_t taken);
    void exit(std::uint32_t lanes);
    // The active lanes wait here for lanes of the warp that are elsewhere.
    void block();
    // As block(), for some of the active lanes.
    void block(std::uint32_t lanes);
    void waitAtBarrier() { state_ = State::AtBarrier; }
    void releaseFromBarrier() { state_ = State::Running; }

    std::uint32_t active() const { return active_; }
    std::uint32_t alive() const { return alive_; }
    State state() const { return state_; }
    std::uint32_t counter() const { return counter_; }
    unsigned index() const { return index_; }
    unsigned thread(int lane) const { return index_ * kLanes + static_cast<unsigned>(lane); }
    Block& owner() { return *block_; }

    // The instruction that is being executed.
    std::uint32_t current() const { return current_; }
    const Code& code() const { return *code_; }

    [[noreturn]] void fault(CUresult status, int lane, const std::string& what) const;

    std::uint32_t carry = 0;      // the carry flag of each lane
    std::uint32_t syncTime = 0;   // when bar.warp.sync was last passed, see memory/shared.h

   private:
    struct Group {
        std::uint32_t counter;
        std::uint32_t lanes;
        bool blocked;
    };

    void regroup();
    void park(std::uint32_t counter, std::uint32_t lanes, bool blocked);
    [[noreturn]] void stuck() const;

    Block* block_ = nullptr;
    const Code* code_ = nullptr;
    std::uint32_t* files_[2] = {};
    std::uint32_t* predicates_ = nullptr;
    std::uint32_t counter_ = 0;   // of the active lanes
    std::uint32_t current_ = 0;
    std::uint32_t limit_ = ~0u;   // where the nearest other lanes ahead are
    std::uint32_t active_ = 0;
    std::uint32_t alive_ = 0;
    unsigned index_ = 0;
    int groupCount_ = 0;
    std::array<Group, kLanes> groups_;
    State state_ = State::Finished;
    bool yielded_ = false;
    std::uint32_t turn_ = 0;      // branches left in this turn
    std::uint64_t branches_ = 0;  // taken so far, for the limit
};

}  // namespace vgpu

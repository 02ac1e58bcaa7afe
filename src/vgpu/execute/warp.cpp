// Execution of a warp: the loop over instructions, divergence and reconvergence.
#include "execute/warp.h"

#include "execute/block.h"

namespace vgpu {
namespace {

// A thread that took so many branches will not end.
constexpr std::uint64_t kMostBranches = std::uint64_t{1} << 24;
// After so many branches the other warps get a turn: they may be what this one waits for.
constexpr std::uint32_t kBranchesPerTurn = 1u << 18;

}  // namespace

void Warp::start(Block& block, const Code& code, unsigned index, unsigned threads,
                 std::uint32_t* registers, std::uint32_t* predicates) {
    block_ = &block;
    code_ = &code;
    index_ = index;
    files_[0] = registers;
    files_[1] = block.constants();
    predicates_ = predicates;
    predicates_[kFalsePredicate] = 0;
    predicates_[kTruePredicate] = kFullMask;
    alive_ = threads >= kLanes ? kFullMask : (1u << threads) - 1;
    active_ = alive_;
    counter_ = 0;
    groupCount_ = 0;
    limit_ = ~0u;
    state_ = State::Running;
    branches_ = 0;
    carry = 0;
    syncTime = 0;
}

void Warp::run() {
    const Instruction* const instructions = code_->instructions.data();
    turn_ = kBranchesPerTurn;
    yielded_ = false;
    while (state_ == State::Running && !yielded_) {
        if (counter_ >= limit_) {
            regroup();
        }
        current_ = counter_++;
        const Instruction& i = instructions[current_];
        std::uint32_t mask = active_ & (predicates_[i.guard] ^ i.guardFlip);
        block_->countInstruction(current_, static_cast<unsigned>(__builtin_popcount(mask)));
        if (mask != 0) {
            i.handler(*this, i, mask);
        }
    }
}

void Warp::branch(std::uint32_t target, std::uint32_t taken) {
    branches_ += 1;
    if (branches_ > kMostBranches) {
        fault(CUDA_ERROR_LAUNCH_TIMEOUT, __builtin_ctz(taken), "the loop does not end");
    }
    yielded_ = --turn_ == 0;
    if (taken == active_) {
        counter_ = target;
        if (groupCount_ > 0) {
            regroup();
        }
        return;
    }
    ++block_->divergentBranches;
    active_ &= ~taken;
    park(target, taken, false);
    regroup();
}

void Warp::split(std::uint32_t target, std::uint32_t taken) {
    counter_ = current_;
    branch(target, taken);
}

void Warp::exit(std::uint32_t lanes) {
    alive_ &= ~lanes;
    active_ &= ~lanes;
    // Lanes may have waited for just these.
    for (int i = 0; i < groupCount_; ++i) {
        groups_[i].blocked = false;
    }
    if (alive_ == 0) {
        state_ = State::Finished;
    } else if (active_ == 0) {
        regroup();
    }
}

void Warp::block() { block(active_); }

void Warp::block(std::uint32_t lanes) {
    block_->uncountInstruction(current_, static_cast<unsigned>(__builtin_popcount(active_)));
    active_ &= ~lanes;
    park(current_, lanes, true);
    if (active_ == 0) {
        regroup();
    } else {
        counter_ = current_;
    }
}

void Warp::park(std::uint32_t counter, std::uint32_t lanes, bool blocked) {
    groups_[groupCount_++] = {counter, lanes, blocked};
}

// Merges lanes that are at the same instruction and activates those at the lowest one.
void Warp::regroup() {
    if (active_ != 0) {
        park(counter_, active_, false);
        active_ = 0;
    }
    int kept = 0;
    for (int i = 0; i < groupCount_; ++i) {
        int same = 0;
        while (same < kept && groups_[same].counter != groups_[i].counter) {
            ++same;
        }
        if (same < kept) {
            groups_[same].lanes |= groups_[i].lanes;
            groups_[same].blocked &= groups_[i].blocked;
        } else {
            groups_[kept++] = groups_[i];
        }
    }
    groupCount_ = kept;
    int lowest = -1;
    for (int i = 0; i < groupCount_; ++i) {
        if (!groups_[i].blocked &&
            (lowest < 0 || groups_[i].counter < groups_[lowest].counter)) {
            lowest = i;
        }
    }
    if (lowest < 0) {
        stuck();
    }
    counter_ = groups_[lowest].counter;
    active_ = groups_[lowest].lanes;
    groups_[lowest] = groups_[--groupCount_];
    limit_ = ~0u;
    for (int i = 0; i < groupCount_; ++i) {
        if (groups_[i].counter > counter_ && groups_[i].counter < limit_) {
            limit_ = groups_[i].counter;
        }
    }
}

void Warp::stuck() const {
    const Group& first = groups_[0];
    std::string what = "the warp's lanes wait for each other: lane " +
                       std::to_string(__builtin_ctz(first.lanes)) + " here";
    for (int i = 1; i < groupCount_; ++i) {
        what += ", lane " + std::to_string(__builtin_ctz(groups_[i].lanes)) + " in PTX line " +
                std::to_string(code_->instructions[groups_[i].counter].line);
    }
    if (groupCount_ == 1) {
        what = "the lanes that this waits for do not come";
    }
    Warp copy = *this;
    copy.current_ = first.counter;
    copy.fault(CUDA_ERROR_LAUNCH_FAILED, __builtin_ctz(first.lanes), what);
}

void Warp::fault(CUresult status, int lane, const std::string& what) const {
    const Instruction& i = code_->instructions[current_];
    std::string text = "PTX line " + std::to_string(i.line);
    if (i.source != 0) {
        text += " (" + code_->sources[i.source] + ")";
    }
    throw Fault(status, text + ": " + code_->mnemonics[current_] + ": " + what + ", " +
                            block_->where(*this, lane));
}

}  // namespace vgpu

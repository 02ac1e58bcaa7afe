// A block's shared memory, with a check for races: two accesses of one place by different threads,
// at least one of them a write and not both atomic, with nothing between that orders them.
//
// Time is a number that grows at every barrier and bar.warp.sync. An access is ordered before
// another if it is older than the block's last barrier, or of the same warp and older than that
// warp's last bar.warp.sync.
#pragma once

#include <cstdint>
#include <vector>

#include "execute/lanes.h"

namespace vgpu {

class SharedMemory {
   public:
    // `granule`: bytes per entry of the check, at most the narrowest access.
    SharedMemory(std::size_t bytes, std::size_t granule);

    // A new block: nothing is written yet.
    void clear();

    void passBarrier() { barrierTime_ = ++now_; }
    void passWarpSync(Warp& warp) { warp.syncTime = ++now_; }

    // Checks bounds, alignment and the race rules, and counts bank conflicts. Gives the place of
    // each lane's variable in data().
    void access(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
                unsigned alignment, bool write, std::uint32_t* offsets);

    std::uint8_t* data() { return data_.data(); }

    std::uint64_t bytesRead = 0, bytesWritten = 0, idealCycles = 0, cycles = 0;

   private:
    struct Access {
        std::uint32_t time = 0;
        // Thread and instruction; of several readers one, and that there are more.
        std::uint32_t who = 0;
    };
    struct Entry {
        Access write, read;
    };

    void checkRead(Warp& warp, Entry& entry, int lane);
    void checkWrite(Warp& warp, Entry& entry, int lane);
    bool ordered(const Warp& warp, std::uint32_t who, const Access& earlier) const;
    bool bothAtomic(const Warp& warp, const Access& earlier) const;
    [[noreturn]] void race(const Warp& warp, int lane, bool write, const Access& earlier,
                           bool earlierWrote) const;
    void countBanks(const std::uint32_t* offsets, std::uint32_t mask, unsigned bytes);

    std::vector<std::uint8_t> data_;
    std::vector<Entry> entries_;
    std::size_t bytes_;
    unsigned granuleShift_;
    std::uint32_t now_ = 1;
    std::uint32_t startTime_ = 1;
    std::uint32_t barrierTime_ = 1;
};

}  // namespace vgpu

// The race check and the bank conflicts of shared memory.
#include "execute/memory/shared.h"

#include <algorithm>
#include <string>

#include "execute/block.h"

namespace vgpu {
namespace {

constexpr int kBanks = 32;
constexpr unsigned kWordBytes = 4;
// Access::who: thread (10 bits), two flags, instruction (20 bits).
constexpr std::uint32_t kThreadMask = 0x3FF;
constexpr std::uint32_t kSeveralLanes = 0x400;  // of one warp
constexpr std::uint32_t kSeveralWarps = 0x800;
constexpr unsigned kInstructionShift = 12;
constexpr std::uint32_t kLatestTime = 1u << 31;

std::uint32_t identify(const Warp& warp, int lane) {
    return (warp.current() << kInstructionShift) | warp.thread(lane);
}

bool sameThread(std::uint32_t a, std::uint32_t b) { return ((a ^ b) & kThreadMask) == 0; }

bool sameWarp(std::uint32_t a, std::uint32_t b) { return ((a ^ b) & kThreadMask) < kLanes; }

}  // namespace

SharedMemory::SharedMemory(std::size_t bytes, std::size_t granule)
    : data_(bytes),
      entries_((bytes + granule - 1) / granule),
      bytes_(bytes),
      granuleShift_(static_cast<unsigned>(__builtin_ctzll(granule))) {}

void SharedMemory::clear() {
    if (now_ > kLatestTime) {
        std::fill(entries_.begin(), entries_.end(), Entry{});
        now_ = 0;
    }
    startTime_ = barrierTime_ = ++now_;
}

// The caller knows that `earlier` is younger than the last barrier.
bool SharedMemory::ordered(const Warp& warp, std::uint32_t who, const Access& earlier) const {
    return sameThread(earlier.who, who) ||
           (sameWarp(earlier.who, who) && earlier.time < warp.syncTime);
}

bool SharedMemory::bothAtomic(const Warp& warp, const Access& earlier) const {
    const auto& instructions = warp.code().instructions;
    return instructions[warp.current()].atomic &&
           instructions[earlier.who >> kInstructionShift].atomic;
}

inline void SharedMemory::checkRead(Warp& warp, Entry& entry, int lane) {
    std::uint32_t who = identify(warp, lane);
    if (entry.write.time >= barrierTime_ && !ordered(warp, who, entry.write)) {
        race(warp, lane, false, entry.write, true);
    }
    if (entry.write.time < startTime_) {
        warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane,
                   "reads shared memory that nothing wrote yet (a barrier missing?)");
    }
    Access& read = entry.read;
    if (read.time < barrierTime_) {
        read.who = who;
    } else if (!sameWarp(read.who, who)) {
        read.who |= kSeveralWarps;
    } else if (read.time < warp.syncTime && (read.who & kSeveralWarps) == 0) {
        // What this warp read before is ordered for it; for others this read is as good.
        read.who = who;
    } else if (!sameThread(read.who, who)) {
        read.who |= kSeveralLanes;
    }
    read.time = now_;
}

inline void SharedMemory::checkWrite(Warp& warp, Entry& entry, int lane) {
    std::uint32_t who = identify(warp, lane);
    if (entry.write.time >= barrierTime_ && !ordered(warp, who, entry.write) &&
        !bothAtomic(warp, entry.write)) {
        race(warp, lane, true, entry.write, true);
    }
    const Access& read = entry.read;
    if (read.time >= barrierTime_) {
        bool several = (read.who & kSeveralWarps) != 0 ||
                       ((read.who & kSeveralLanes) != 0 && read.time >= warp.syncTime);
        if (several || !ordered(warp, who, read)) {
            race(warp, lane, true, read, false);
        }
    }
    entry.write = {now_, who};
}

void SharedMemory::race(const Warp& warp, int lane, bool write, const Access& earlier,
                        bool earlierWrote) const {
    const auto& instructions = warp.code().instructions;
    unsigned thread = earlier.who & kThreadMask;
    // Of several readers only one is known; it may be the thread itself.
    std::string other = thread == warp.thread(lane) ? "another thread"
                                                    : "thread " + std::to_string(thread);
    warp.fault(CUDA_ERROR_LAUNCH_FAILED, lane,
               "shared-memory race: " + other + (earlierWrote ? " wrote" : " read") +
                   " it (PTX line " +
                   std::to_string(instructions[earlier.who >> kInstructionShift].line) +
                   "), thread " + std::to_string(warp.thread(lane)) +
                   (write ? " writes" : " reads") + " it without a barrier between");
}

void SharedMemory::access(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask,
                          unsigned bytes, unsigned alignment, bool write,
                          std::uint32_t* offsets) {
    bool atomic = warp.code().instructions[warp.current()].atomic;
    forLanes(mask, [&](int lane) {
        std::uint64_t offset = addresses[lane] - kSharedStart;
        if (offset >= bytes_ || offset + bytes > bytes_) {
            warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane,
                       "byte " + std::to_string(static_cast<std::int64_t>(offset)) + " of " +
                           std::to_string(bytes_) + " bytes of shared memory");
        }
        if ((offset & (alignment - 1)) != 0) {
            warp.fault(CUDA_ERROR_MISALIGNED_ADDRESS, lane,
                       "byte " + std::to_string(offset) +
                           " of shared memory is not aligned to " + std::to_string(alignment));
        }
        offsets[lane] = static_cast<std::uint32_t>(offset);
    });
    unsigned granule = 1u << granuleShift_;
    forLanes(mask, [&](int lane) {
        Entry* entry = &entries_[offsets[lane] >> granuleShift_];
        for (unsigned byte = 0; byte < bytes; byte += granule, ++entry) {
            if (!write) {
                checkRead(warp, *entry, lane);
                continue;
            }
            if (atomic && entry->write.time < startTime_) {
                warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane,
                           "changes shared memory that nothing wrote");
            }
            checkWrite(warp, *entry, lane);
        }
    });
    countBanks(offsets, mask, bytes);
    (write ? bytesWritten : bytesRead) +=
        bytes * static_cast<unsigned>(__builtin_popcount(mask));
}

// Accesses of 8 bytes go in two halves of the warp, of 16 in four quarters. In each of them a bank
// gives one word per cycle, to any number of lanes.
void SharedMemory::countBanks(const std::uint32_t* offsets, std::uint32_t mask, unsigned bytes) {
    const unsigned words = std::max(bytes / kWordBytes, 1u);
    const unsigned lanes = kLanes / words;
    for (unsigned first = 0; first < kLanes; first += lanes) {
        std::uint32_t part = mask & (lanes == kLanes ? kFullMask : ((1u << lanes) - 1) << first);
        if (part == 0) {
            continue;
        }
        std::uint32_t seen[kBanks][kLanes];
        unsigned counts[kBanks] = {};
        unsigned worst = 1;
        std::uint32_t last = ~0u;
        forLanes(part, [&](int lane) {
            std::uint32_t start = offsets[lane] / kWordBytes;
            if (start == last) {
                return;
            }
            last = start;
            for (std::uint32_t word = start; word < start + words; ++word) {
                unsigned bank = word % kBanks;
                unsigned k = 0;
                while (k < counts[bank] && seen[bank][k] != word) {
                    ++k;
                }
                if (k == counts[bank]) {
                    seen[bank][counts[bank]++] = word;
                    worst = std::max(worst, counts[bank]);
                }
            }
        });
        ++idealCycles;
        cycles += worst;
    }
}

}  // namespace vgpu

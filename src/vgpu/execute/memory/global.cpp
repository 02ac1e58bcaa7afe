// Checks and counts of global memory.
#include "execute/memory/global.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "execute/lanes.h"

namespace vgpu {
namespace {

constexpr unsigned kSectorBytes = 32;

std::string hexadecimal(std::uint64_t address) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
    return text;
}

bool allWritten(const std::uint8_t* marks, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, marks + i, 8);
        if (eight != 0x0101010101010101u) {
            return false;
        }
    }
    while (i < count && marks[i] != 0) {
        ++i;
    }
    return i == count;
}

bool holds(const Allocation* allocation, std::uint64_t address, unsigned bytes) {
    return allocation != nullptr && address >= allocation->address &&
           address - allocation->address + bytes <= allocation->size;
}

// A set of at most 32 numbers.
class Distinct {
   public:
    bool add(std::uint64_t value) {
        unsigned slot = static_cast<unsigned>((value * 0x9E3779B97F4A7C15u) >> 58);
        while (used_[slot]) {
            if (values_[slot] == value) {
                return false;
            }
            slot = (slot + 1) % kSlots;
        }
        used_[slot] = true;
        values_[slot] = value;
        return true;
    }

   private:
    static constexpr unsigned kSlots = 64;
    bool used_[kSlots] = {};
    std::uint64_t values_[kSlots];
};

const Allocation* allocationOf(Warp& warp, int lane, std::uint64_t address, unsigned bytes,
                               bool write) {
    Memory& memory = warp.owner().memory;
    const Allocation* found = memory.find(address);
    if (!holds(found, address, bytes)) {
        warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane,
                   "at " + hexadecimal(address) + ": " + memory.explain(address, bytes));
    }
    if (write) {
        for (auto [start, end] : warp.code().constantRanges) {
            if (address >= start && address < end) {
                warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane, "writes a .const variable");
            }
        }
    }
    return found;
}

void count(Traffic& traffic, const std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
           bool contiguous, Use use) {
    std::uint64_t requested = bytes * static_cast<unsigned>(__builtin_popcount(mask));
    std::uint64_t sectors = 0, ideal = 0;
    if (contiguous) {
        std::uint64_t last = addresses[kLanes - 1] + bytes - 1;
        sectors = last / kSectorBytes - addresses[0] / kSectorBytes + 1;
        ideal = requested;
    } else {
        Distinct seen, starts;
        std::uint64_t last = ~std::uint64_t{0}, lastSector = last;
        forLanes(mask, [&](int lane) {
            if (addresses[lane] == last) {
                return;
            }
            last = addresses[lane];
            ideal += starts.add(last) ? bytes : 0;
            // Aligned variables of at most 16 bytes lie in one sector.
            if (last / kSectorBytes != lastSector) {
                lastSector = last / kSectorBytes;
                sectors += seen.add(lastSector) ? 1 : 0;
            }
        });
    }
    ideal = (ideal + kSectorBytes - 1) / kSectorBytes;
    if (use != Use::Write) {
        traffic.bytesRead += requested;
        traffic.sectorsRead += sectors;
        traffic.idealSectorsRead += ideal;
    }
    if (use != Use::Read) {
        traffic.bytesWritten += requested;
        traffic.sectorsWritten += sectors;
        traffic.idealSectorsWritten += ideal;
    }
}

}  // namespace

void accessGlobal(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
                  unsigned alignment, Use use, std::uint8_t** places) {
    Block& block = warp.owner();
    const Allocation*& cached = block.lastAllocation[warp.current()];
    bool contiguous = mask == kFullMask;
    if (contiguous) {
        std::uint64_t wrong = 0;
        for (unsigned lane = 0; lane < kLanes; ++lane) {
            wrong |= addresses[lane] ^ (addresses[0] + std::uint64_t{lane} * bytes);
        }
        contiguous = wrong == 0;
    }
    if (contiguous && holds(cached, addresses[0], kLanes * bytes) &&
        addresses[0] % alignment == 0) {
        std::uint64_t offset = addresses[0] - cached->address;
        std::uint8_t* marks = cached->written.get() + offset;
        if (use == Use::Write) {
            std::memset(marks, 1, std::size_t{kLanes} * bytes);
        }
        if (allWritten(marks, std::size_t{kLanes} * bytes)) {
            std::uint8_t* start = cached->data.get() + offset;
            for (unsigned lane = 0; lane < kLanes; ++lane) {
                places[lane] = start + std::size_t{lane} * bytes;
            }
            count(block.traffic, addresses, mask, bytes, true, use);
            return;
        }
    }
    forLanes(mask, [&](int lane) {
        std::uint64_t address = addresses[lane];
        if (address % alignment != 0) {
            warp.fault(CUDA_ERROR_MISALIGNED_ADDRESS, lane,
                       "at " + hexadecimal(address) + ": not aligned to " +
                           std::to_string(alignment) + " bytes");
        }
        if (!holds(cached, address, bytes)) {
            cached = allocationOf(warp, lane, address, bytes, use != Use::Read);
        }
        std::uint64_t offset = address - cached->address;
        std::uint8_t* marks = cached->written.get() + offset;
        if (use == Use::Write) {
            std::memset(marks, 1, bytes);
        } else if (!allWritten(marks, bytes)) {
            warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane,
                       "at " + hexadecimal(address) +
                           ": reads device memory that nothing wrote");
        }
        places[lane] = cached->data.get() + offset;
    });
    count(block.traffic, addresses, mask, bytes, contiguous, use);
}

}  // namespace vgpu

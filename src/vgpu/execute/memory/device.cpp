// Device memory: allocations by address, poisoned when they are fresh and remembered when freed.
#include "execute/memory/device.h"

#include <cstdio>
#include <cstring>
#include <iterator>

namespace vgpu {

namespace {

constexpr std::uint64_t kAlignment = 256;
// Wide enough that an index that is a few rows off does not land in the next allocation.
constexpr std::uint64_t kGap = 1 << 20;
constexpr int kPoison = 0xFF;  // every float and double of these bytes is a NaN

std::uint64_t aligned(std::uint64_t size) {
    return (size + kAlignment - 1) / kAlignment * kAlignment;
}

std::string hex(std::uint64_t address) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
    return text;
}

std::string allocationText(std::uint64_t address, std::size_t size) {
    return "the allocation of " + std::to_string(size) + " bytes at " + hex(address);
}

}  // namespace

std::uint64_t Memory::allocate(std::size_t size) {
    if (size == 0) {
        throw Fault(CUDA_ERROR_INVALID_VALUE, "allocation of 0 bytes");
    }
    if (size > capacity_ - used_ || aligned(size) > capacity_ - used_) {
        throw Fault(CUDA_ERROR_OUT_OF_MEMORY,
                    "allocation of " + std::to_string(size) + " bytes with " +
                        std::to_string(capacity_ - used_) + " of " + std::to_string(capacity_) +
                        " bytes free");
    }
    const std::uint64_t address = next_;
    // Not make_unique: it would clear the bytes first.
    Allocation allocation{address, size, std::unique_ptr<std::uint8_t[]>(new std::uint8_t[size]),
                          std::unique_ptr<std::uint8_t[]>(new std::uint8_t[size]())};
    std::memset(allocation.data.get(), kPoison, size);
    live_.emplace(address, std::move(allocation));
    next_ += aligned(size) + kGap;
    used_ += aligned(size);
    return address;
}

void Memory::free(std::uint64_t address) {
    const auto found = live_.find(address);
    if (found == live_.end()) {
        throw Fault(CUDA_ERROR_INVALID_VALUE, "free of " + hex(address) +
                                                  ": no allocation starts there, " +
                                                  explain(address, 1));
    }
    used_ -= aligned(found->second.size);
    freed_.emplace(address, found->second.size);
    live_.erase(found);
}

const Allocation* Memory::find(std::uint64_t address) const {
    auto next = live_.upper_bound(address);
    if (next == live_.begin()) {
        return nullptr;
    }
    const Allocation& allocation = std::prev(next)->second;
    return address - allocation.address < allocation.size ? &allocation : nullptr;
}

const Allocation& Memory::require(std::uint64_t address, std::size_t size) const {
    const Allocation* allocation = find(address);
    if (allocation == nullptr || size > allocation->size - (address - allocation->address)) {
        throw Fault(CUDA_ERROR_ILLEGAL_ADDRESS, explain(address, size));
    }
    return *allocation;
}

std::string Memory::explain(std::uint64_t address, std::size_t size) const {
    const std::string range = std::to_string(size) + " bytes at " + hex(address) + " ";
    if (address < kGap) {
        return range + "are near the null pointer";
    }
    auto live = live_.upper_bound(address);
    if (live != live_.begin()) {
        --live;
        const auto& [start, allocation] = *live;
        const std::uint64_t offset = address - start;
        if (offset < allocation.size) {
            const bool inside = size <= allocation.size - offset;
            return range + (inside ? "are inside " : "reach over the end of ") +
                   allocationText(start, allocation.size);
        }
        if (offset < aligned(allocation.size) + kGap) {
            return range + "are " + std::to_string(offset - allocation.size) +
                   " bytes behind the end of " + allocationText(start, allocation.size);
        }
    }
    auto after = live_.lower_bound(address);
    if (after != live_.end() && after->first - address < kGap / 2) {
        return range + "are " + std::to_string(after->first - address) + " bytes before " +
               allocationText(after->first, after->second.size);
    }
    auto freed = freed_.upper_bound(address);
    if (freed != freed_.begin()) {
        --freed;
        const auto& [start, bytes] = *freed;
        const std::uint64_t offset = address - start;
        if (offset < bytes) {
            return range + "are inside " + allocationText(start, bytes) + ", which was freed";
        }
        if (offset < aligned(bytes) + kGap) {
            return range + "are " + std::to_string(offset - bytes) + " bytes behind the end of " +
                   allocationText(start, bytes) + ", which was freed";
        }
    }
    return range + "are in no device allocation (a host pointer?)";
}

}  // namespace vgpu

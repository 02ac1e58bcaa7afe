// Device memory. Device addresses are not host addresses: a mixed-up pointer faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "common/fault.h"

namespace vgpu {

// One allocation. `data` is poisoned with NaN; `written[i]` is 1 once byte i was written, so that a
// kernel's read of a byte that nothing wrote is a fault and not a surprise.
struct Allocation {
    std::uint64_t address;
    std::size_t size;
    std::unique_ptr<std::uint8_t[]> data;
    std::unique_ptr<std::uint8_t[]> written;
};

class Memory {
   public:
    explicit Memory(std::size_t capacity, std::uint64_t base = std::uint64_t{0x7A} << 40)
        : next_(base), capacity_(capacity) {}

    // Aligned to 256 bytes, with an unmapped gap behind; an address is never given out twice.
    // Throws CUDA_ERROR_INVALID_VALUE for no bytes, CUDA_ERROR_OUT_OF_MEMORY.
    std::uint64_t allocate(std::size_t size);

    // Throws CUDA_ERROR_INVALID_VALUE where no live allocation starts at `address`.
    void free(std::uint64_t address);

    // The live allocation that holds `address`, or null. Kernels cache the answer.
    const Allocation* find(std::uint64_t address) const;

    // The live allocation that holds all of [address, address + size). Otherwise throws
    // CUDA_ERROR_ILLEGAL_ADDRESS with the words of `explain`.
    const Allocation& require(std::uint64_t address, std::size_t size) const;

    // What is wrong with [address, address + size): freed, behind the end of an allocation of so
    // many bytes, or nowhere near one (a host pointer?).
    std::string explain(std::uint64_t address, std::size_t size) const;

    std::size_t used() const { return used_; }
    std::size_t capacity() const { return capacity_; }

   private:
    std::map<std::uint64_t, Allocation> live_;
    std::map<std::uint64_t, std::size_t> freed_;
    std::uint64_t next_;
    std::size_t used_ = 0;
    std::size_t capacity_;
};

}  // namespace vgpu

// A warp's access to global memory: checks, and what it costs.
#pragma once

#include <cstdint>

#include "execute/block.h"

namespace vgpu {

enum class Use { Read, Write, ReadWrite };

// Checks that each lane's [address, address + bytes) lies in one live allocation, is aligned, was
// written (reads) and may be written (writes), marks what is written, counts bytes and sectors, and
// gives the place of each lane's variable in host memory. Lanes outside of `mask` are ignored.
void accessGlobal(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
                  unsigned alignment, Use use, std::uint8_t** places);

}  // namespace vgpu

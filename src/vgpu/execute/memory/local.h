// The .local memory of a block's threads.
#pragma once

#include <cstdint>
#include <vector>

#include "execute/warp.h"

namespace vgpu {

class LocalMemory {
   public:
    LocalMemory(std::size_t bytesPerThread, unsigned threads);

    void clear();

    // The bytes of a lane's variable. Throws where they are not the thread's, misaligned, or read
    // before anything wrote them.
    std::uint8_t* access(Warp& warp, int lane, std::uint64_t address, unsigned bytes,
                         unsigned alignment, bool write);

   private:
    std::size_t bytesPerThread_;
    std::vector<std::uint8_t> data_, written_;
};

}  // namespace vgpu

// The checks of .local memory.
#include "execute/memory/local.h"

#include <algorithm>
#include <string>

namespace vgpu {

LocalMemory::LocalMemory(std::size_t bytesPerThread, unsigned threads)
    : bytesPerThread_(bytesPerThread),
      data_(bytesPerThread * threads),
      written_(bytesPerThread * threads) {}

void LocalMemory::clear() { std::fill(written_.begin(), written_.end(), std::uint8_t{0}); }

std::uint8_t* LocalMemory::access(Warp& warp, int lane, std::uint64_t address, unsigned bytes,
                                  unsigned alignment, bool write) {
    std::uint64_t offset = address - kLocalStart;
    if (offset >= bytesPerThread_ || offset + bytes > bytesPerThread_) {
        warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane,
                   "byte " + std::to_string(static_cast<std::int64_t>(offset)) + " of " +
                       std::to_string(bytesPerThread_) + " bytes of local memory");
    }
    if (offset % alignment != 0) {
        warp.fault(CUDA_ERROR_MISALIGNED_ADDRESS, lane,
                   "byte " + std::to_string(offset) + " of local memory is not aligned to " +
                       std::to_string(alignment));
    }
    std::size_t place = warp.thread(lane) * bytesPerThread_ + offset;
    std::uint8_t* marks = &written_[place];
    if (write) {
        std::fill_n(marks, bytes, std::uint8_t{1});
    } else if (std::find(marks, marks + bytes, 0) != marks + bytes) {
        warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, lane, "reads local memory that nothing wrote");
    }
    return &data_[place];
}

}  // namespace vgpu

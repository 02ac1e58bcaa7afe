// The roofline of a launch.
#include "driver/timing.h"

#include <algorithm>

namespace vgpu {

double kernelSeconds(const Counters& counters) {
    std::uint64_t instructions = 0;
    for (const std::uint64_t count : counters.instructions) {
        instructions += count;
    }
    const auto doubles = static_cast<double>(
        counters.lanes[static_cast<std::size_t>(InstructionClass::Float64)]);
    const double used = counters.blocks == 0
                            ? 1
                            : std::min<double>(counters.blocks, kMultiprocessors) / kMultiprocessors;
    const double cycles = kClock * kMultiprocessors;
    const double memory = static_cast<double>(counters.globalSectorsRead +
                                              counters.globalSectorsWritten) *
                          kSectorBytes / kBytesPerSecond;
    const double computation =
        std::max({static_cast<double>(counters.floatOperations) / kFloat32PerSecond,
                  2 * doubles / kFloat64PerSecond,
                  static_cast<double>(instructions) / (cycles * kSchedulers),
                  static_cast<double>(counters.sharedCycles) / cycles});
    return std::max(memory, computation / used);
}

}  // namespace vgpu

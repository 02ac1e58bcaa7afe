// What a kernel did, summed over its launches.
#pragma once

#include <array>
#include <cstdint>

namespace vgpu {

enum class InstructionClass { Float32, Float64, Integer, Conversion, Special, Memory, Control, Other };
constexpr std::size_t kInstructionClasses = 8;

struct Counters {
    std::uint64_t launches = 0;
    std::uint64_t blocks = 0;
    // Per warp; lanes[] counts the lanes that were active.
    std::array<std::uint64_t, kInstructionClasses> instructions{};
    std::array<std::uint64_t, kInstructionClasses> lanes{};
    // A fused multiply-add counts as two.
    std::uint64_t floatOperations = 0;
    // Bytes that lanes asked for, and the 32-byte sectors that a warp's access touched.
    std::uint64_t globalBytesRead = 0;
    std::uint64_t globalBytesWritten = 0;
    std::uint64_t globalSectorsRead = 0;
    std::uint64_t globalSectorsWritten = 0;
    // The sectors that the same bytes would fill if each warp's distinct bytes lay side by side.
    std::uint64_t globalIdealSectorsRead = 0;
    std::uint64_t globalIdealSectorsWritten = 0;
    std::uint64_t sharedBytesRead = 0;
    std::uint64_t sharedBytesWritten = 0;
    // Cycles of shared memory: the ideal for the width of the access, and with bank conflicts.
    std::uint64_t sharedIdealCycles = 0;
    std::uint64_t sharedCycles = 0;
    std::uint64_t atomics = 0;
    std::uint64_t barriers = 0;
    std::uint64_t branches = 0;
    std::uint64_t divergentBranches = 0;

    Counters& operator+=(const Counters& other);
};

}  // namespace vgpu

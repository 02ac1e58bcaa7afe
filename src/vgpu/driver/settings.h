// What the environment says of the virtual GPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace vgpu {

struct Settings {
    int capability = 90;                             // CENTERLOSS_VGPU_CAPABILITY=9.0
    int maxPtx = 999;                                // CENTERLOSS_VGPU_MAX_PTX=8.5 is 85 here
    std::size_t memoryBytes = std::size_t{2} << 30;  // CENTERLOSS_VGPU_MEMORY
    std::uint64_t seed = 0;                          // CENTERLOSS_VGPU_SEED
    std::string countersPath;                        // CENTERLOSS_VGPU_COUNTERS
};

// Throws Fault(CUDA_ERROR_INVALID_VALUE) that names the variable.
Settings readSettings();

}  // namespace vgpu

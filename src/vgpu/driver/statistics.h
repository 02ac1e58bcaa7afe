// Counts of what the program asked of the driver and of what its kernels did, as JSON.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "execute/counters.h"

namespace vgpu {

struct ApiCounters {
    std::uint64_t allocations = 0;
    std::uint64_t allocatedBytes = 0;
    std::uint64_t frees = 0;
    // Copies and memsets count when they run, those of graphs too.
    std::uint64_t copiesHostToDevice = 0;
    std::uint64_t bytesHostToDevice = 0;
    std::uint64_t copiesDeviceToHost = 0;
    std::uint64_t bytesDeviceToHost = 0;
    std::uint64_t copiesDeviceToDevice = 0;
    std::uint64_t bytesDeviceToDevice = 0;
    std::uint64_t memsets = 0;
    std::uint64_t memsetBytes = 0;
    // Calls that made the host wait.
    std::uint64_t synchronisations = 0;
    // Calls of cuLaunchKernel that queued a kernel; a kernel of a graph is a graph node.
    std::uint64_t kernelLaunches = 0;
    std::uint64_t graphLaunches = 0;
    std::uint64_t graphNodes = 0;
};

struct Statistics {
    ApiCounters api;
    std::map<std::string, Counters> kernels;

    std::string json() const;

    // Replaces the file whole. False where it cannot be written.
    bool write(const std::string& path) const;
};

}  // namespace vgpu

// The time that events tell: not measured but modelled, as what an H100 would need at the least.
//
// Sources: NVIDIA H100 Tensor Core GPU datasheet, SXM5: 3.35 TB/s of memory, 67 TFLOP/s in float32,
// 34 TFLOP/s in float64, PCIe 5.0 at 64 GB/s each way; NVIDIA H100 architecture whitepaper: 132
// multiprocessors of 4 schedulers, 1.98 GHz, 32 banks of shared memory.
//
// A kernel takes as long as the scarcest of these:
//   memory        32-byte sectors that its warps touch. There are no caches here: what a kernel reads
//                 again counts again. A library call's operands count once.
//   float32, float64   operations, a fused multiply-add counting as two
//   instructions  one a cycle of each scheduler
//   shared memory its cycles, bank conflicts among them
// all but the first on as many multiprocessors as there are blocks. Latency, occupancy, dependent
// instructions, clocks below the boost and what a library does beside its products are left out, so
// a real GPU is slower. What is in the queue, a whole graph too, costs kLaunchSeconds (an
// assumption) on top, and each stream's work runs behind what it waits for, beside other streams.
#pragma once

#include <cstdint>

#include "execute/counters.h"

namespace vgpu {

constexpr double kBytesPerSecond = 3.35e12;
constexpr double kFloat32PerSecond = 67e12;
constexpr double kFloat64PerSecond = 34e12;
constexpr double kHostBytesPerSecond = 64e9;
constexpr double kClock = 1.98e9;
constexpr int kMultiprocessors = 132;
constexpr int kSchedulers = 4;
constexpr int kSectorBytes = 32;
constexpr double kLaunchSeconds = 2e-6;

// Of one launch or library call; a library call has no blocks and fills the GPU.
double kernelSeconds(const Counters& counters);

}  // namespace vgpu

// Planes: the pixels of one channel of one image. A warp per plane, 8 to a block.
#pragma once

#include "common.cuh"

constexpr int kPlaneThreads = 256;
constexpr int kPlanesPerBlock = kPlaneThreads / kWarpSize;

// This warp's plane, which may lie behind the last one.
__device__ inline int plane_index() {
    return blockIdx.x * kPlanesPerBlock + threadIdx.x / kWarpSize;
}

// Calls visit(index in the tensor) for this lane's pixels. Lanes start at a multiple of 8 pixels in
// the tensor, whatever the plane's size, so that an access of the warp fills its 32-byte sectors.
template <typename Visit>
__device__ inline void each_pixel(int plane, int pixels, Visit visit) {
    const size_t first = static_cast<size_t>(plane) * pixels;
// Unrolled, the first round, in which some lanes pause, would run apart from the others.
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x % kWarpSize) - static_cast<int>(first % 8);
         i < pixels; i += kWarpSize) {
        if (i >= 0) {
            visit(first + i);
        }
    }
}

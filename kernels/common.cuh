// What kernels share: sums over a warp and over a block, in a fixed order.
#pragma once

// NVRTC has no <cfloat> and no <cmath>; kernels include nothing but each other.
#ifndef FLT_MAX
#define FLT_MAX 3.402823466e+38f
#endif
#ifndef INFINITY
#define INFINITY __int_as_float(0x7f800000)
#endif

constexpr int kWarpSize = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

// The sum over the warp, the same bits in every lane. Every lane must call it.
template <typename Number>
__device__ inline Number warp_sum(Number value) {
    for (int offset = kWarpSize / 2; offset > 0; offset /= 2) {
        value += __shfl_xor_sync(kAllLanes, value, offset);
    }
    return value;
}

// The sum over the block, in thread 0 only. Every thread must call it, once in a kernel; the block
// is a whole number of warps.
template <typename Number>
__device__ inline Number block_sum(Number value) {
    __shared__ Number sums[kWarpSize];
    value = warp_sum(value);
    if (threadIdx.x % kWarpSize == 0) {
        sums[threadIdx.x / kWarpSize] = value;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        for (int warp = 1; warp < blockDim.x / kWarpSize; ++warp) {
            value += sums[warp];
        }
    }
    return value;
}

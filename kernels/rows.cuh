// The threads that reduce one row of a matrix together: a warp where rows are short (8 rows to a
// block), the whole block of 256 threads where they are long.
#pragma once

#include "common.cuh"

constexpr int kRowThreads = 256;
constexpr int kRowWarps = kRowThreads / kWarpSize;

__device__ inline float shuffle_xor(float value, int offset) {
    return __shfl_xor_sync(kAllLanes, value, offset);
}

// kMembers is 32 (a warp) or 256 (the block).
template <int kMembers>
struct RowTeam {
    // The team's row; there may be none of that number in the last block.
    __device__ static int row() {
        return blockIdx.x * (kRowThreads / kMembers) + threadIdx.x / kMembers;
    }

    // 0 to kMembers - 1.
    __device__ static int member() { return threadIdx.x % kMembers; }

    __device__ static float maximum(float value) {
        return reduce(value, [](float a, float b) { return fmaxf(a, b); });
    }

    __device__ static float sum(float value) {
        return reduce(value, [](float a, float b) { return a + b; });
    }

    // Combines the members' values in a fixed order; every member gets the result. combine(a, b)
    // must equal combine(b, a). Every thread of the block must call it.
    template <typename Value, typename Combine>
    __device__ static Value reduce(Value value, Combine combine) {
        for (int offset = kWarpSize / 2; offset > 0; offset /= 2) {
            value = combine(value, shuffle_xor(value, offset));
        }
        if (kMembers > kWarpSize) {
            __shared__ Value values[kRowWarps];
            if (threadIdx.x % kWarpSize == 0) {
                values[threadIdx.x / kWarpSize] = value;
            }
            __syncthreads();
            value = values[0];
            for (int warp = 1; warp < kRowWarps; ++warp) {
                value = combine(value, values[warp]);
            }
            __syncthreads();
        }
        return value;
    }
};

// Class-center spread and its gradient, over ordered pairs of centers:
//
//     S = (1/C) sum_{i != j} log s_ij,    s_ij = sum_k (c_ik - c_jk)^2
//     dCenters_ik += factor * sum_{j != i} (c_ik - c_jk) / s_ij,    factor = scale * 4/C
//
// Minus infinity where two centers coincide. A pairwise repulsion in which every center is a class
// of its own: repulsion.cuh has the loops, and pairwise_repulsion.cu their bytes and operations,
// with m = C.
//
// Shapes: centers, dCenters [C, d]; partialSums [splits * row blocks], which sum_partials adds up
// and divides by C; partialGradients [splits, C, d], null for the value alone.
//
// center_spread_d16 (d up to 16)
//     (ceil(C / 128), splits) blocks of 128 threads, a thread for each row.
// center_spread_d128 (any d)
//     (ceil(C / 32), splits, slices) blocks of 256 threads; slices = 1 for the value alone, else
//     ceil(d / 128).
// center_spread_finish
//     ceil(C * d / 256) blocks of 256 threads: adds partialGradients to dCenters.

#include "repulsion.cuh"

struct LogDistance {
    static constexpr float kNoPair = 1;

    __device__ float value(float s) const { return logf(s); }

    __device__ float sum(const float (&s)[4]) const {
        return (value(s[0]) + value(s[1])) + (value(s[2]) + value(s[3]));
    }

    __device__ float slope(float s) const { return fast_reciprocal(s); }
};

extern "C" __global__ void __launch_bounds__(kRowThreads, 8)
    center_spread_d16(const float* __restrict__ centers, int classes, int d, int columnsPerSplit,
                      float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_rows<16, LogDistance>(
        {centers, nullptr, classes, d, columnsPerSplit, {}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(kTileThreads, 4)
    center_spread_d128(const float* __restrict__ centers, int classes, int d, int columnsPerSplit,
                       float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_tiles<128, LogDistance>(
        {centers, nullptr, classes, d, columnsPerSplit, {}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(256)
    center_spread_finish(const float* __restrict__ partials, int splits, long long size,
                         float factor, float* __restrict__ dCenters) {
    finish_gradient(partials, splits, size, factor, true, dCenters);
}

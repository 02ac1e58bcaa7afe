// Sums over the samples of each class, for kernels that follow class_order: O(m * d) however many
// classes there are, and in a fixed order.
//
// A class is cut into chunks of `chunk` samples (a power of two, at most 32). The warp at position p
// of the order works if a chunk begins there. In a warp, `width` lanes (a power of two) lie along
// the features and 32 / width samples side by side. The sum of a class of one chunk is final; of
// larger classes each chunk leaves a row in `sums` [2 * ceil(m / chunk), d], and add_chunk_sums
// adds them.
#pragma once

#include "common.cuh"

constexpr int kChunkWarps = 8;
constexpr int kChunkThreads = kChunkWarps * kWarpSize;
// Blocks of a multiprocessor at least. Without it ptxas aims higher and spills registers.
constexpr int kChunkBlocks = 4;
constexpr int kLargestChunk = 32;
// Features of one lane in one pass over the samples of a chunk.
constexpr int kColumns = 4;

// A warp's chunk. Without one, count is 0 and the rest is not set.
struct Chunk {
    int count;
    int sample;  // lane l holds the chunk's sample l
    int label;
    int position;  // of the chunk's first sample in the order
    int first;     // of its class
    int classSize;
};

// The row of `sums` for the chunk at `position`. Chunks of one class begin `chunk` positions apart,
// and a class of several chunks is longer than one: so in each `chunk` positions at most one class
// begins and at most one chunk goes on.
__device__ inline size_t sum_row(int position, int first, int chunk) {
    return 2 * static_cast<size_t>(position / chunk) + (position == first);
}

// The chunk that begins at position blockIdx.x * 8 + warp. Every thread must call it.
__device__ inline Chunk warp_chunk(const int4* __restrict__ order, int m, int chunk) {
    __shared__ int samples[kChunkWarps + kLargestChunk];
    __shared__ int firsts[kChunkWarps];
    __shared__ int ends[kChunkWarps];
    __shared__ int labels[kChunkWarps];
    const int thread = threadIdx.x;
    const int from = blockIdx.x * kChunkWarps;
    if (thread < kChunkWarps + chunk && thread < m - from) {
        const int4 entry = order[from + thread];
        samples[thread] = entry.x;
        if (thread < kChunkWarps) {
            firsts[thread] = entry.y;
            ends[thread] = entry.z;
            labels[thread] = entry.w;
        }
    }
    __syncthreads();
    const int lane = thread % kWarpSize;
    const int warp = thread / kWarpSize;
    Chunk own = {};
    own.position = from + warp;
    if (own.position < m && ((own.position - firsts[warp]) & (chunk - 1)) == 0) {
        own.first = firsts[warp];
        own.classSize = ends[warp] - own.first;
        own.count = min(chunk, ends[warp] - own.position);
        own.label = labels[warp];
        own.sample = lane < own.count ? samples[warp + lane] : 0;
    }
    return own;
}

// Adds up the samples that lie side by side: afterwards every lane of a feature has its sum.
__device__ inline float sum_over_samples(float value, int width) {
    for (int offset = width; offset < kWarpSize; offset *= 2) {
        value += __shfl_xor_sync(kAllLanes, value, offset);
    }
    return value;
}

// Row j of target += weight(size of class j) * (sum of the class's rows of `sums`), for classes of
// several chunks. Launch: (ceil(m / chunk), ceil(d / 32)) blocks of 256 threads: such a class
// holds a position that is a multiple of `chunk`, and the block of the first one works. Warps take
// the chunks in turn.
template <typename Weight>
__device__ inline void add_chunk_sums(const int4* __restrict__ order,
                                      const float* __restrict__ sums, int d, int classes,
                                      int chunk, Weight weight, float* __restrict__ target) {
    __shared__ int4 entry;
    __shared__ float partial[kChunkWarps][kWarpSize];
    const int position = blockIdx.x * chunk;
    if (threadIdx.x == 0) {
        entry = order[position];
    }
    __syncthreads();
    const int first = entry.y;
    const int end = entry.z;
    const int label = entry.w;
    if (position - first >= chunk || end - first <= chunk || label < 0 || label >= classes) {
        return;
    }
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int k = blockIdx.y * kWarpSize + lane;
    float sum = 0;
    if (k < d) {
        for (int p = first + warp * chunk; p < end; p += kChunkWarps * chunk) {
            sum += sums[sum_row(p, first, chunk) * d + k];
        }
    }
    partial[warp][lane] = sum;
    __syncthreads();
    if (warp == 0 && k < d) {
        for (int other = 1; other < kChunkWarps; ++other) {
            sum += partial[other][lane];
        }
        float* row = target + static_cast<size_t>(label) * d;
        row[k] = fmaf(weight(end - first), sum, row[k]);
    }
}

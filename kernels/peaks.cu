// What the GPU can do at most, measured on it.
//
// peaks_copy    to[i] = from[i], 16 bytes to a thread: ceil(count / 256) blocks of 256 threads. Reads
//               and writes 16 * count bytes; large arrays keep it out of the caches.
// peaks_multiply_add
//               kChains independent chains of multiply-adds in registers of every thread, `steps`
//               long: 2 * kChains * steps operations a thread. One number a thread is written, so
//               that the chains are not thrown away: 4 bytes.

#include "common.cuh"

constexpr int kChains = 8;

extern "C" __global__ void __launch_bounds__(256)
    peaks_copy(const float4* __restrict__ from, int count, float4* __restrict__ to) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        to[i] = from[i];
    }
}

extern "C" __global__ void __launch_bounds__(256)
    peaks_multiply_add(int steps, float factor, float term, float* __restrict__ results) {
    float chain[kChains];
    for (int c = 0; c < kChains; ++c) {
        chain[c] = threadIdx.x + c;
    }
#pragma unroll 8
    for (int step = 0; step < steps; ++step) {
        for (int c = 0; c < kChains; ++c) {
            chain[c] = fmaf(chain[c], factor, term);
        }
    }
    float sum = 0;
    for (int c = 0; c < kChains; ++c) {
        sum += chain[c];
    }
    results[static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x] = sum;
}

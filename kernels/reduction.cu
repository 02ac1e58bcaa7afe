// result[0] = factor * (partials[0] + ... + partials[count - 1])
//
// The last step of every loss: kernels of many blocks leave one partial sum per block, and this
// adds them. In double, because it is little work and the sum of many float32 numbers is not.
// Thread t adds partials t, t + 256, ...; warps and blocks add in a fixed order.
//
// Launch: one block of 256 threads. Reads 4 * count bytes, writes 4; count additions.

#include "common.cuh"

extern "C" __global__ void __launch_bounds__(256)
    sum_partials(const float* __restrict__ partials, int count, float factor,
                 float* __restrict__ result) {
    double sum = 0;
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        sum += partials[i];
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        result[0] = static_cast<float>(factor * sum);
    }
}

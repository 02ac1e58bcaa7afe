// y = x > 0 ? x : slope * x;  dx = x > 0 ? dy : slope * dy;  dslope = sum of x * dy over x <= 0
//
// Shapes: x, y, dy, dx: [size]; slope, dslope: [1]. y may be x, and dx may be dy. A value that is
//     not a number counts as none above 0, and stays one.
// Launch: one thread for four neighbouring elements, and one for each of the up to three left
//     over; 256 threads a block. prelu_backward leaves one partial sum for each block, [blocks],
//     of which sum_partials makes dslope: sums of 4 elements, 32 lanes, 8 warps, then all blocks
//     in double.
// Bytes: forward 8 * size, backward 12 * size, each once, in 16-byte accesses (tensors and their
//     slices start at multiples of 16 bytes), and the slope in every thread, from the cache.
// Operations: 1 and 3 * size; bound by memory.

#include "common.cuh"

static constexpr int kThreads = 256;

__device__ static float rectified(float x, float slope) {
    return x > 0 ? x : slope * x;
}

// The gradient before the rectifier; adds what the slope's gradient gets.
__device__ static float passed(float x, float dy, float slope, float& sum) {
    if (x > 0) {
        return dy;
    }
    sum += x * dy;
    return slope * dy;
}

__device__ static int item_index() {
    return static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x);
}

extern "C" __global__ void __launch_bounds__(kThreads)
    prelu_forward(const float* x, const float* __restrict__ slope, float* y, int size) {
    const int quads = size / 4;
    const int item = item_index();
    if (item < quads) {
        const float factor = slope[0];
        const float4 in = reinterpret_cast<const float4*>(x)[item];
        reinterpret_cast<float4*>(y)[item] =
            make_float4(rectified(in.x, factor), rectified(in.y, factor), rectified(in.z, factor),
                        rectified(in.w, factor));
    } else if (item < quads + size % 4) {
        const int at = 3 * quads + item;
        y[at] = rectified(x[at], slope[0]);
    }
}

extern "C" __global__ void __launch_bounds__(kThreads)
    prelu_backward(const float* __restrict__ x, const float* dy, const float* __restrict__ slope,
                   float* dx, float* __restrict__ partials, int size) {
    const int quads = size / 4;
    const int item = item_index();
    float sum = 0;
    if (item < quads) {
        const float factor = slope[0];
        const float4 in = reinterpret_cast<const float4*>(x)[item];
        float4 gradient = reinterpret_cast<const float4*>(dy)[item];
        gradient.x = passed(in.x, gradient.x, factor, sum);
        gradient.y = passed(in.y, gradient.y, factor, sum);
        gradient.z = passed(in.z, gradient.z, factor, sum);
        gradient.w = passed(in.w, gradient.w, factor, sum);
        reinterpret_cast<float4*>(dx)[item] = gradient;
    } else if (item < quads + size % 4) {
        const int at = 3 * quads + item;
        dx[at] = passed(x[at], dy[at], slope[0], sum);
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        partials[blockIdx.x] = sum;
    }
}

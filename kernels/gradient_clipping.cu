// Limits the 2-norm of one flat block of gradients, as PyTorch's clip_grad_norm_:
//
//     norm = sqrt(sum of gradients²)
//     gradients = min(1, maxNorm / (norm + 1e-6)) · gradients, where NaN is less than 1
//
// Squares are in double, where those of float32 neither overflow nor vanish.
//
// Shapes: gradients: [size], norm: [1]; partials: [blocks] in double, a sum of squares each.
// Launch: both kernels on the same blocks of 256 threads, at most 1024 of them; a thread takes
//     every (256 · blocks)th of the groups of four neighbouring elements and of the up to three
//     elements left over.
//     gradient_clipping_squares: a partial sum for each block.
//     gradient_clipping_scale: each block adds up all partial sums, in the same order, and scales
//     its part. Where the factor is 1, gradients are neither read nor written.
// Bytes: 4 · size and 8 · blocks; 8 · blocks² (8 MB at most, from the cache), 4, and 8 · size where
//     the norm is above its limit; in 16-byte accesses: blocks and their slices start at multiples
//     of 16 bytes.
// Operations: 2 · size and blocks² in double, size in float32; bound by memory, but on GPUs with
//     two units for double in a multiprocessor, where the squares take about as long.

#include "common.cuh"

static constexpr int kThreads = 256;

// What a thread goes through: groups of four elements, and behind them the up to three single ones.
struct Items {
    int quads;
    int count;
    int first;
    int stride;

    __device__ explicit Items(int size)
        : quads(size / 4),
          count(size / 4 + size % 4),
          first(static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x)),
          stride(static_cast<int>(gridDim.x) * kThreads) {}
};

__device__ double square(float value) {
    return static_cast<double>(value) * value;
}

extern "C" __global__ void __launch_bounds__(kThreads)
    gradient_clipping_squares(const float* __restrict__ gradients, int size,
                              double* __restrict__ partials) {
    Items items(size);
    double sum = 0;
    for (int item = items.first; item < items.count; item += items.stride) {
        if (item < items.quads) {
            float4 g = reinterpret_cast<const float4*>(gradients)[item];
            sum += (square(g.x) + square(g.y)) + (square(g.z) + square(g.w));
        } else {
            sum += square(gradients[3 * items.quads + item]);
        }
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        partials[blockIdx.x] = sum;
    }
}

extern "C" __global__ void __launch_bounds__(kThreads)
    gradient_clipping_scale(const double* __restrict__ partials, double maxNorm, int size,
                            float* __restrict__ gradients, float* __restrict__ norm) {
    __shared__ float shared;
    double sum = 0;
    for (int i = static_cast<int>(threadIdx.x); i < static_cast<int>(gridDim.x); i += kThreads) {
        sum += partials[i];
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        double root = sqrt(sum);
        double unlimited = maxNorm / (root + 1e-6);
        // Not fmin, which would make 1 of NaN.
        shared = unlimited >= 1 ? 1.0f : static_cast<float>(unlimited);
        if (blockIdx.x == 0) {
            norm[0] = static_cast<float>(root);
        }
    }
    __syncthreads();
    float factor = shared;
    if (factor == 1) {
        return;
    }
    Items items(size);
    for (int item = items.first; item < items.count; item += items.stride) {
        if (item < items.quads) {
            float4 g = reinterpret_cast<float4*>(gradients)[item];
            reinterpret_cast<float4*>(gradients)[item] =
                make_float4(factor * g.x, factor * g.y, factor * g.z, factor * g.w);
        } else {
            gradients[3 * items.quads + item] *= factor;
        }
    }
}

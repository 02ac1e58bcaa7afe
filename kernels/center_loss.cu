// Center loss, its gradient for the samples and for the centers:
//
//     loss = (1/m) sum_i psi(s_i),    s_i = sum_k (x_ik - c_jk)^2,    j = y_i
//     dx_ik (+)= factor * psi'(s_i) * (x_ik - c_jk)
//     dCenters_jk -= factor * sum_{y_i = j} psi'(s_i) * (x_ik - c_jk)
//
// with psi(s) = s for alpha = 0 and exp(alpha * s) for alpha > 0; factor = scale * 2/m. Distances
// are direct differences. `losses` gets one partial sum per block, which sum_partials adds up and
// divides by m; where it is null, there is the gradient alone. A label outside [0, C) makes loss and dx NaN; no center is read or written for it.
//
// Shapes: x, dx [m, d]; centers, dCenters [C, d]; order [m] and sums as class_order.cu and
// class_chunks.cuh have them. dCenters may be null; rows of absent classes are not touched.
//
// center_loss_forward, center_loss_forward_backward
//     (ceil(m / 8), slices) blocks of 256 threads: a warp for each chunk of one class, as far as
//     chunks begin, and slice of 4 * width features. slices = 1 where alpha > 0: the whole distance
//     of a sample is needed before its gradient, so x is read a second time, from the cache.
// center_loss_class_sums
//     (ceil(m / chunk), ceil(d / 32)) blocks of 256 threads: dCenters of classes of several chunks.
//
// Bytes where classes are no larger than a chunk: x read, dx written, each present center read, its
// gradient read and written: 8*m*d + 12*T*d, T classes present, and about 50*m + m*m/8 for the
// order. Each chunk of a larger class reads the center again and leaves a row of sums. Operations:
// 3*m*d forward, 6*m*d with gradients.
//
// *_naive: one thread per sample or element; every element of dCenters looks at every label.

#include "class_chunks.cuh"

template <bool kGradient>
__device__ inline void center_loss(const float* __restrict__ x, const float* __restrict__ centers,
                                   const int4* __restrict__ order, int m, int d, int classes,
                                   int width, int chunk, float alpha, float factor, int accumulate,
                                   float* __restrict__ dx, float* __restrict__ dCenters,
                                   float* __restrict__ sums, float* __restrict__ losses) {
    const Chunk own = warp_chunk(order, m, chunk);
    const int lane = threadIdx.x % kWarpSize;
    const int column = lane % width;
    const int group = lane / width;
    const int groups = kWarpSize / width;
    const bool known = own.label >= 0 && own.label < classes;
    const size_t row = known ? static_cast<size_t>(own.label) * d : 0;
    float loss = 0;
    float slope = 1;  // psi' of the sample that this lane holds
    if (alpha > 0) {
        for (int base = 0; base < own.count; base += groups) {
            const int s = base + group;
            const int i = __shfl_sync(kAllLanes, own.sample, min(s, own.count - 1));
            float distance = known ? 0 : nanf("");
#pragma unroll 1  // Leaves registers to the loop over slices.
            for (int k = column; k < d; k += width) {
                const float difference = x[static_cast<size_t>(i) * d + k] - centers[row + k];
                distance = fmaf(difference, difference, distance);
            }
            for (int offset = width / 2; offset > 0; offset /= 2) {
                distance += __shfl_xor_sync(kAllLanes, distance, offset);
            }
            const float value = expf(alpha * distance);
            if (column == 0 && s < own.count) {
                loss += value;
            }
            const float kept =
                __shfl_sync(kAllLanes, value, ((lane - base) * width) & (kWarpSize - 1));
            if (lane >= base && lane < base + groups) {
                slope = alpha * kept;
            }
        }
    }
    for (int slice = blockIdx.y; (kGradient || alpha == 0) && slice * kColumns * width < d;
         slice += gridDim.y) {
        const int start = slice * kColumns * width + column;
        float center[kColumns];
        float sum[kColumns] = {};
        for (int v = 0; v < kColumns; ++v) {
            const int k = start + v * width;
            center[v] = own.count > 0 && k < d ? (known ? centers[row + k] : nanf("")) : 0;
        }
        for (int base = 0; base < own.count; base += groups) {
            const int s = base + group;
            const size_t i = __shfl_sync(kAllLanes, own.sample, min(s, own.count - 1));
            const float sampleSlope = __shfl_sync(kAllLanes, slope, min(s, own.count - 1));
            for (int v = 0; v < kColumns; ++v) {
                const int k = start + v * width;
                if (s >= own.count || k >= d) {
                    continue;
                }
                const float difference = x[i * d + k] - center[v];
                if (alpha == 0) {
                    loss = fmaf(difference, difference, loss);
                }
                if (kGradient) {
                    const float term = sampleSlope * difference;
                    sum[v] += term;
                    dx[i * d + k] = accumulate ? fmaf(factor, term, dx[i * d + k]) : factor * term;
                }
            }
        }
        if (kGradient && dCenters != nullptr && own.count > 0 && known) {
            for (int v = 0; v < kColumns; ++v) {
                const int k = start + v * width;
                const float total = sum_over_samples(sum[v], width);
                if (group > 0 || k >= d) {
                    continue;
                }
                if (own.classSize > chunk) {
                    sums[sum_row(own.position, own.first, chunk) * d + k] = total;
                } else {
                    dCenters[row + k] = fmaf(-factor, total, dCenters[row + k]);
                }
            }
        }
    }
    loss = block_sum(loss);
    if (losses != nullptr && threadIdx.x == 0) {
        losses[static_cast<size_t>(blockIdx.y) * gridDim.x + blockIdx.x] = loss;
    }
}

extern "C" __global__ void __launch_bounds__(kChunkThreads, kChunkBlocks)
    center_loss_forward(const float* __restrict__ x, const float* __restrict__ centers,
                        const int4* __restrict__ order, int m, int d, int classes, int width,
                        int chunk, float alpha, float* __restrict__ losses) {
    center_loss<false>(x, centers, order, m, d, classes, width, chunk, alpha, 0, 0, nullptr,
                       nullptr, nullptr, losses);
}

extern "C" __global__ void __launch_bounds__(kChunkThreads, kChunkBlocks)
    center_loss_forward_backward(const float* __restrict__ x, const float* __restrict__ centers,
                                 const int4* __restrict__ order, int m, int d, int classes,
                                 int width, int chunk, float alpha, float factor, int accumulate,
                                 float* __restrict__ dx, float* __restrict__ dCenters,
                                 float* __restrict__ sums, float* __restrict__ losses) {
    center_loss<true>(x, centers, order, m, d, classes, width, chunk, alpha, factor, accumulate, dx,
                      dCenters, sums, losses);
}

extern "C" __global__ void __launch_bounds__(kChunkThreads)
    center_loss_class_sums(const int4* __restrict__ order, const float* __restrict__ sums, int d,
                           int classes, int chunk, float factor, float* __restrict__ dCenters) {
    add_chunk_sums(order, sums, d, classes, chunk, [factor](int) { return -factor; }, dCenters);
}

// values_i = psi(s_i), slopes_i = psi'(s_i). Launch: ceil(m / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    center_loss_distances_naive(const float* __restrict__ x, const int* __restrict__ labels,
                                const float* __restrict__ centers, int m, int d, int classes,
                                float alpha, float* __restrict__ values,
                                float* __restrict__ slopes) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= m) {
        return;
    }
    const int label = labels[i];
    float distance = label >= 0 && label < classes ? 0 : nanf("");
    for (int k = 0; k < d && !isnan(distance); ++k) {
        const float difference =
            x[static_cast<size_t>(i) * d + k] - centers[static_cast<size_t>(label) * d + k];
        distance += difference * difference;
    }
    values[i] = alpha > 0 ? expf(alpha * distance) : distance;
    slopes[i] = alpha > 0 ? alpha * values[i] : 1;
}

// Launch: ceil(m * d / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    center_loss_dx_naive(const float* __restrict__ x, const int* __restrict__ labels,
                         const float* __restrict__ centers, const float* __restrict__ slopes,
                         int m, int d, int classes, float factor, int accumulate,
                         float* __restrict__ dx) {
    const size_t at = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= static_cast<size_t>(m) * d) {
        return;
    }
    const int label = labels[at / d];
    const float center = label >= 0 && label < classes
                             ? centers[static_cast<size_t>(label) * d + at % d]
                             : nanf("");
    const float term = factor * slopes[at / d] * (x[at] - center);
    dx[at] = accumulate ? dx[at] + term : term;
}

// Launch: ceil(C * d / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    center_loss_dcenters_naive(const float* __restrict__ x, const int* __restrict__ labels,
                               const float* __restrict__ centers,
                               const float* __restrict__ slopes, int m, int d, int classes,
                               float factor, float* __restrict__ dCenters) {
    const size_t at = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= static_cast<size_t>(classes) * d) {
        return;
    }
    float sum = 0;
    for (int i = 0; i < m; ++i) {
        if (labels[i] == at / d) {
            sum += slopes[i] * (x[static_cast<size_t>(i) * d + at % d] - centers[at]);
        }
    }
    dCenters[at] -= factor * sum;
}

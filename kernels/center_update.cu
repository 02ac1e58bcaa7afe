// The center update of Wen et al. 2016, eq. 4, in place:
//
//     c_j -= alpha * sum_{y_i = j} (c_j - x_i) / (1 + n_j),    n_j samples of class j
//
// The other rule, centers as parameters of the optimiser, is sgd.cu over the block of all
// parameters, with the gradient that center_loss.cu adds up.
//
// Shapes: x [m, d]; centers [C, d]; order [m] and sums as class_order.cu and class_chunks.cuh have
// them. Centers of absent classes are not touched; samples of a label outside [0, C) are ignored.
//
// center_update
//     (ceil(m / 8), ceil(d / (4 * width))) blocks of 256 threads: a warp for each chunk of one
//     class, as far as chunks begin, and slice of 4 * width features. Moves the centers of classes
//     of one chunk.
// center_update_class_sums
//     (ceil(m / chunk), ceil(d / 32)) blocks of 256 threads: moves the others.
//
// Bytes where classes are no larger than a chunk: 4*m*d + 8*T*d, and about 50*m for the order; T
// classes present. Operations: 2*m*d.
//
// Naive variant: center_update_naive, one thread per element of the centers, which looks at every
// label: O(m * C * d).

#include "class_chunks.cuh"

extern "C" __global__ void __launch_bounds__(kChunkThreads)
    center_update(const float* __restrict__ x, const int4* __restrict__ order, int m, int d,
                  int classes, int width, int chunk, float alpha, float* __restrict__ centers,
                  float* __restrict__ sums) {
    const Chunk own = warp_chunk(order, m, chunk);
    if (own.count == 0 || own.label < 0 || own.label >= classes) {
        return;
    }
    const int lane = threadIdx.x % kWarpSize;
    const int group = lane / width;
    const int groups = kWarpSize / width;
    const int start = blockIdx.y * kColumns * width + lane % width;
    float* row = centers + static_cast<size_t>(own.label) * d;
    float center[kColumns];
    float sum[kColumns] = {};
    for (int v = 0; v < kColumns; ++v) {
        const int k = start + v * width;
        center[v] = k < d ? row[k] : 0;
    }
    for (int base = 0; base < own.count; base += groups) {
        const int s = base + group;
        const size_t i = __shfl_sync(kAllLanes, own.sample, min(s, own.count - 1));
        for (int v = 0; v < kColumns; ++v) {
            const int k = start + v * width;
            if (s < own.count && k < d) {
                sum[v] += center[v] - x[i * d + k];
            }
        }
    }
    for (int v = 0; v < kColumns; ++v) {
        const int k = start + v * width;
        const float total = sum_over_samples(sum[v], width);
        if (group > 0 || k >= d) {
            continue;
        }
        if (own.classSize > chunk) {
            sums[sum_row(own.position, own.first, chunk) * d + k] = total;
        } else {
            row[k] = center[v] - alpha * total / (1 + own.classSize);
        }
    }
}

extern "C" __global__ void __launch_bounds__(kChunkThreads)
    center_update_class_sums(const int4* __restrict__ order, const float* __restrict__ sums, int d,
                             int classes, int chunk, float alpha, float* __restrict__ centers) {
    add_chunk_sums(order, sums, d, classes, chunk,
                   [alpha](int size) { return -alpha / (1 + size); }, centers);
}

// Launch: ceil(C * d / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    center_update_naive(const float* __restrict__ x, const int* __restrict__ labels, int m, int d,
                        int classes, float alpha, float* __restrict__ centers) {
    const size_t at = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= static_cast<size_t>(classes) * d) {
        return;
    }
    const float center = centers[at];
    float sum = 0;
    int size = 0;
    for (int i = 0; i < m; ++i) {
        if (labels[i] == at / d) {
            sum += center - x[static_cast<size_t>(i) * d + at % d];
            ++size;
        }
    }
    centers[at] = center - alpha * sum / (1 + size);
}

// Pairwise repulsion and its gradient, over ordered pairs of different classes:
//
//     S = (1/m) sum_i sum_j [y_i != y_j] phi(s_ij),    s_ij = sum_k (x_ik - x_jk)^2
//     dx_ik (+)= factor * sum_j [y_i != y_j] phi'(s_ij) (x_ik - x_jk),    factor = scale * 4/m
//
// kind 0, logarithmic: phi = log(1 + s); 1, truncated: min(s, margin); 2, raw: s. Distances are
// direct differences, and no m x m matrix is stored: memory is O(splits * m * d).
//
// Shapes: x, dx [m, d]; labels [m]; partialSums [splits * row blocks], which sum_partials adds up
// and divides by m; partialGradients [splits, m, d]. With partialGradients null a kernel goes
// forward only, with partialSums null backward only, else both at the cost of one.
//
// pairwise_repulsion_d2, _d4, _d16 (d up to that; see pair_rows.cuh)
//     (ceil(m / 128), splits) blocks of 128 threads, a thread for each row.
// pairwise_repulsion_d32, _d64, _d128 (d up to that, d128 for any d; see pair_tiles.cuh)
//     (ceil(m / 32), splits, slices) blocks of 256 threads. slices = 1 forward, ceil(d / 128) for
//     the gradient: each slice of it computes all distances anew.
// pairwise_repulsion_finish
//     ceil(m * d / 256) blocks of 256 threads: dx from partialGradients.
//
// Columns are split among blocks so that small batches fill the GPU; a split has columnsPerSplit
// columns, a number that depends on the shape alone, so every GPU gives the same bits.
//
// Bytes: every block reads its columns once, for distance and gradient alike: with R rows to a
// block 4*m*d * (m/R + splits) read and 4*m*d * splits written, then that much read and 4*m*d
// written to finish. Operations per pair: 3*d for the distance, 3*d for the gradient (2 of them one
// fused multiply-add), and phi. Registers let 32 warps of every kernel live on an sm_90; the 37 KB
// of shared memory of _d128 let 8 on sm_75 and 16 on sm_86, sm_89 and sm_120.
//
// Naive variant, which keeps values and weights of all pairs, [m, m]: one thread per pair
// (pairwise_repulsion_pairs_naive), row (.._rows_naive) and element of dx (.._dx_naive).

#include "repulsion.cuh"

struct PairPotential {
    int kind;
    float margin;

    static constexpr float kNoPair = 0;

    __device__ float value(float s) const {
        // Not fminf, which would hide a distance that is no number.
        return kind == 0 ? log1pf(s) : kind == 1 && s > margin ? margin : s;
    }

    // One logarithm, the dearest step, for four: (1 + a)(1 + b) = 1 + (a + b + ab). No term is
    // negative, so small distances keep their digits.
    __device__ float sum(const float (&s)[4]) const {
        if (kind == 0) {
            const float a = fmaf(s[0], s[1], s[0] + s[1]);
            const float b = fmaf(s[2], s[3], s[2] + s[3]);
            const float product = fmaf(a, b, a + b);
            if (product < 1e38f) {
                return log1pf(product);
            }
        }
        return (value(s[0]) + value(s[1])) + (value(s[2]) + value(s[3]));
    }

    __device__ float slope(float s) const {
        return kind == 0 ? fast_reciprocal(1 + s) : kind == 2 || s < margin ? 1 : 0;
    }
};

extern "C" __global__ void __launch_bounds__(kRowThreads, 8)
    pairwise_repulsion_d2(const float* __restrict__ x, const int* __restrict__ labels, int m, int d,
                          int columnsPerSplit, int kind, float margin,
                          float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_rows<2, PairPotential>(
        {x, labels, m, d, columnsPerSplit, {kind, margin}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(kRowThreads, 8)
    pairwise_repulsion_d4(const float* __restrict__ x, const int* __restrict__ labels, int m, int d,
                          int columnsPerSplit, int kind, float margin,
                          float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_rows<4, PairPotential>(
        {x, labels, m, d, columnsPerSplit, {kind, margin}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(kRowThreads, 8)
    pairwise_repulsion_d16(const float* __restrict__ x, const int* __restrict__ labels, int m,
                           int d, int columnsPerSplit, int kind, float margin,
                           float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_rows<16, PairPotential>(
        {x, labels, m, d, columnsPerSplit, {kind, margin}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(kTileThreads, 4)
    pairwise_repulsion_d32(const float* __restrict__ x, const int* __restrict__ labels, int m,
                           int d, int columnsPerSplit, int kind, float margin,
                           float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_tiles<32, PairPotential>(
        {x, labels, m, d, columnsPerSplit, {kind, margin}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(kTileThreads, 4)
    pairwise_repulsion_d64(const float* __restrict__ x, const int* __restrict__ labels, int m,
                           int d, int columnsPerSplit, int kind, float margin,
                           float* __restrict__ partialSums, float* __restrict__ partialGradients) {
    repel_tiles<64, PairPotential>(
        {x, labels, m, d, columnsPerSplit, {kind, margin}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(kTileThreads, 4)
    pairwise_repulsion_d128(const float* __restrict__ x, const int* __restrict__ labels, int m,
                            int d, int columnsPerSplit, int kind, float margin,
                            float* __restrict__ partialSums,
                            float* __restrict__ partialGradients) {
    repel_tiles<128, PairPotential>(
        {x, labels, m, d, columnsPerSplit, {kind, margin}, partialSums, partialGradients});
}

extern "C" __global__ void __launch_bounds__(256)
    pairwise_repulsion_finish(const float* __restrict__ partials, int splits, long long size,
                              float factor, int accumulate, float* __restrict__ dx) {
    finish_gradient(partials, splits, size, factor, accumulate, dx);
}

// values_ij = phi(s_ij), weights_ij = phi'(s_ij), 0 within a class; either may be null. Launch:
// ceil(m * m / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    pairwise_repulsion_pairs_naive(const float* __restrict__ x, const int* __restrict__ labels,
                                   int m, int d, int kind, float margin,
                                   float* __restrict__ values, float* __restrict__ weights) {
    const size_t pair = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (pair >= static_cast<size_t>(m) * m) {
        return;
    }
    const size_t i = pair / m;
    const size_t j = pair % m;
    float s = 0;
    for (int k = 0; k < d; ++k) {
        const float difference = x[i * d + k] - x[j * d + k];
        s += difference * difference;
    }
    const bool counts = labels[i] != labels[j];
    const PairPotential potential{kind, margin};
    if (values != nullptr) {
        values[pair] = counts ? potential.value(s) : 0;
    }
    if (weights != nullptr) {
        weights[pair] = counts ? potential.slope(s) : 0;
    }
}

// sums_i = sum_j values_ij. Launch: ceil(m / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    pairwise_repulsion_rows_naive(const float* __restrict__ values, int m,
                                  float* __restrict__ sums) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= m) {
        return;
    }
    float sum = 0;
    for (int j = 0; j < m; ++j) {
        sum += values[static_cast<size_t>(i) * m + j];
    }
    sums[i] = sum;
}

// Launch: ceil(m * d / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    pairwise_repulsion_dx_naive(const float* __restrict__ x, const float* __restrict__ weights,
                                int m, int d, float factor, int accumulate,
                                float* __restrict__ dx) {
    const size_t at = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= static_cast<size_t>(m) * d) {
        return;
    }
    float sum = 0;
    for (int j = 0; j < m; ++j) {
        sum += weights[at / d * m + j] * (x[at] - x[static_cast<size_t>(j) * d + at % d]);
    }
    dx[at] = accumulate ? dx[at] + factor * sum : factor * sum;
}

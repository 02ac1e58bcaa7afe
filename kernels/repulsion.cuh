// Sums of pair terms phi(|x_i - x_j|^2) over pairs of different classes, and their gradients, for
// pairwise_repulsion.cu and center_spread.cu, which say what is summed and how it is launched.
//
// A block takes some rows (blockIdx.x) and some columns (blockIdx.y) of the pair matrix. It writes
// one number to partialSums, where that is not null, and sum_j phi'(s_ij) (x_i - x_j) over its
// columns to its rows of partialGradients [gridDim.y, m, d], where that is not null.
// finish_gradient adds the splits up.
#pragma once

#include "common.cuh"
#include "pair_rows.cuh"
#include "pair_tiles.cuh"

// To 2 units in the last place, which a sum of rounded terms hides, and 0 for y > 2^126. The exact
// division would cost ten instructions and, in its rare branch, registers that are not there.
__device__ inline float fast_reciprocal(float y) { return __fdividef(1, y); }

// Potential has value(s), phi; sum(s), that of four distances; slope(s), phi'; and kNoPair, a
// distance at which phi is 0.
template <class Potential>
struct Repulsion {
    const float* __restrict__ x;
    const int* __restrict__ labels;  // null where every point is a class of its own
    int m;
    int d;
    int columnsPerSplit;
    Potential potential;
    float* __restrict__ partialSums;
    float* __restrict__ partialGradients;

    __device__ int class_of(int i) const { return labels != nullptr ? labels[i] : i; }

    __device__ int first_column() const { return blockIdx.y * columnsPerSplit; }

    __device__ int end_column() const { return min(m, first_column() + columnsPerSplit); }

    // Where this block's columns have their gradient [m, d].
    __device__ float* gradient() const {
        return partialGradients + static_cast<size_t>(blockIdx.y) * m * d;
    }

    __device__ void put_sum(float sum) const {
        sum = block_sum(sum);
        if (threadIdx.x == 0) {
            partialSums[static_cast<size_t>(blockIdx.y) * gridDim.x + blockIdx.x] = sum;
        }
    }
};

// Few features: blocks of kRowThreads rows. Terms are added by tile, thread, and block, so that
// long sums keep their digits.
template <int kCapacity, bool kValue, bool kGradient, class Potential>
__device__ inline void repel_rows(const Repulsion<Potential>& a, RowTile<kCapacity>& tile,
                                  int (&classes)[kRowThreads]) {
    constexpr int kGroup = kCapacity < 16 ? 4 : 1;  // columns at a time, as registers allow
    const int firstRow = blockIdx.x * kRowThreads;
    const int rows = min(kRowThreads, a.m - firstRow);
    const bool real = threadIdx.x < rows;
    const int own = real ? a.class_of(firstRow + threadIdx.x) : 0;
    tile.clear();
    __syncthreads();
    tile.load(a.x, a.d, firstRow, rows);
    __syncthreads();
    float point[kCapacity];
    tile.get(threadIdx.x, point);

    float sum = 0;
    float gradient[kCapacity] = {};
    const int end = a.end_column();
    for (int first = a.first_column(); first < end; first += kRowThreads) {
        const int columns = min(kRowThreads, end - first);
        __syncthreads();
        tile.load(a.x, a.d, first, columns);
        classes[threadIdx.x] = threadIdx.x < columns ? a.class_of(first + threadIdx.x) : 0;
        __syncthreads();
        float tileSum = 0;
#pragma unroll 1
        for (int j = 0; j < columns; j += kGroup) {
            float squares[kGroup];
#pragma unroll
            for (int b = 0; b < kGroup; ++b) {
                float difference[kCapacity];
                tile.get(j + b, difference);
                const float square = subtract_from(point, difference);
                const bool counts = j + b < columns && classes[j + b] != own;
                squares[b] = counts ? square : Potential::kNoPair;
                if (kGradient) {
                    const float weight = counts ? a.potential.slope(square) : 0;
#pragma unroll
                    for (int k = 0; k < kCapacity; ++k) {
                        gradient[k] = fmaf(weight, difference[k], gradient[k]);
                    }
                }
            }
            if constexpr (kValue && kGroup == 4) {
                tileSum += a.potential.sum(squares);
            } else if constexpr (kValue) {
                tileSum += a.potential.value(squares[0]);
            }
        }
        sum += tileSum;
    }
    if (kValue) {
        a.put_sum(real ? sum : 0);
    }
    if (kGradient) {
        __syncthreads();
        tile.put(threadIdx.x, gradient);
        __syncthreads();
        tile.store(a.gradient(), a.d, firstRow, rows);
    }
}

// Each of the three passes has a loop of its own: its body is short.
template <int kCapacity, class Potential>
__device__ inline void repel_rows(const Repulsion<Potential>& a) {
    __shared__ RowTile<kCapacity> tile;
    __shared__ int classes[kRowThreads];
    if (a.partialGradients == nullptr) {
        repel_rows<kCapacity, true, false>(a, tile, classes);
    } else if (a.partialSums == nullptr) {
        repel_rows<kCapacity, false, true>(a, tile, classes);
    } else {
        repel_rows<kCapacity, true, true>(a, tile, classes);
    }
}

// Many features: blocks of kTile rows and, with a gradient, of one slice of kCapacity features of
// it (blockIdx.z). That slice is the last to go into the distances, so it lies in shared memory
// when the weights are known.
template <int kCapacity, class Potential>
__device__ inline void repel_tiles(const Repulsion<Potential>& a) {
    constexpr int kRows = kCapacity / 32;  // of the thread in the gradient
    __shared__ PointTile<kCapacity> rows;
    __shared__ PointTile<kCapacity> columns;
    __shared__ int classes[kTile];  // of the columns
    __shared__ WeightTile weights;
    const int gradientRow = threadIdx.x / PointTile<kCapacity>::kQuads * kRows;
    const int gradientFeature = threadIdx.x % PointTile<kCapacity>::kQuads * 4;
    const PairPlace place;
    const int firstRow = blockIdx.x * kTile;
    const bool real = firstRow + place.row < a.m;
    const int own = real ? a.class_of(firstRow + place.row) : 0;
    const int slices = (a.d - 1) / kCapacity + 1;

    float sum = 0;
    float4 gradient[kRows] = {};
    const int end = a.end_column();
    for (int first = a.first_column(); first < end; first += kTile) {
        float parts[4][4] = {};
        for (int step = 1; step <= slices; ++step) {
            const int feature = (blockIdx.z + step) % slices * kCapacity;
            __syncthreads();
            if (slices > 1 || first == a.first_column()) {
                rows.load(a.x, a.d, feature, firstRow, a.m);
            }
            columns.load(a.x, a.d, feature, first, end);
            if (threadIdx.x < kTile && first + threadIdx.x < end) {
                classes[threadIdx.x] = a.class_of(first + threadIdx.x);
            }
            __syncthreads();
            add_squares(place, rows, columns, a.d - feature, parts);
        }
        float squares[4];
        join_parts(place, parts, squares);
#pragma unroll
        for (int b = 0; b < 4; ++b) {
            const int column = place.column + 8 * b;
            const bool counts = real && first + column < end && classes[column] != own;
            weights.put(place, b, counts ? a.potential.slope(squares[b]) : 0);
            squares[b] = counts ? squares[b] : Potential::kNoPair;
        }
        if (a.partialSums != nullptr) {
            sum += a.potential.sum(squares);
        }
        if (a.partialGradients != nullptr) {
            __syncthreads();
            add_differences(rows, columns, weights, gradientRow, gradientFeature, gradient);
        }
    }
    if (a.partialSums != nullptr && blockIdx.z == 0) {
        a.put_sum(sum);
    }
    if (a.partialGradients != nullptr) {
        __syncthreads();
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
            rows.quad(gradientRow + r, gradientFeature) = gradient[r];
        }
        __syncthreads();
        rows.store(a.gradient(), a.d, blockIdx.z * kCapacity, firstRow, a.m);
    }
}

// gradient [size] is set to factor * (sum over splits of partials [splits, size]), or added to. One
// thread for each element.
__device__ inline void finish_gradient(const float* __restrict__ partials, int splits,
                                       long long size, float factor, int accumulate,
                                       float* __restrict__ gradient) {
    const long long at = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (at >= size) {
        return;
    }
    float sum = 0;
    for (int split = 0; split < splits; ++split) {
        sum += partials[split * size + at];
    }
    gradient[at] = accumulate ? fmaf(factor, sum, gradient[at]) : factor * sum;
}

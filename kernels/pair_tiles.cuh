// All pairs of points with many features, in tiles of 32 rows x 32 columns, blocks of 256 threads.
//
// Both sides of a tile lie in shared memory, kCapacity features at a time; with more features the
// distances add up over slices. Four neighbouring lanes share a micro-tile of 4 x 4 pairs: each
// takes every fourth pair of features, and at the end they exchange sums so that each keeps one row
// of the micro-tile. So 8 reads of shared memory serve 64 arithmetic instructions.
#pragma once

#include "common.cuh"

constexpr int kTile = 32;
constexpr int kTileThreads = 256;

// Up to 32 points in shared memory, kCapacity features of each.
template <int kCapacity>
struct PointTile {
    static constexpr int kQuads = kCapacity / 4;

    // Floats from a point to the next. With the padding, equal features of 8 neighbouring points
    // lie in different banks.
    static constexpr int kStride = kCapacity + 4;

    __align__(16) float values[kTile * kStride];

    __device__ const float2& pair(int row, int k) const {
        return *reinterpret_cast<const float2*>(values + row * kStride + k);
    }

    __device__ const float4& quad(int row, int k) const {
        return *reinterpret_cast<const float4*>(values + row * kStride + k);
    }

    __device__ float4& quad(int row, int k) {
        return *reinterpret_cast<float4*>(values + row * kStride + k);
    }

    // Reads features from `feature` on of the points first to end - 1 of x [., d]. What lies
    // outside is zero.
    __device__ void load(const float* __restrict__ x, int d, int feature, int first, int end) {
        if (d % 4 == 0) {
            const int k = threadIdx.x % kQuads * 4;
            for (int r = threadIdx.x / kQuads; r < kTile; r += kTileThreads / kQuads) {
                const bool inside = first + r < end && feature + k < d;
                const float* source = x + static_cast<size_t>(first + r) * d + feature + k;
                quad(r, k) = inside ? *reinterpret_cast<const float4*>(source) : float4{};
            }
        } else {
            // Points do not start where a vector may.
            const int k = threadIdx.x % kCapacity;
            for (int r = threadIdx.x / kCapacity; r < kTile; r += kTileThreads / kCapacity) {
                const bool inside = first + r < end && feature + k < d;
                const float* source = x + static_cast<size_t>(first + r) * d + feature + k;
                values[r * kStride + k] = inside ? *source : 0;
            }
        }
    }

    // Writes to features from `feature` on of the points first to end - 1 of x [., d].
    __device__ void store(float* __restrict__ x, int d, int feature, int first, int end) const {
        if (d % 4 == 0) {
            const int k = threadIdx.x % kQuads * 4;
            for (int r = threadIdx.x / kQuads; r < kTile; r += kTileThreads / kQuads) {
                if (first + r < end && feature + k < d) {
                    float* target = x + static_cast<size_t>(first + r) * d + feature + k;
                    *reinterpret_cast<float4*>(target) = quad(r, k);
                }
            }
        } else {
            const int k = threadIdx.x % kCapacity;
            for (int r = threadIdx.x / kCapacity; r < kTile; r += kTileThreads / kCapacity) {
                if (first + r < end && feature + k < d) {
                    x[static_cast<size_t>(first + r) * d + feature + k] = values[r * kStride + k];
                }
            }
        }
    }
};

// Where a thread stands in a tile of distances: it ends up with the four pairs of its row and the
// columns `column` + 8 b. A warp holds all 32 rows.
struct PairPlace {
    // First row of the micro-tile, which has every eighth. The 16 lanes that shared memory serves
    // at a time have four, 2 apart, so that their reads fill all banks.
    int firstRow = threadIdx.x / 4 % 4 * 2 + threadIdx.x / 16 % 2;
    int part = threadIdx.x % 4;
    int row = firstRow + 8 * part;
    int column = threadIdx.x / kWarpSize;
};

// Adds this lane's part of the squared distances of its micro-tile, over the first `features`
// features of the tiles.
template <int kCapacity>
__device__ inline void add_squares(const PairPlace& place, const PointTile<kCapacity>& rows,
                                   const PointTile<kCapacity>& columns, int features,
                                   float (&sums)[4][4]) {
#pragma unroll 2
    for (int start = 0; start < min(features, kCapacity); start += 8) {
        const int k = start + 2 * place.part;
        float2 r[4];
#pragma unroll
        for (int a = 0; a < 4; ++a) {
            r[a] = rows.pair(place.firstRow + 8 * a, k);
        }
#pragma unroll
        for (int b = 0; b < 4; ++b) {
            const float2 c = columns.pair(place.column + 8 * b, k);
#pragma unroll
            for (int a = 0; a < 4; ++a) {
                const float x = r[a].x - c.x;
                const float y = r[a].y - c.y;
                sums[a][b] = fmaf(x, x, fmaf(y, y, sums[a][b]));
            }
        }
    }
}

// Joins the parts of four lanes: squares[b] belongs to the thread's row and its b-th column.
__device__ inline void join_parts(const PairPlace& place, const float (&sums)[4][4],
                                  float (&squares)[4]) {
    const bool lower = place.part & 2;
    const bool odd = place.part & 1;
#pragma unroll
    for (int b = 0; b < 4; ++b) {
        float half[2];
#pragma unroll
        for (int a = 0; a < 2; ++a) {
            const float given = lower ? sums[a][b] : sums[a + 2][b];
            const float kept = lower ? sums[a + 2][b] : sums[a][b];
            half[a] = kept + __shfl_xor_sync(kAllLanes, given, 2);
        }
        const float given = odd ? half[0] : half[1];
        const float kept = odd ? half[1] : half[0];
        squares[b] = kept + __shfl_xor_sync(kAllLanes, given, 1);
    }
}

// Weights of the pairs of a tile, [column][row], so that a thread reads those of neighbouring rows
// at once.
struct WeightTile {
    __align__(16) float values[kTile * kTile];

    __device__ void put(const PairPlace& place, int b, float weight) {
        values[(place.column + 8 * b) * kTile + place.row] = weight;
    }

    template <int kRows>
    __device__ void get(int column, int firstRow, float (&weights)[kRows]) const {
        const float* source = values + column * kTile + firstRow;
        if constexpr (kRows == 4) {
            const float4 four = *reinterpret_cast<const float4*>(source);
            weights[0] = four.x;
            weights[1] = four.y;
            weights[2] = four.z;
            weights[3] = four.w;
        } else if constexpr (kRows == 2) {
            const float2 two = *reinterpret_cast<const float2*>(source);
            weights[0] = two.x;
            weights[1] = two.y;
        } else {
            weights[0] = *source;
        }
    }
};

// Adds sum_j w_ij (x_i - x_j), over the columns of a tile, to a thread's 4 features of kRows rows.
template <int kCapacity, int kRows>
__device__ inline void add_differences(const PointTile<kCapacity>& rows,
                                       const PointTile<kCapacity>& columns,
                                       const WeightTile& weights, int firstRow, int k,
                                       float4 (&gradient)[kRows]) {
    float4 own[kRows];
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
        own[r] = rows.quad(firstRow + r, k);
    }
#pragma unroll 4
    for (int j = 0; j < kTile; ++j) {
        const float4 other = columns.quad(j, k);
        float w[kRows];
        weights.get(j, firstRow, w);
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
            gradient[r].x = fmaf(w[r], own[r].x - other.x, gradient[r].x);
            gradient[r].y = fmaf(w[r], own[r].y - other.y, gradient[r].y);
            gradient[r].z = fmaf(w[r], own[r].z - other.z, gradient[r].z);
            gradient[r].w = fmaf(w[r], own[r].w - other.w, gradient[r].w);
        }
    }
}

// All pairs of points with few features, d <= kCapacity <= 16: a thread owns one row, its point in
// registers; the columns pass by in shared memory, where all threads read the same one.
#pragma once

constexpr int kRowThreads = 128;

// Up to kRowThreads points in shared memory; features from d to kCapacity are zero.
template <int kCapacity>
struct RowTile {
    static_assert(kCapacity == 2 || kCapacity == 4 || kCapacity == 16);

    // Of 16 features, two points fill all banks; 4 floats of padding behind them put the vector
    // reads of 8 neighbouring points in different banks.
    static constexpr int kPadding = kCapacity < 16 ? 0 : 4;
    static constexpr int kFloats = kRowThreads * kCapacity + kRowThreads / 2 * kPadding;

    __align__(16) float values[kFloats];

    __device__ static int offset(int row) { return row * kCapacity + row / 2 * kPadding; }

    __device__ void clear() {
        for (int t = threadIdx.x; t < kFloats; t += kRowThreads) {
            values[t] = 0;
        }
    }

    // Reads `count` points of x [., d] from `first` on. A warp's addresses lie side by side.
    __device__ void load(const float* __restrict__ x, int d, int first, int count) {
        const float* source = x + static_cast<size_t>(first) * d;
#pragma unroll 1  // registers are dear
        for (int t = threadIdx.x; t < count * d; t += kRowThreads) {
            values[offset(t / d) + t % d] = source[t];
        }
    }

    __device__ void store(float* __restrict__ x, int d, int first, int count) const {
        float* target = x + static_cast<size_t>(first) * d;
        for (int t = threadIdx.x; t < count * d; t += kRowThreads) {
            target[t] = values[offset(t / d) + t % d];
        }
    }

    __device__ void get(int row, float (&point)[kCapacity]) const {
        const float* source = values + offset(row);
        if constexpr (kCapacity == 2) {
            const float2 pair = *reinterpret_cast<const float2*>(source);
            point[0] = pair.x;
            point[1] = pair.y;
        } else {
#pragma unroll
            for (int k = 0; k < kCapacity; k += 4) {
                const float4 quad = *reinterpret_cast<const float4*>(source + k);
                point[k] = quad.x;
                point[k + 1] = quad.y;
                point[k + 2] = quad.z;
                point[k + 3] = quad.w;
            }
        }
    }

    __device__ void put(int row, const float (&point)[kCapacity]) {
        float* target = values + offset(row);
        if constexpr (kCapacity == 2) {
            *reinterpret_cast<float2*>(target) = make_float2(point[0], point[1]);
        } else {
#pragma unroll
            for (int k = 0; k < kCapacity; k += 4) {
                *reinterpret_cast<float4*>(target + k) =
                    make_float4(point[k], point[k + 1], point[k + 2], point[k + 3]);
            }
        }
    }
};

// Replaces `other` by point - other and returns the squared length of that.
template <int kCapacity>
__device__ inline float subtract_from(const float (&point)[kCapacity], float (&other)[kCapacity]) {
    float square = 0;
#pragma unroll
    for (int k = 0; k < kCapacity; ++k) {
        other[k] = point[k] - other[k];
        square = fmaf(other[k], other[k], square);
    }
    return square;
}

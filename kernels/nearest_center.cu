// For each sample the class whose center is nearest, the lowest index among equals:
//
//     prediction_i = argmin_j s_ij,  squaredDistance_i = min_j s_ij,  s_ij = sum_k (x_ik - c_jk)^2
//
// A distance that is not a number is never smaller than another; where that to center 0 is none,
// class 0 is predicted, as a search that starts there and moves to smaller distances does.
//
// Shapes: x [m, d]; centers [C, d]; prediction, squaredDistance [m]; distances, indices
// [splits, m]: the nearest among the centers of a split.
//
// nearest_center_d4, _d16 (d up to that; see pair_rows.cuh)
//     (ceil(m / 128), splits) blocks of 128 threads, a thread for each sample.
// nearest_center_d128 (any d; see pair_tiles.cuh)
//     (ceil(m / 32), splits) blocks of 256 threads.
// nearest_center_finish
//     ceil(m / 256) blocks of 256 threads: the nearest among the splits.
//
// Bytes, with R samples to a block: 4*d * (m * splits + C * m/R) read, 8*m * splits written and
// read again. Operations: 3*d per pair.
//
// Naive variant: one thread per pair (nearest_center_pairs_naive) writes all distances [m, C], one
// per sample (.._rows_naive) looks for the smallest.

#include "pair_rows.cuh"
#include "pair_tiles.cuh"

// The nearest center so far.
struct Nearest {
    float distance = __int_as_float(0x7f800000);  // infinite
    int index = 0;

    // In any order: of equals the lower index, and center 0 where its distance is no number.
    __device__ void take(float other, int otherIndex) {
        if (other < distance || (other == distance && otherIndex < index) ||
            (otherIndex == 0 && isnan(other))) {
            distance = other;
            index = otherIndex;
        }
    }
};

template <int kCapacity>
__device__ inline void nearest_rows(const float* __restrict__ x, const float* __restrict__ centers,
                                    int m, int d, int classes, int centersPerSplit,
                                    float* __restrict__ distances, int* __restrict__ indices) {
    __shared__ RowTile<kCapacity> tile;
    const int firstRow = blockIdx.x * kRowThreads;
    const int rows = min(kRowThreads, m - firstRow);
    tile.clear();
    __syncthreads();
    tile.load(x, d, firstRow, rows);
    __syncthreads();
    float point[kCapacity];
    tile.get(threadIdx.x, point);
    Nearest nearest;
    const int begin = blockIdx.y * centersPerSplit;
    const int end = min(classes, begin + centersPerSplit);
    for (int first = begin; first < end; first += kRowThreads) {
        const int columns = min(kRowThreads, end - first);
        __syncthreads();
        tile.load(centers, d, first, columns);
        __syncthreads();
        for (int j = 0; j < columns; ++j) {
            float difference[kCapacity];
            tile.get(j, difference);
            nearest.take(subtract_from(point, difference), first + j);
        }
    }
    if (threadIdx.x < rows) {
        const size_t at = static_cast<size_t>(blockIdx.y) * m + firstRow + threadIdx.x;
        distances[at] = nearest.distance;
        indices[at] = nearest.index;
    }
}

extern "C" __global__ void __launch_bounds__(kRowThreads, 8)
    nearest_center_d4(const float* __restrict__ x, const float* __restrict__ centers, int m, int d,
                      int classes, int centersPerSplit, float* __restrict__ distances,
                      int* __restrict__ indices) {
    nearest_rows<4>(x, centers, m, d, classes, centersPerSplit, distances, indices);
}

extern "C" __global__ void __launch_bounds__(kRowThreads, 8)
    nearest_center_d16(const float* __restrict__ x, const float* __restrict__ centers, int m, int d,
                       int classes, int centersPerSplit, float* __restrict__ distances,
                       int* __restrict__ indices) {
    nearest_rows<16>(x, centers, m, d, classes, centersPerSplit, distances, indices);
}

extern "C" __global__ void __launch_bounds__(kTileThreads, 4)
    nearest_center_d128(const float* __restrict__ x, const float* __restrict__ centers, int m,
                        int d, int classes, int centersPerSplit, float* __restrict__ distances,
                        int* __restrict__ indices) {
    constexpr int kCapacity = 128;
    __shared__ PointTile<kCapacity> rows;
    __shared__ PointTile<kCapacity> columns;
    __shared__ float distanceOf[kTileThreads / kWarpSize][kTile];
    __shared__ int indexOf[kTileThreads / kWarpSize][kTile];
    const PairPlace place;
    const int firstRow = blockIdx.x * kTile;
    const int begin = blockIdx.y * centersPerSplit;
    const int end = min(classes, begin + centersPerSplit);
    Nearest nearest;
    for (int first = begin; first < end; first += kTile) {
        float parts[4][4] = {};
        for (int feature = 0; feature < d; feature += kCapacity) {
            __syncthreads();
            if (d > kCapacity || first == begin) {
                rows.load(x, d, feature, firstRow, m);
            }
            columns.load(centers, d, feature, first, end);
            __syncthreads();
            add_squares(place, rows, columns, d - feature, parts);
        }
        float squares[4];
        join_parts(place, parts, squares);
        for (int b = 0; b < 4; ++b) {
            const int j = first + place.column + 8 * b;
            if (j < end) {
                nearest.take(squares[b], j);
            }
        }
    }
    // Each warp has every eighth center of every row.
    distanceOf[place.column][place.row] = nearest.distance;
    indexOf[place.column][place.row] = nearest.index;
    __syncthreads();
    if (threadIdx.x < kTile && firstRow + threadIdx.x < m) {
        Nearest best;
        for (int warp = 0; warp < kTileThreads / kWarpSize; ++warp) {
            best.take(distanceOf[warp][threadIdx.x], indexOf[warp][threadIdx.x]);
        }
        const size_t at = static_cast<size_t>(blockIdx.y) * m + firstRow + threadIdx.x;
        distances[at] = best.distance;
        indices[at] = best.index;
    }
}

extern "C" __global__ void __launch_bounds__(256)
    nearest_center_finish(const float* __restrict__ distances, const int* __restrict__ indices,
                          int splits, int m, int* __restrict__ prediction,
                          float* __restrict__ squaredDistance) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= m) {
        return;
    }
    Nearest best;
    for (int split = 0; split < splits; ++split) {
        const size_t at = static_cast<size_t>(split) * m + i;
        best.take(distances[at], indices[at]);
    }
    prediction[i] = best.index;
    squaredDistance[i] = best.distance;
}

// Launch: ceil(m * C / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    nearest_center_pairs_naive(const float* __restrict__ x, const float* __restrict__ centers,
                               int m, int d, int classes, float* __restrict__ distances) {
    const size_t pair = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (pair >= static_cast<size_t>(m) * classes) {
        return;
    }
    float s = 0;
    for (int k = 0; k < d; ++k) {
        const float difference = x[pair / classes * d + k] - centers[pair % classes * d + k];
        s += difference * difference;
    }
    distances[pair] = s;
}

// Launch: ceil(m / 256) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(256)
    nearest_center_rows_naive(const float* __restrict__ distances, int m, int classes,
                              int* __restrict__ prediction, float* __restrict__ squaredDistance) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= m) {
        return;
    }
    const float* row = distances + static_cast<size_t>(i) * classes;
    int nearest = 0;
    for (int j = 1; j < classes; ++j) {
        if (row[j] < row[nearest]) {
            nearest = j;
        }
    }
    prediction[i] = nearest;
    squaredDistance[i] = row[nearest];
}

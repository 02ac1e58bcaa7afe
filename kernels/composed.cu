// The element-wise passes of the losses as PyTorch code composes them around library products: whole
// matrices of distances, values and weights [rows, columns], each pass reading and writing all of
// one. They are kept to be compared with the fused kernels.
//
//     distance_ij = |a_i|^2 + |b_j|^2 - 2 a_i . b_j, not below 0
//
// The difference of large numbers loses digits far from the origin, which direct differences do not.
// Products, row sums and column sums are cuBLAS's.
//
// composed_norms             norms_i = |a_i|^2, a warp for a row: ceil(rows / 8) blocks
// composed_distances         products a_i . b_j, in place
// composed_map               of a distance s by function: 0 log(1 + s); 1 1 / (1 + s);
//                            2 min(s, parameter); 3 1 where s < parameter, else 0; 4 exp(parameter * s).
//                            The source may be the result.
// composed_mask              keeps the pairs of different labels; where columnLabels is null, those
//                            whose column has the number of the row's label. Else 0. The source may
//                            be the result; null stands for ones.
// composed_no_class          sums_i = NaN where the row's label is no column; a thread for a row
// composed_gradient          result_ik (+)= factor * (sums_i * a_ik - products_ik)
// composed_arg_min_warp, _block   the row's smallest distance, the lowest column among equals
// composed_center_step       c_jk -= alpha * (n_j * c_jk - sums_jk) / (1 + n_j)
//
// Launch: 256 threads; a thread for an element where nothing else is said. Bytes: 4 for each element
// that is read or written; one to four operations each.

#include "rows.cuh"

__device__ inline long long element() {
    return static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    composed_norms(const float* __restrict__ a, int rows, int d, float* __restrict__ norms) {
    using Team = RowTeam<kWarpSize>;
    const int row = Team::row();
    float sum = 0;
    for (int k = Team::member(); row < rows && k < d; k += kWarpSize) {
        const float value = a[static_cast<size_t>(row) * d + k];
        sum = fmaf(value, value, sum);
    }
    sum = Team::sum(sum);
    if (row < rows && Team::member() == 0) {
        norms[row] = sum;
    }
}

extern "C" __global__ void __launch_bounds__(256)
    composed_distances(const float* __restrict__ rowNorms, const float* __restrict__ columnNorms,
                       int rows, int columns, float* __restrict__ matrix) {
    const long long at = element();
    if (at >= static_cast<long long>(rows) * columns) {
        return;
    }
    const float s = rowNorms[at / columns] + columnNorms[at % columns] - 2 * matrix[at];
    matrix[at] = s < 0 ? 0 : s;
}

extern "C" __global__ void __launch_bounds__(256)
    composed_map(const float* source, long long size, int function, float parameter,
                 float* result) {
    const long long at = element();
    if (at < size) {
        const float s = source[at];
        result[at] = function == 0   ? log1pf(s)
                     : function == 1 ? 1 / (1 + s)
                     : function == 2 ? (s > parameter ? parameter : s)
                     : function == 3 ? (s < parameter ? 1 : 0)
                                     : expf(parameter * s);
    }
}

extern "C" __global__ void __launch_bounds__(256)
    composed_mask(const float* source, const int* __restrict__ rowLabels,
                  const int* __restrict__ columnLabels, int rows, int columns, float* result) {
    const long long at = element();
    if (at >= static_cast<long long>(rows) * columns) {
        return;
    }
    const int label = rowLabels[at / columns];
    const int column = static_cast<int>(at % columns);
    const bool kept = columnLabels == nullptr ? label == column : label != columnLabels[column];
    result[at] = kept ? (source == nullptr ? 1 : source[at]) : 0;
}

extern "C" __global__ void __launch_bounds__(256)
    composed_no_class(const int* __restrict__ labels, int rows, int columns,
                      float* __restrict__ sums) {
    const long long row = element();
    if (row < rows && (labels[row] < 0 || labels[row] >= columns)) {
        sums[row] = nanf("");
    }
}

extern "C" __global__ void __launch_bounds__(256)
    composed_gradient(const float* __restrict__ a, const float* __restrict__ sums,
                      const float* __restrict__ products, int rows, int d, float factor,
                      int accumulate, float* __restrict__ result) {
    const long long at = element();
    if (at < static_cast<long long>(rows) * d) {
        const float term = factor * (sums[at / d] * a[at] - products[at]);
        result[at] = accumulate ? result[at] + term : term;
    }
}

struct Nearest {
    float distance;
    int column;
};

__device__ inline Nearest shuffle_xor(Nearest nearest, int offset) {
    return {__shfl_xor_sync(kAllLanes, nearest.distance, offset),
            __shfl_xor_sync(kAllLanes, nearest.column, offset)};
}

template <int kMembers>
__device__ inline void arg_min(const float* __restrict__ distances, int rows, int columns,
                               int* __restrict__ prediction, float* __restrict__ smallest) {
    using Team = RowTeam<kMembers>;
    const int row = Team::row();
    Nearest best = {INFINITY, columns};
    for (int j = Team::member(); row < rows && j < columns; j += kMembers) {
        const float s = distances[static_cast<size_t>(row) * columns + j];
        if (best.column == columns || s < best.distance) {
            best = {s, j};
        }
    }
    best = Team::reduce(best, [](Nearest a, Nearest b) {
        return a.distance < b.distance || (a.distance == b.distance && a.column < b.column) ? a : b;
    });
    if (row < rows && Team::member() == 0) {
        prediction[row] = best.column;
        smallest[row] = best.distance;
    }
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    composed_arg_min_warp(const float* __restrict__ distances, int rows, int columns,
                          int* __restrict__ prediction, float* __restrict__ smallest) {
    arg_min<kWarpSize>(distances, rows, columns, prediction, smallest);
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    composed_arg_min_block(const float* __restrict__ distances, int rows, int columns,
                           int* __restrict__ prediction, float* __restrict__ smallest) {
    arg_min<kRowThreads>(distances, rows, columns, prediction, smallest);
}

extern "C" __global__ void __launch_bounds__(256)
    composed_center_step(const float* __restrict__ counts, const float* __restrict__ sums,
                         int classes, int d, float alpha, float* __restrict__ centers) {
    const long long at = element();
    if (at < static_cast<long long>(classes) * d) {
        const float count = counts[at / d];
        centers[at] -= alpha * (count * centers[at] - sums[at]) / (1 + count);
    }
}

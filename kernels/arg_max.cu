// prediction_i = the index of the largest of z_i0 ... z_i,C-1, the lowest among equals.
//
// As the plain loop "if z_ij > z_i,best then best = j" has it: a value that is not a number is never
// larger than another, and none is larger than a z_i0 that is not a number.
//
// Shapes: logits [m, C]; prediction [m].
//
// arg_max_warp     a warp per row, ceil(m / 8) blocks of 256 threads: short rows
// arg_max_block    a block per row, m blocks of 256 threads: rows above 1024
//
// Reads 4*m*C bytes, writes 4*m; m*C comparisons.

#include "rows.cuh"

struct Candidate {
    float value;
    int index;
};

__device__ inline Candidate shuffle_xor(Candidate candidate, int offset) {
    return {__shfl_xor_sync(kAllLanes, candidate.value, offset),
            __shfl_xor_sync(kAllLanes, candidate.index, offset)};
}

template <int kMembers>
__device__ inline void arg_max(const float* __restrict__ logits, int m, int classes,
                               int* __restrict__ prediction) {
    using Team = RowTeam<kMembers>;
    const int row = Team::row();
    const float* z = logits + static_cast<size_t>(row < m ? row : 0) * classes;
    Candidate best = {-INFINITY, classes};
    for (int j = Team::member(); row < m && j < classes; j += kMembers) {
        const float logit = z[j];
        const float value = isnan(logit) ? (j == 0 ? INFINITY : -INFINITY) : logit;
        if (best.index == classes || value > best.value) {
            best = {value, j};
        }
    }
    best = Team::reduce(best, [](Candidate a, Candidate b) {
        return a.value > b.value || (a.value == b.value && a.index < b.index) ? a : b;
    });
    if (row < m && Team::member() == 0) {
        prediction[row] = best.index;
    }
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    arg_max_warp(const float* __restrict__ logits, int m, int classes,
                 int* __restrict__ prediction) {
    arg_max<kWarpSize>(logits, m, classes, prediction);
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    arg_max_block(const float* __restrict__ logits, int m, int classes,
                  int* __restrict__ prediction) {
    arg_max<kRowThreads>(logits, m, classes, prediction);
}

// Mean softmax cross-entropy and its gradient:
//
//     loss = (1/m) sum_i (log sum_j exp z_ij - z_iy),    y = y_i
//     dLogits_ij = factor * (softmax_ij - [j = y_i]),    factor = scale / m
//
// With the row's maximum subtracted. The label's own term is kept apart from the rest of the sum,
// R = sum_{j != y} exp(z_ij - max): where the label's logit is the maximum, loss_i = log1p(R), and
// dLogits_iy = -factor * R / sum always. So nothing cancels where the right class is nearly certain.
// A logit that is not a number, or a label outside [0, C), makes the loss NaN.
//
// Shapes: logits, dLogits [m, C]; labels [m]; dLogits may be null (loss only). `losses` gets one
// partial sum per block, which sum_partials adds up and divides by m.
//
// softmax_cross_entropy_warp     a warp per row, ceil(m / 8) blocks of 256 threads: short rows
// softmax_cross_entropy_block    a block per row, m blocks of 256 threads: rows above 1024
//
// Every thread keeps a running maximum and the sum relative to it (Milakov and Gimelshein 2018), so
// the loss reads the logits once and the gradient a second time. Bytes: 4*m*C for the loss,
// 12*m*C with gradient. Operations: about 20*m*C for each exponential.

#include "rows.cuh"

// Returns the row's loss to member 0 and 0 to the others.
template <typename Team, int kMembers>
__device__ inline float softmax_row(const float* __restrict__ logits, int label, int classes,
                                    float factor, float* __restrict__ dLogits, bool present) {
    const int end = present ? classes : 0;
    const bool known = label >= 0 && label < end;
    const float own = known ? logits[label] : nanf("");
    // Not below the smallest number: infinities must not be subtracted from each other.
    float largest = fmaxf(own, -FLT_MAX);
    float rest = 0;
    for (int j = Team::member(); j < end; j += kMembers) {
        const float logit = logits[j];
        if (logit > largest) {
            rest *= expf(largest - logit);
            largest = logit;
        }
        if (j != label) {
            rest += expf(logit - largest);
        }
    }
    const float maximum = Team::maximum(largest);
    rest = Team::sum(rest * expf(largest - maximum));
    const float sum = rest + expf(own - maximum);
    if (dLogits != nullptr) {
        const float scale = factor / sum;
        for (int j = Team::member(); j < end; j += kMembers) {
            dLogits[j] = scale * (j == label ? -rest : expf(logits[j] - maximum));
        }
    }
    if (!present || Team::member() > 0) {
        return 0;
    }
    return own == maximum ? log1pf(rest) : logf(sum) + (maximum - own);
}

template <int kMembers>
__device__ inline void softmax_cross_entropy(const float* __restrict__ logits,
                                             const int* __restrict__ labels, int m, int classes,
                                             float factor, float* __restrict__ dLogits,
                                             float* __restrict__ losses) {
    using Team = RowTeam<kMembers>;
    const int row = Team::row();
    const bool present = row < m;
    const size_t offset = present ? static_cast<size_t>(row) * classes : 0;
    const int label = present ? labels[row] : 0;
    float loss = softmax_row<Team, kMembers>(logits + offset, label, classes, factor,
                                             dLogits == nullptr ? nullptr : dLogits + offset,
                                             present);
    loss = block_sum(loss);
    if (threadIdx.x == 0) {
        losses[blockIdx.x] = loss;
    }
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    softmax_cross_entropy_warp(const float* __restrict__ logits, const int* __restrict__ labels,
                               int m, int classes, float factor, float* __restrict__ dLogits,
                               float* __restrict__ losses) {
    softmax_cross_entropy<kWarpSize>(logits, labels, m, classes, factor, dLogits, losses);
}

extern "C" __global__ void __launch_bounds__(kRowThreads)
    softmax_cross_entropy_block(const float* __restrict__ logits, const int* __restrict__ labels,
                                int m, int classes, float factor, float* __restrict__ dLogits,
                                float* __restrict__ losses) {
    softmax_cross_entropy<kRowThreads>(logits, labels, m, classes, factor, dLogits, losses);
}

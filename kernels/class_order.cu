// Sorts samples by class: samples in the order of their labels, equal labels in the order of the
// samples, so that a class is a run of neighbouring positions. order[position] holds
//
//     x = sample    y = first position of its class    z = position after its last    w = label
//
// Sorted by counting ranks: for sample i, with label y_i,
//
//     y = #{j : y_j < y_i}    z = #{j : y_j <= y_i}
//     position = #{j < i : y_j <= y_i} + #{j > i : y_j < y_i}
//
// m * m pairs of integer comparisons: little beside a batch's other work, without atomics, and
// neither time nor memory depends on the number of classes. Labels may be any integers.
//
// Shapes: labels [m], order [m], aligned to 16 bytes.
// Launch: ceil(m / 32) blocks of 256 threads. Each warp holds the block's 32 samples, one per lane,
// and counts an eighth of the labels, in groups of 32 from a tile in shared memory; all lanes read
// the same label. Only the samples' own group needs to look at indices. Reads 4 * m bytes a block.
// Writes 16 * m in scattered places: the four numbers of a position lie together.

#include "common.cuh"

constexpr int kGroup = kWarpSize;
constexpr int kParts = 8;
constexpr int kThreads = kParts * kWarpSize;
constexpr int kTile = 1024;
constexpr int kLargestLabel = 0x7fffffff;

extern "C" __global__ void __launch_bounds__(kThreads)
    class_order(const int* __restrict__ labels, int m, int4* __restrict__ order) {
    __shared__ alignas(int4) int tile[kTile];
    __shared__ int3 counts[kParts][kGroup];
    const int lane = threadIdx.x % kWarpSize;
    const int part = threadIdx.x / kWarpSize;
    const int firstSample = blockIdx.x * kGroup;
    const int sample = firstSample + lane;
    const int label = sample < m ? labels[sample] : 0;
    int less = 0;
    int lessOrEqual = 0;
    int position = 0;
    for (int base = 0; base < m; base += kTile) {
        const int length = min(kTile, (m - base + kGroup - 1) / kGroup * kGroup);
        __syncthreads();
        for (int t = threadIdx.x; t < length; t += kThreads) {
            // Behind the last label, one that counts as less than none.
            tile[t] = t < m - base ? labels[base + t] : kLargestLabel;
        }
        __syncthreads();
        for (int start = part * kGroup; start < length; start += kThreads) {
            int groupLess = 0;
            int groupLessOrEqual = 0;
            for (int t = start; t < start + kGroup; t += 4) {
                const int4 four = *reinterpret_cast<const int4*>(&tile[t]);
                groupLess += (four.x < label) + (four.y < label) + (four.z < label) +
                             (four.w < label);
                groupLessOrEqual += (four.x <= label) + (four.y <= label) + (four.z <= label) +
                                    (four.w <= label);
            }
            less += groupLess;
            lessOrEqual += groupLessOrEqual;
            position += base + start < firstSample ? groupLessOrEqual : groupLess;
            for (int t = 0; base + start == firstSample && t < lane; ++t) {
                position += tile[start + t] == label;
            }
        }
    }
    counts[part][lane] = make_int3(less, lessOrEqual, position);
    __syncthreads();
    if (part == 0 && sample < m) {
        for (int other = 1; other < kParts; ++other) {
            less += counts[other][lane].x;
            lessOrEqual += counts[other][lane].y;
            position += counts[other][lane].z;
        }
        // What fills up the last tile is equal to the largest label.
        order[position] = make_int4(sample, less, min(lessOrEqual, m), label);
    }
}

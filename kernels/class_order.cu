// Sorts samples by class: samples in the order of their labels, equal labels in the order of the
// samples, so that a class is a run of neighbouring positions. order[position] holds
//
//     x = sample    y = first position of its class    z = position after its last    w = label
//
// Sorted by counting ranks: for sample i, with label y_i,
//
//     y = #{j : y_j < y_i}    position = y + #{j < i : y_j = y_i}    z = y + #{j : y_j = y_i}
//
// m * m integer comparisons: far less than a batch's other work, without atomics, and neither time
// nor memory depends on the number of classes. Labels may be any integers.
//
// Shapes: labels [m], order [m], aligned to 16 bytes.
// Launch: ceil(m / 64) blocks of 256 threads. 64 samples a block; tiles of 1024 labels go through
// shared memory, and each of 4 threads of a sample counts a quarter of a tile (all lanes of a warp
// read the same label). Reads 4 * m bytes a block, writes 16 * m: the four numbers of a position
// lie together because positions are scattered.

constexpr int kSamples = 64;
constexpr int kParts = 4;
constexpr int kThreads = kSamples * kParts;
constexpr int kTile = 1024;

extern "C" __global__ void __launch_bounds__(kThreads)
    class_order(const int* __restrict__ labels, int m, int4* __restrict__ order) {
    __shared__ int tile[kTile];
    __shared__ int less[kParts][kSamples];
    __shared__ int equal[kParts][kSamples];
    __shared__ int equalBefore[kParts][kSamples];
    const int own = threadIdx.x % kSamples;
    const int part = threadIdx.x / kSamples;
    const int sample = blockIdx.x * kSamples + own;
    const int label = sample < m ? labels[sample] : 0;
    int lessCount = 0;
    int equalCount = 0;
    int equalBeforeCount = 0;
    for (int base = 0; base < m; base += kTile) {
        const int length = min(kTile, m - base);
        __syncthreads();
        for (int t = threadIdx.x; t < length; t += kThreads) {
            tile[t] = labels[base + t];
        }
        __syncthreads();
        const int end = min(length, (part + 1) * (kTile / kParts));
        for (int t = part * (kTile / kParts); t < end; ++t) {
            const int other = tile[t];
            lessCount += other < label;
            equalCount += other == label;
            equalBeforeCount += other == label && base + t < sample;
        }
    }
    less[part][own] = lessCount;
    equal[part][own] = equalCount;
    equalBefore[part][own] = equalBeforeCount;
    __syncthreads();
    if (part == 0 && sample < m) {
        for (int other = 1; other < kParts; ++other) {
            lessCount += less[other][own];
            equalCount += equal[other][own];
            equalBeforeCount += equalBefore[other][own];
        }
        order[lessCount + equalBeforeCount] =
            make_int4(sample, lessCount, lessCount + equalCount, label);
    }
}

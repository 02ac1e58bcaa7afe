// Cuts a batch out of the images that are resident on the device: gather by an index list, flip,
// rotation, crop, bytes to floats in [0, 1]. The draws and their order are those of
// org.centerloss.device.Augmentation; source coordinates are in double, so that every device
// interpolates between the same pixels with the same weights.
//
// Shapes: storePixels: [count, channels, height, width] bytes; storeLabels: [count];
//     order: [count], of which the first state.length count; images: [batch, channels,
//     height, width]; labels: [batch]. Slots past the end repeat the last entry.
// Launch: image_batches_next: 256 neighbouring pixels of one image a block, one thread for a
//     pixel of every channel; ceil(height · width / 256) blocks an image. One thread of a
//     block draws, the others read its shared memory.
//     image_batches_advance: one thread, after it, because no block of the first may move
//     the position that another still has to read.
// Bytes: 5 · batch · channels · height · width: writes are coalesced, reads are gathered, and a
//     pixel's four neighbours come from the cache.
// Operations: about 12 in double a rotated pixel, 8 in float for each of its channels.

#include "philox.cuh"

static constexpr int kThreads = 256;

// In device memory, so that a recorded graph moves on by itself. ImageBatchesKernel writes it.
struct Position {
    int epoch;
    int next;
    int length;
};

struct Image {
    const unsigned char* pixels;  // of one channel
    int height;
    int width;
    bool flip;

    // A byte of the flipped image; 0 outside.
    __device__ float at(int row, int column) const {
        if (row < 0 || row >= height || column < 0 || column >= width) {
            return 0.0f;
        }
        return pixels[static_cast<long long>(row) * width + (flip ? width - 1 - column : column)];
    }

    // Between four neighbours, `below` and `right` of the first by less than 1.
    __device__ float between(int row, int column, float below, float right) const {
        float upper = (1 - right) * at(row, column) + right * at(row, column + 1);
        float lower = (1 - right) * at(row + 1, column) + right * at(row + 1, column + 1);
        return (1 - below) * upper + below * lower;
    }
};

// What is drawn for one image in one epoch.
struct Change {
    double sine;
    double cosine;
    int sample;
    int down;
    int right;
    bool flip;
};

__device__ Change draw(int sample, int epoch, long long seed, int flip, double maxDegrees,
                       int padding) {
    uint4 words = philox(seed, make_uint4(0, sample, epoch, kPhiloxAugmentation));
    Change change;
    double halfTurns = (2 * (words.y * 0x1p-32) - 1) * maxDegrees / 180;
    sincospi(halfTurns, &change.sine, &change.cosine);
    change.sample = sample;
    // floor(u · n) for u = word · 2^-32 is the upper half of the product.
    change.right = static_cast<int>(__umulhi(words.z, 2 * padding + 1)) - padding;
    change.down = static_cast<int>(__umulhi(words.w, 2 * padding + 1)) - padding;
    change.flip = flip != 0 && words.x < 0x80000000u;
    return change;
}

extern "C" __global__ void __launch_bounds__(kThreads)
    image_batches_next(const unsigned char* storePixels, const int* storeLabels, const int* order,
                       const Position* position, float* images, int* labels, int batch,
                       int channels, int height, int width, long long seed, int flip,
                       double maxDegrees, int padding) {
    __shared__ Change change;
    int size = height * width;
    int blocksPerImage = (size - 1) / kThreads + 1;
    int slot = static_cast<int>(blockIdx.x) / blocksPerImage;
    int part = static_cast<int>(blockIdx.x) % blocksPerImage;
    if (slot >= batch) {
        return;
    }
    if (threadIdx.x == 0) {
        int left = position->length - 1 - position->next;
        int entry = slot < left ? position->next + slot : position->length - 1;
        int sample = order[entry];
        change = draw(sample, position->epoch, seed, flip, maxDegrees, padding);
        if (part == 0) {
            labels[slot] = storeLabels[sample];
        }
    }
    __syncthreads();
    int pixel = part * kThreads + static_cast<int>(threadIdx.x);
    if (pixel >= size) {
        return;
    }
    int row = pixel / width + change.down;
    int column = pixel % width + change.right;
    bool inside = row >= 0 && row < height && column >= 0 && column < width;
    float below = 0.0f;
    float right = 0.0f;
    bool rotated = maxDegrees > 0;
    if (rotated) {
        double middleX = 0.5 * (width - 1);
        double middleY = 0.5 * (height - 1);
        double fromX = column - middleX;
        double fromY = row - middleY;
        double x = change.cosine * fromX - change.sine * fromY + middleX;
        double y = change.sine * fromX + change.cosine * fromY + middleY;
        column = static_cast<int>(floor(x));
        row = static_cast<int>(floor(y));
        right = static_cast<float>(x - column);
        below = static_cast<float>(y - row);
    }
    for (int channel = 0; channel < channels; channel++) {
        long long source = (static_cast<long long>(change.sample) * channels + channel) * size;
        Image image{storePixels + source, height, width, change.flip};
        float value = 0.0f;
        if (inside) {
            value = rotated ? image.between(row, column, below, right) : image.at(row, column);
        }
        images[(static_cast<long long>(slot) * channels + channel) * size + pixel] = value / 255.0f;
    }
}

extern "C" __global__ void __launch_bounds__(32)
    image_batches_advance(Position* position, int batch) {
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        int left = position->length - position->next;
        position->next = batch < left ? position->next + batch : position->length;
    }
}

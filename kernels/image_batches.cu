// Cuts a batch out of the images that are resident on the device: gather by an index list, resized
// crop, shift, rotation, flip, bytes to floats in [0, 1], brightness, contrast. The draws and their
// order are those of org.centerloss.device.op.Augmentation; source coordinates are in double, so that
// every device interpolates between the same pixels with the same weights.
//
// Shapes: storePixels: [count, channels, height, width] bytes; storeLabels: [count];
//     order: [count], of which the first position.length count; images: [batch, channels,
//     height, width]; labels, changes: [batch]. Slots past the end repeat the last entry.
//     grays: one sum for each block of image_batches_next, with contrast alone.
// Launch: image_batches_draw: one block, one thread for every 256th image, because whoever moves
//     the position on must know that all others have read it.
//     image_batches_next: 256 neighbouring pixels of one image a block, one thread for a pixel of
//     every channel; ceil(height · width / 256) blocks an image. With contrast a block also
//     leaves the sum of its pixels' gray values.
//     image_batches_contrast: the same blocks, with contrast alone: each adds up its image's sums
//     in double, in a fixed order, and blends its pixels with their mean.
// Bytes: 5 · batch · channels · height · width: writes are coalesced, reads are gathered, and a
//     pixel's four neighbours come from the cache. Contrast moves 8 · batch · channels ·
//     height · width more, and each block 4 for every block of its image.
// Operations: about 18 in double a rotated pixel, 14 a cropped one, 8 in float for each of their
//     channels; brightness and contrast 8 in float a pixel and channel.

#include "common.cuh"
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

// A window along one axis, as shares of the image's length.
struct Span {
    double share = 1;
    double start = 0;

    // Where a pixel of the window lies in an image of that length.
    __device__ double place(int pixel, int length) const {
        return fmax(0.0, fmin(length - 1.0, (pixel + 0.5) * share + start * length - 0.5));
    }
};

// What is drawn for one image in one epoch. Without padding, since it is copied whole.
struct Change {
    double sine;
    double cosine;
    Span across;
    Span along;
    int sample;
    int down;
    int right;
    float brightness;
    float contrast;
    int flip;
};
static_assert(sizeof(Change) == 72, "as ImageBatchesKernel.CHANGE_BYTES");

__device__ double uniform(unsigned word) {
    return word * 0x1p-32;
}

// 1 ± most
__device__ float factor(unsigned word, double most) {
    return static_cast<float>(1 + (2 * uniform(word) - 1) * most);
}

__device__ Change draw(int sample, int epoch, long long seed, int flip, double maxDegrees,
                       int padding, double minScale, double maxRatio, double brightness,
                       double contrast) {
    uint4 words = philox(seed, make_uint4(0, sample, epoch, kPhiloxAugmentation));
    Change change;
    double halfTurns = (2 * uniform(words.y) - 1) * maxDegrees / 180;
    sincospi(halfTurns, &change.sine, &change.cosine);
    change.sample = sample;
    // floor(u · n) for u = word · 2^-32 is the upper half of the product.
    change.right = static_cast<int>(__umulhi(words.z, 2 * padding + 1)) - padding;
    change.down = static_cast<int>(__umulhi(words.w, 2 * padding + 1)) - padding;
    change.flip = flip != 0 && words.x < 0x80000000u ? 1 : 0;
    if (minScale < 1) {
        words = philox(seed, make_uint4(1, sample, epoch, kPhiloxAugmentation));
        double area = minScale + uniform(words.x) * (1 - minScale);
        double ratio = exp((2 * uniform(words.y) - 1) * fmin(log(maxRatio), -log(area)));
        change.across.share = sqrt(area * ratio);
        change.along.share = sqrt(area / ratio);
        change.across.start = uniform(words.z) * (1 - change.across.share);
        change.along.start = uniform(words.w) * (1 - change.along.share);
    }
    words = philox(seed, make_uint4(2, sample, epoch, kPhiloxAugmentation));
    change.brightness = factor(words.x, brightness);
    change.contrast = factor(words.y, contrast);
    return change;
}

__device__ float gray_weight(int channel, int channels) {
    if (channels != 3) {
        return 1.0f / channels;
    }
    return channel == 0 ? 0.299f : channel == 1 ? 0.587f : 0.114f;
}

extern "C" __global__ void __launch_bounds__(kThreads)
    image_batches_draw(const int* order, const int* storeLabels, Position* position, int batch,
                       long long seed, int flip, double maxDegrees, int padding, double minScale,
                       double maxRatio, double brightness, double contrast, int* labels,
                       Change* changes) {
    int left = position->length - position->next;
    for (int slot = static_cast<int>(threadIdx.x); slot < batch; slot += kThreads) {
        int entry = slot < left ? position->next + slot : position->length - 1;
        int sample = order[entry];
        labels[slot] = storeLabels[sample];
        changes[slot] = draw(sample, position->epoch, seed, flip, maxDegrees, padding, minScale,
                             maxRatio, brightness, contrast);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        position->next = batch < left ? position->next + batch : position->length;
    }
}

// A block's image and the part of it that is the block's.
struct Part {
    int slot;
    int pixel;  // of this thread; may lie behind the last
    int blocks;  // of an image

    __device__ explicit Part(int size) {
        blocks = (size - 1) / kThreads + 1;
        slot = static_cast<int>(blockIdx.x) / blocks;
        int part = static_cast<int>(blockIdx.x) % blocks;
        pixel = part * kThreads + static_cast<int>(threadIdx.x);
    }
};

extern "C" __global__ void __launch_bounds__(kThreads)
    image_batches_next(const unsigned char* storePixels, const Change* changes, int batch,
                       int channels, int height, int width, int interpolated, float* images,
                       float* grays) {
    __shared__ Change change;
    int size = height * width;
    Part part(size);
    if (part.slot >= batch) {
        return;
    }
    if (threadIdx.x == 0) {
        change = changes[part.slot];
    }
    __syncthreads();
    float gray = 0.0f;
    if (part.pixel < size) {
        int row = part.pixel / width;
        int column = part.pixel % width;
        double x = change.across.place(column, width) + change.right;
        double y = change.along.place(row, height) + change.down;
        bool inside = x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5;
        if (interpolated) {
            double middleX = 0.5 * (width - 1);
            double middleY = 0.5 * (height - 1);
            double fromX = x - middleX;
            double fromY = y - middleY;
            x = change.cosine * fromX - change.sine * fromY + middleX;
            y = change.sine * fromX + change.cosine * fromY + middleY;
        }
        column = static_cast<int>(floor(x));
        row = static_cast<int>(floor(y));
        float right = static_cast<float>(x - column);
        float below = static_cast<float>(y - row);
        for (int channel = 0; channel < channels; channel++) {
            long long source = (static_cast<long long>(change.sample) * channels + channel) * size;
            Image image{storePixels + source, height, width, change.flip != 0};
            float value = 0.0f;
            if (inside) {
                value = interpolated ? image.between(row, column, below, right)
                                     : image.at(row, column);
            }
            value = fminf(1.0f, change.brightness * (value / 255.0f));
            gray += gray_weight(channel, channels) * value;
            long long plane = static_cast<long long>(part.slot) * channels + channel;
            images[plane * size + part.pixel] = value;
        }
    }
    if (grays != nullptr) {
        gray = block_sum(gray);
        if (threadIdx.x == 0) {
            grays[blockIdx.x] = gray;
        }
    }
}

extern "C" __global__ void __launch_bounds__(kThreads)
    image_batches_contrast(const Change* changes, const float* grays, int batch, int channels,
                           int height, int width, float* images) {
    __shared__ float mean;
    int size = height * width;
    Part part(size);
    if (part.slot >= batch) {
        return;
    }
    const float* own = grays + static_cast<long long>(part.slot) * part.blocks;
    double sum = 0;
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x); i < part.blocks; i += kThreads) {
        sum += own[i];
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        mean = static_cast<float>(sum / size);
    }
    __syncthreads();
    if (part.pixel >= size) {
        return;
    }
    float contrast = changes[part.slot].contrast;
    float constant = (1 - contrast) * mean;
    float* pixel = images + static_cast<long long>(part.slot) * channels * size + part.pixel;
    for (int channel = 0; channel < channels; channel++, pixel += size) {
        *pixel = fmaxf(0.0f, fminf(1.0f, contrast * *pixel + constant));
    }
}

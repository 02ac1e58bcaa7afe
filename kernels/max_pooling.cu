// y_o = the largest x of window o, as PyTorch's MaxPool2d;  dx_i = sum of dy_o over the windows o
// whose largest element is i
//
// Shapes: x, dx [n, c, h, w] as planes of h*w pixels; y, dy and places [n, c, out_h, out_w]. A
// place is where in its window the largest element lies, row * kernel + column: the first of equal
// ones, the last of those that are not a number. Padding counts as -infinity and has no place.
//
// max_pooling_forward     a thread per element of y; places may be null, for inference
// max_pooling_backward    a thread per element of dx, which looks through the windows that hold
//                         it, in row-major order, so that sums have a fixed order
//
// Launch: blocks of 256 threads over the elements. Bytes, from memory: forward reads 4 * |x| and
// writes 5 * |y| (4 * |y| in inference), backward reads 5 * |y| and writes 4 * |x|. A thread asks
// for its whole window, (kernel / stride)^2 times as much as there is; neighbours in a block want
// the same, so that the repeats come from the cache. kernel^2 comparisons per element of y each
// way; bound by memory.

#include "common.cuh"

static constexpr int kThreads = 256;

extern "C" __global__ void __launch_bounds__(kThreads)
    max_pooling_forward(const float* __restrict__ x, unsigned size, int height, int width,
                        int out_height, int out_width, int kernel, int stride, int padding,
                        float* __restrict__ y, unsigned char* __restrict__ places) {
    const unsigned out = blockIdx.x * kThreads + threadIdx.x;
    if (out >= size) {
        return;
    }
    const int top = static_cast<int>(out / out_width % out_height) * stride - padding;
    const int left = static_cast<int>(out % out_width) * stride - padding;
    const size_t plane = out / out_width / out_height;
    const float* image = x + plane * height * width;
    float largest = -INFINITY;
    int place = max(0, -top) * kernel + max(0, -left);
    for (int row = max(0, top); row < min(height, top + kernel); ++row) {
        for (int column = max(0, left); column < min(width, left + kernel); ++column) {
            const float value = image[row * width + column];
            if (value > largest || value != value) {
                largest = value;
                place = (row - top) * kernel + column - left;
            }
        }
    }
    y[out] = largest;
    if (places != nullptr) {
        places[out] = static_cast<unsigned char>(place);
    }
}

extern "C" __global__ void __launch_bounds__(kThreads)
    max_pooling_backward(const float* __restrict__ dy, const unsigned char* __restrict__ places,
                         unsigned size, int height, int width, int out_height, int out_width,
                         int kernel, int stride, int padding, float* __restrict__ dx) {
    const unsigned in = blockIdx.x * kThreads + threadIdx.x;
    if (in >= size) {
        return;
    }
    // From the corner of the padding.
    const int row = static_cast<int>(in / width % height) + padding;
    const int column = static_cast<int>(in % width) + padding;
    const size_t plane = in / width / height;
    const size_t first = plane * out_height * out_width;
    const int bottom = min(out_height - 1, row / stride);
    const int right = min(out_width - 1, column / stride);
    float sum = 0;
    for (int i = max(0, row - kernel + stride) / stride; i <= bottom; ++i) {
        for (int j = max(0, column - kernel + stride) / stride; j <= right; ++j) {
            const size_t out = first + i * out_width + j;
            const int place = (row - i * stride) * kernel + column - j * stride;
            if (places[out] == place) {
                sum += dy[out];
            }
        }
    }
    dx[in] = sum;
}

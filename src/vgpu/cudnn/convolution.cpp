// Convolution as matrix products. The windows of an image are the columns of a matrix
// [windowSize, outPixels], in the order of the weights; images run in parallel.
#include "cudnn/convolution.h"

#include <algorithm>
#include <vector>

namespace vgpu {

namespace {

// Calls visit(row of the matrix, first column, first pixel of the image, count) for every run of
// columns that lies inside the image; strides in a run are strideW.
template <typename Visit>
void eachRun(const ConvolutionShape& s, Visit visit) {
    const auto inside = [](std::size_t out, std::size_t stride, std::size_t offset,
                           std::size_t pad, std::size_t side) {
        const std::size_t position = out * stride + offset;
        return position >= pad && position - pad < side;
    };
    for (std::size_t c = 0; c < s.inChannels; c++) {
        for (std::size_t kh = 0; kh < s.windowHeight; kh++) {
            for (std::size_t kw = 0; kw < s.windowWidth; kw++) {
                const std::size_t row = (c * s.windowHeight + kh) * s.windowWidth + kw;
                std::size_t first = 0, last = s.outWidth;
                while (first < last && !inside(first, s.strideW, kw, s.padW, s.width)) {
                    first++;
                }
                while (last > first && !inside(last - 1, s.strideW, kw, s.padW, s.width)) {
                    last--;
                }
                for (std::size_t oh = 0; oh < s.outHeight && first < last; oh++) {
                    if (inside(oh, s.strideH, kh, s.padH, s.height)) {
                        const std::size_t h = oh * s.strideH + kh - s.padH;
                        const std::size_t w = first * s.strideW + kw - s.padW;
                        visit(row, oh * s.outWidth + first,
                              (c * s.height + h) * s.width + w, last - first);
                    }
                }
            }
        }
    }
}

// The windows of an image; zeros in the padding.
std::vector<float> unfold(const ConvolutionShape& s, const float* image) {
    std::vector<float> windows(s.windowSize() * s.outPixels());
    eachRun(s, [&](std::size_t row, std::size_t column, std::size_t pixel, std::size_t count) {
        float* to = windows.data() + row * s.outPixels() + column;
        for (std::size_t i = 0; i < count; i++) {
            to[i] = image[pixel + i * s.strideW];
        }
    });
    return windows;
}

}  // namespace

void convolve(const ConvolutionShape& s, Blend blend, const float* x, const float* w, float* y) {
    parallel(s.batch, [&](std::size_t image) {
        const std::vector<float> windows = unfold(s, x + image * s.inSize());
        std::vector<double> sums(s.outSize());
        multiply(s.outChannels, s.outPixels(), s.windowSize(), {w, s.windowSize(), 1},
                 {windows.data(), s.outPixels(), 1}, sums.data(), s.precision);
        for (std::size_t i = 0; i < sums.size(); i++) {
            blend.store(sums[i], y[image * s.outSize() + i]);
        }
    });
}

void convolveBackwardData(const ConvolutionShape& s, Blend blend, const float* w, const float* dy,
                          float* dx) {
    parallel(s.batch, [&](std::size_t image) {
        std::vector<double> windows(s.windowSize() * s.outPixels());
        multiply(s.windowSize(), s.outPixels(), s.outChannels, {w, 1, s.windowSize()},
                 {dy + image * s.outSize(), s.outPixels(), 1}, windows.data(), s.precision);
        std::vector<double> sums(s.inSize());
        eachRun(s, [&](std::size_t row, std::size_t column, std::size_t pixel, std::size_t count) {
            const double* from = windows.data() + row * s.outPixels() + column;
            for (std::size_t i = 0; i < count; i++) {
                sums[pixel + i * s.strideW] += from[i];
            }
        });
        for (std::size_t i = 0; i < sums.size(); i++) {
            blend.store(sums[i], dx[image * s.inSize() + i]);
        }
    });
}

void convolveBackwardFilter(const ConvolutionShape& s, Blend blend, const float* x,
                            const float* dy, float* dw) {
    // The number of partial sums is fixed, so that it does not depend on the processors.
    const std::size_t parts = std::min<std::size_t>(s.batch, 8);
    std::vector<std::vector<double>> sums(parts,
                                          std::vector<double>(s.outChannels * s.windowSize()));
    parallel(parts, [&](std::size_t part) {
        for (std::size_t image = part; image < s.batch; image += parts) {
            const std::vector<float> windows = unfold(s, x + image * s.inSize());
            multiply(s.outChannels, s.windowSize(), s.outPixels(),
                     {dy + image * s.outSize(), s.outPixels(), 1},
                     {windows.data(), 1, s.outPixels()}, sums[part].data(), s.precision);
        }
    });
    for (std::size_t i = 0; i < sums[0].size(); i++) {
        double sum = 0;
        for (const std::vector<double>& part : sums) {
            sum += part[i];
        }
        blend.store(sum, dw[i]);
    }
}

}  // namespace vgpu

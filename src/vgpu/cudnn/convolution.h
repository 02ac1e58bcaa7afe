// Two-dimensional cross-correlation on host memory, packed NCHW: the arithmetic of the virtual
// libcudnn.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/matrix.h"

namespace vgpu {

struct ConvolutionShape {
    std::size_t batch, inChannels, height, width;
    std::size_t outChannels, outHeight, outWidth;
    std::size_t windowHeight, windowWidth;
    std::size_t padH, padW, strideH, strideW;
    Precision precision;

    std::size_t inPixels() const { return height * width; }
    std::size_t outPixels() const { return outHeight * outWidth; }
    std::size_t inSize() const { return inChannels * inPixels(); }
    std::size_t outSize() const { return outChannels * outPixels(); }
    std::size_t windowSize() const { return inChannels * windowHeight * windowWidth; }

    // A fused multiply-add counts as two.
    std::uint64_t floatOperations() const {
        return std::uint64_t{2} * batch * outSize() * windowSize();
    }
};

// destination = alpha · result + beta · destination; destination is not read where beta is 0.
struct Blend {
    float alpha;
    float beta;

    void store(double result, float& destination) const {
        destination = static_cast<float>(
            beta == 0 ? alpha * result : alpha * result + double(beta) * destination);
    }
};

void convolve(const ConvolutionShape& shape, Blend blend, const float* x, const float* w,
              float* y);

void convolveBackwardData(const ConvolutionShape& shape, Blend blend, const float* w,
                          const float* dy, float* dx);

void convolveBackwardFilter(const ConvolutionShape& shape, Blend blend, const float* x,
                            const float* dy, float* dw);

}  // namespace vgpu

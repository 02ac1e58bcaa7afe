// The convolution algorithms of the virtual libcudnn: what it recommends, and what each one needs.
#pragma once

#include <cstddef>

#include "cudnn/convolution.h"
#include "cudnn/cudnn.h"

namespace vgpu {

enum class Pass { Forward, BackwardData, BackwardFilter };

struct Algorithm {
    int number;      // as in cudnnConvolutionFwdAlgo_t and its siblings
    bool available;  // here: NVIDIA has more
    bool deterministic;
    bool workspace;  // whether it needs one
    bool exact = true;  // or loses digits, for which rounding to TF32 stands in
};

// The algorithm of that number. Refused where it is not available.
const Algorithm& algorithm(Pass pass, int number);

std::size_t workspaceBytes(const Algorithm& algorithm, const ConvolutionShape& shape);

// What the descriptors say, once they are known to fit together.
ConvolutionShape convolutionShape(cudnnTensorDescriptor_t xDesc, cudnnFilterDescriptor_t wDesc,
                                  cudnnConvolutionDescriptor_t convDesc,
                                  cudnnTensorDescriptor_t yDesc);

}  // namespace vgpu

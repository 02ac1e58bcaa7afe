// Entry points of the virtual libcudnn that recommend an algorithm or tell its workspace.
#include "cudnn/algorithms.h"

#include <vector>

#include "cudnn/handle.h"

namespace vgpu {

namespace {

// All that NVIDIA's library has, in an order in which it may recommend them. As there, the first
// is not always one that a caller who wants equal bits, or all digits, may take: Winograd's large
// tiles lose two. Numbers and determinism are NVIDIA's.
const std::vector<Algorithm>& algorithms(Pass pass) {
    static const std::vector<Algorithm> forward = {
        {7, true, true, true, false},  // Winograd, not fused
        {1, true, true, true},    // implicit GEMM with precomputed indices
        {0, true, true, false},   // implicit GEMM
        {2, false, true, true},   // GEMM
        {3, false, true, false},  // direct
        {4, false, true, true},   // FFT
        {5, false, true, true},   // FFT, tiled
        {6, false, true, true},   // Winograd
    };
    static const std::vector<Algorithm> backwardData = {
        {5, true, true, true, false},  // Winograd, not fused
        {0, true, false, false},  // adds with atomics
        {1, true, true, true},   {2, false, true, true}, {3, false, true, true},
        {4, false, true, true},
    };
    static const std::vector<Algorithm> backwardFilter = {
        {5, true, true, true, false},  // Winograd, not fused
        {0, true, false, false},  // adds with atomics
        {3, true, false, true},   // likewise, with a workspace
        {1, true, true, true},   {2, false, true, true}, {4, false, true, true},
        {6, false, true, true},
    };
    return pass == Pass::Forward ? forward
                                 : pass == Pass::BackwardData ? backwardData : backwardFilter;
}

cudnnStatus_t count(const char* function, cudnnHandle_t handle, Pass pass, int* result) {
    return checked(function, [&] {
        get(handle, "handle");
        demand(result != nullptr, "the place for the count is null");
        *result = static_cast<int>(algorithms(pass).size());
    });
}

cudnnStatus_t recommend(const char* function, cudnnHandle_t handle, Pass pass,
                        cudnnTensorDescriptor_t xDesc, cudnnFilterDescriptor_t wDesc,
                        cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t yDesc,
                        int requested, int* returned, cudnnConvolutionAlgoPerf_t* results) {
    return checked(function, [&] {
        get(handle, "handle");
        demand(requested > 0, "fewer than one result is asked for");
        demand(returned != nullptr && results != nullptr, "a place for the results is null");
        const ConvolutionShape shape = convolutionShape(xDesc, wDesc, convDesc, yDesc);
        *returned = 0;
        for (const Algorithm& each : algorithms(pass)) {
            if (*returned < requested) {
                const cudnnStatus_t status =
                    each.available ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED;
                results[(*returned)++] = {
                    each.number,
                    status,
                    -1,
                    workspaceBytes(each, shape),
                    each.deterministic ? CUDNN_DETERMINISTIC : CUDNN_NON_DETERMINISTIC,
                    get(convDesc, "convDesc").mathType,
                    {}};
            }
        }
    });
}

cudnnStatus_t workspace(const char* function, cudnnHandle_t handle, Pass pass,
                        cudnnTensorDescriptor_t xDesc, cudnnFilterDescriptor_t wDesc,
                        cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t yDesc,
                        int number, std::size_t* bytes) {
    return checked(function, [&] {
        get(handle, "handle");
        demand(bytes != nullptr, "the place for the size is null");
        *bytes = workspaceBytes(algorithm(pass, number),
                                convolutionShape(xDesc, wDesc, convDesc, yDesc));
    });
}

}  // namespace

const Algorithm& algorithm(Pass pass, int number) {
    for (const Algorithm& each : algorithms(pass)) {
        if (each.number == number) {
            demand(each.available, "algorithm " + std::to_string(number) + " is not there",
                   CUDNN_STATUS_NOT_SUPPORTED);
            return each;
        }
    }
    throw CudnnRefusal{CUDNN_STATUS_BAD_PARAM,
                       "there is no algorithm " + std::to_string(number)};
}

std::size_t workspaceBytes(const Algorithm& algorithm, const ConvolutionShape& shape) {
    return algorithm.workspace ? sizeof(float) * shape.windowSize() * shape.outPixels() : 0;
}

ConvolutionShape convolutionShape(cudnnTensorDescriptor_t xDesc, cudnnFilterDescriptor_t wDesc,
                                  cudnnConvolutionDescriptor_t convDesc,
                                  cudnnTensorDescriptor_t yDesc) {
    const cudnnTensorStruct& x = tensor(xDesc, "the input's descriptor");
    const cudnnTensorStruct& y = tensor(yDesc, "the output's descriptor");
    const cudnnFilterStruct& w = get(wDesc, "the filter's descriptor");
    const cudnnConvolutionStruct& convolution = get(convDesc, "convDesc");
    const cudnnTensorStruct result = convolved(convolution, x, w);
    demand(result.sameShape(y), "the output is [" + std::to_string(y.n) + ", " +
                                    std::to_string(y.c) + ", " + std::to_string(y.h) + ", " +
                                    std::to_string(y.w) + "], the convolution's result [" +
                                    std::to_string(result.n) + ", " + std::to_string(result.c) +
                                    ", " + std::to_string(result.h) + ", " +
                                    std::to_string(result.w) + "]");
    demand(w.type == CUDNN_DATA_FLOAT && convolution.type == CUDNN_DATA_FLOAT &&
               w.format == CUDNN_TENSOR_NCHW && convolution.mode == CUDNN_CROSS_CORRELATION &&
               convolution.dilationH == 1 && convolution.dilationW == 1,
           "only cross-correlation of packed NCHW float32 without dilation is there",
           CUDNN_STATUS_NOT_SUPPORTED);
    const auto size = [](int value) { return static_cast<std::size_t>(value); };
    return {size(x.n),
            size(x.c),
            size(x.h),
            size(x.w),
            size(y.c),
            size(y.h),
            size(y.w),
            size(w.h),
            size(w.w),
            size(convolution.padH),
            size(convolution.padW),
            size(convolution.strideH),
            size(convolution.strideW),
            // Every other math type lets tensor cores of compute capability 8 and later round.
            convolution.mathType == CUDNN_FMA_MATH ? Precision::Float32
                                                   : Precision::TensorFloat32};
}

}  // namespace vgpu

using vgpu::Pass;

CUDNN_API cudnnStatus_t cudnnGetConvolutionForwardAlgorithmMaxCount(cudnnHandle_t handle,
                                                                    int* result) {
    return vgpu::count(__func__, handle, Pass::Forward, result);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithmMaxCount(cudnnHandle_t handle,
                                                                         int* result) {
    return vgpu::count(__func__, handle, Pass::BackwardData, result);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(cudnnHandle_t handle,
                                                                           int* result) {
    return vgpu::count(__func__, handle, Pass::BackwardFilter, result);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(
    cudnnHandle_t handle, cudnnTensorDescriptor_t xDesc, cudnnFilterDescriptor_t wDesc,
    cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t yDesc, int requested,
    int* returned, cudnnConvolutionAlgoPerf_t* results) {
    return vgpu::recommend(__func__, handle, Pass::Forward, xDesc, wDesc, convDesc, yDesc,
                           requested, returned, results);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(
    cudnnHandle_t handle, cudnnFilterDescriptor_t wDesc, cudnnTensorDescriptor_t dyDesc,
    cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t dxDesc, int requested,
    int* returned, cudnnConvolutionAlgoPerf_t* results) {
    return vgpu::recommend(__func__, handle, Pass::BackwardData, dxDesc, wDesc, convDesc, dyDesc,
                           requested, returned, results);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(
    cudnnHandle_t handle, cudnnTensorDescriptor_t xDesc, cudnnTensorDescriptor_t dyDesc,
    cudnnConvolutionDescriptor_t convDesc, cudnnFilterDescriptor_t dwDesc, int requested,
    int* returned, cudnnConvolutionAlgoPerf_t* results) {
    return vgpu::recommend(__func__, handle, Pass::BackwardFilter, xDesc, dwDesc, convDesc, dyDesc,
                           requested, returned, results);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(
    cudnnHandle_t handle, cudnnTensorDescriptor_t xDesc, cudnnFilterDescriptor_t wDesc,
    cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t yDesc, int algo,
    std::size_t* bytes) {
    return vgpu::workspace(__func__, handle, Pass::Forward, xDesc, wDesc, convDesc, yDesc, algo,
                           bytes);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(
    cudnnHandle_t handle, cudnnFilterDescriptor_t wDesc, cudnnTensorDescriptor_t dyDesc,
    cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t dxDesc, int algo,
    std::size_t* bytes) {
    return vgpu::workspace(__func__, handle, Pass::BackwardData, dxDesc, wDesc, convDesc, dyDesc,
                           algo, bytes);
}

CUDNN_API cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(
    cudnnHandle_t handle, cudnnTensorDescriptor_t xDesc, cudnnTensorDescriptor_t dyDesc,
    cudnnConvolutionDescriptor_t convDesc, cudnnFilterDescriptor_t dwDesc, int algo,
    std::size_t* bytes) {
    return vgpu::workspace(__func__, handle, Pass::BackwardFilter, xDesc, dwDesc, convDesc, dyDesc,
                           algo, bytes);
}

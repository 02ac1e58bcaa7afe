// The part of the cuDNN 9 API that centerloss calls, with the values that NVIDIA documents.
#pragma once

#include <cstddef>

#include "common/cuda.h"

using cudnnStatus_t = int;
using cudnnHandle_t = struct cudnnContext*;
using cudnnTensorDescriptor_t = struct cudnnTensorStruct*;
using cudnnFilterDescriptor_t = struct cudnnFilterStruct*;
using cudnnConvolutionDescriptor_t = struct cudnnConvolutionStruct*;

constexpr cudnnStatus_t CUDNN_STATUS_SUCCESS = 0;
constexpr cudnnStatus_t CUDNN_STATUS_NOT_INITIALIZED = 1001;
constexpr cudnnStatus_t CUDNN_STATUS_BAD_PARAM = 2000;
constexpr cudnnStatus_t CUDNN_STATUS_NOT_SUPPORTED = 3000;
constexpr cudnnStatus_t CUDNN_STATUS_INTERNAL_ERROR = 4000;
constexpr cudnnStatus_t CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED = 4004;
constexpr cudnnStatus_t CUDNN_STATUS_EXECUTION_FAILED = 5000;
constexpr cudnnStatus_t CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER = 5001;

constexpr int CUDNN_DATA_FLOAT = 0;
constexpr int CUDNN_DATA_TYPES = 15;

constexpr int CUDNN_TENSOR_NCHW = 0;
constexpr int CUDNN_TENSOR_NHWC = 1;

constexpr int CUDNN_CONVOLUTION = 0;
constexpr int CUDNN_CROSS_CORRELATION = 1;

constexpr int CUDNN_DEFAULT_MATH = 0;
constexpr int CUDNN_FMA_MATH = 3;

constexpr int CUDNN_NON_DETERMINISTIC = 0;
constexpr int CUDNN_DETERMINISTIC = 1;

constexpr int CUDNN_BATCHNORM_SPATIAL = 1;

// The answer of cudnnGetConvolution*Algorithm_v7; the three kinds have the same layout.
struct cudnnConvolutionAlgoPerf_t {
    int algo;
    cudnnStatus_t status;
    float time;  // milliseconds; -1 where unknown
    std::size_t memory;
    int determinism;
    int mathType;
    int reserved[3];
};

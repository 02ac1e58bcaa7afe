// Descriptors of the virtual libcudnn: what may be set in them, and the shapes that follow.
#include <climits>
#include <utility>

#include "cudnn/handle.h"

namespace {

using vgpu::checked;
using vgpu::demand;
using vgpu::get;

template <typename Object>
cudnnStatus_t create(const char* function, Object** descriptor) {
    return checked(function, [&] {
        demand(descriptor != nullptr, "the place for the descriptor is null");
        *descriptor = new Object();
        vgpu::live<Object>().insert(*descriptor);
    });
}

template <typename Object>
cudnnStatus_t destroy(const char* function, Object* descriptor) {
    if (descriptor == nullptr) {
        return CUDNN_STATUS_SUCCESS;
    }
    return checked(function, [&] {
        std::unique_ptr<Object> owned(&get(descriptor, "the descriptor"));
        vgpu::live<Object>().erase(descriptor);
    });
}

void demandType(int type) {
    demand(type >= 0 && type < CUDNN_DATA_TYPES, "there is no data type " + std::to_string(type));
}

void demandSizes(int a, int b, int c, int d) {
    demand(a > 0 && b > 0 && c > 0 && d > 0, "a dimension below 1");
}

void demandElements(int a, int b, int c, int d) {
    const long long limit = INT_MAX;
    demand(static_cast<long long>(a) * b <= limit && static_cast<long long>(a) * b * c <= limit &&
               static_cast<long long>(a) * b * c * d <= limit,
           "more than 2³¹ − 1 elements", CUDNN_STATUS_NOT_SUPPORTED);
}

// Pixels of one side of the result; 0 where the window does not fit.
int resultSide(int side, int pad, int window, int stride, int dilation) {
    const int span = 1 + (window - 1) * dilation;
    return side + 2 * pad < span ? 0 : 1 + (side + 2 * pad - span) / stride;
}

}  // namespace

namespace vgpu {

cudnnTensorStruct convolved(const cudnnConvolutionStruct& convolution,
                            const cudnnTensorStruct& input, const cudnnFilterStruct& filter) {
    demand(convolution.type >= 0 && input.type >= 0 && filter.type >= 0,
           "a descriptor was not set");
    demand(input.c == filter.c * convolution.groups,
           "the input has " + std::to_string(input.c) + " channels, the filter is for " +
               std::to_string(filter.c));
    cudnnTensorStruct result;
    result.n = input.n;
    result.c = filter.k;
    result.h = resultSide(input.h, convolution.padH, filter.h, convolution.strideH,
                          convolution.dilationH);
    result.w = resultSide(input.w, convolution.padW, filter.w, convolution.strideW,
                          convolution.dilationW);
    demand(result.h > 0 && result.w > 0, "the window does not fit into the padded input");
    return result;
}

}  // namespace vgpu

CUDNN_API cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* descriptor) {
    return create("cudnnCreateTensorDescriptor", descriptor);
}

CUDNN_API cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t descriptor) {
    return destroy("cudnnDestroyTensorDescriptor", descriptor);
}

CUDNN_API cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t descriptor, int format,
                                                   int type, int n, int c, int h, int w) {
    return checked("cudnnSetTensor4dDescriptor", [&] {
        cudnnTensorStruct& tensor = get(descriptor, "tensorDesc");
        demand(format == CUDNN_TENSOR_NCHW || format == CUDNN_TENSOR_NHWC, "unknown format");
        demandType(type);
        demandSizes(n, c, h, w);
        demandElements(n, c, h, w);
        const bool channelsLast = format == CUDNN_TENSOR_NHWC;
        tensor = {type,          n,
                  c,             h,
                  w,             c * h * w,
                  channelsLast ? 1 : h * w,
                  channelsLast ? w * c : w,
                  channelsLast ? c : 1};
    });
}

CUDNN_API cudnnStatus_t cudnnGetTensor4dDescriptor(cudnnTensorDescriptor_t descriptor, int* type,
                                                   int* n, int* c, int* h, int* w, int* strideN,
                                                   int* strideC, int* strideH, int* strideW) {
    return checked("cudnnGetTensor4dDescriptor", [&] {
        const cudnnTensorStruct& tensor = get(descriptor, "tensorDesc");
        const std::pair<int*, int> answers[] = {
            {type, tensor.type},       {n, tensor.n},
            {c, tensor.c},             {h, tensor.h},
            {w, tensor.w},             {strideN, tensor.strideN},
            {strideC, tensor.strideC}, {strideH, tensor.strideH},
            {strideW, tensor.strideW}};
        for (const auto& [place, value] : answers) {
            demand(place != nullptr, "a place for an answer is null");
            *place = value;
        }
    });
}

CUDNN_API cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* descriptor) {
    return create("cudnnCreateFilterDescriptor", descriptor);
}

CUDNN_API cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t descriptor) {
    return destroy("cudnnDestroyFilterDescriptor", descriptor);
}

CUDNN_API cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t descriptor, int type,
                                                   int format, int k, int c, int h, int w) {
    return checked("cudnnSetFilter4dDescriptor", [&] {
        cudnnFilterStruct& filter = get(descriptor, "filterDesc");
        demand(format == CUDNN_TENSOR_NCHW || format == CUDNN_TENSOR_NHWC, "unknown format");
        demandType(type);
        demandSizes(k, c, h, w);
        filter = {type, format, k, c, h, w};
    });
}

CUDNN_API cudnnStatus_t
cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* descriptor) {
    return create("cudnnCreateConvolutionDescriptor", descriptor);
}

CUDNN_API cudnnStatus_t
cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t descriptor) {
    return destroy("cudnnDestroyConvolutionDescriptor", descriptor);
}

CUDNN_API cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t descriptor,
                                                        int padH, int padW, int strideH,
                                                        int strideW, int dilationH, int dilationW,
                                                        int mode, int computeType) {
    return checked("cudnnSetConvolution2dDescriptor", [&] {
        cudnnConvolutionStruct& convolution = get(descriptor, "convDesc");
        demand(padH >= 0 && padW >= 0, "a padding below 0");
        demand(strideH > 0 && strideW > 0, "a stride below 1");
        demand(dilationH > 0 && dilationW > 0, "a dilation below 1");
        demand(mode == CUDNN_CONVOLUTION || mode == CUDNN_CROSS_CORRELATION, "unknown mode");
        demandType(computeType);
        convolution = {padH,      padW, strideH,     strideW,
                       dilationH, dilationW, mode, computeType,
                       convolution.mathType, convolution.groups};
    });
}

CUDNN_API cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t descriptor,
                                                    int mathType) {
    return checked("cudnnSetConvolutionMathType", [&] {
        cudnnConvolutionStruct& convolution = get(descriptor, "convDesc");
        demand(mathType >= CUDNN_DEFAULT_MATH && mathType <= CUDNN_FMA_MATH, "unknown math type");
        convolution.mathType = mathType;
    });
}

CUDNN_API cudnnStatus_t cudnnGetConvolution2dForwardOutputDim(
    cudnnConvolutionDescriptor_t convDesc, cudnnTensorDescriptor_t inputDesc,
    cudnnFilterDescriptor_t filterDesc, int* n, int* c, int* h, int* w) {
    return checked("cudnnGetConvolution2dForwardOutputDim", [&] {
        demand(n != nullptr && c != nullptr && h != nullptr && w != nullptr,
               "a place for an answer is null");
        const cudnnTensorStruct result =
            vgpu::convolved(get(convDesc, "convDesc"), get(inputDesc, "inputTensorDesc"),
                            get(filterDesc, "filterDesc"));
        *n = result.n;
        *c = result.c;
        *h = result.h;
        *w = result.w;
    });
}

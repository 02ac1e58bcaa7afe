// Entry points of the virtual libcudnn that convolve.
#include <cmath>
#include <cstring>

#include "cudnn/algorithms.h"
#include "cudnn/handle.h"

namespace {

using vgpu::Algorithm;
using vgpu::Blend;
using vgpu::ConvolutionShape;
using vgpu::LibraryCall;
using vgpu::Operands;
using vgpu::Pass;
using vgpu::checked;
using vgpu::demand;
using vgpu::get;
using vgpu::region;
using vgpu::scalar;

constexpr std::size_t kScribbledBytes = std::size_t{64} << 10;

// Another order of summation rounds some results to a neighbour.
void disturb(float* values, std::size_t size, std::uint64_t seed) {
    for (std::size_t i = 0; i < size; i++) {
        const std::uint64_t bits = (seed ^ i) * 0x9E3779B97F4A7C15u;
        if (bits >> 63 != 0) {
            values[i] = std::nextafter(values[i], 0.0f);
        }
    }
}

struct Plan {
    ConvolutionShape shape;
    Algorithm algorithm;
    Blend blend;
    void* workspace;
    std::size_t bytes;
};

Plan plan(Pass pass, const void* alpha, const void* beta, cudnnTensorDescriptor_t xDesc,
          cudnnFilterDescriptor_t wDesc, cudnnConvolutionDescriptor_t convDesc,
          cudnnTensorDescriptor_t yDesc, int algo, void* workspace, std::size_t bytes) {
    Plan made{vgpu::convolutionShape(xDesc, wDesc, convDesc, yDesc),
              vgpu::algorithm(pass, algo),
              {scalar(alpha, "alpha"), scalar(beta, "beta")},
              workspace,
              vgpu::workspaceBytes(vgpu::algorithm(pass, algo),
                                   vgpu::convolutionShape(xDesc, wDesc, convDesc, yDesc))};
    if (!made.algorithm.exact) {
        made.shape.precision = vgpu::Precision::TensorFloat32;
    }
    demand(bytes >= made.bytes, "a workspace of " + std::to_string(bytes) + " bytes where " +
                                    std::to_string(made.bytes) + " are needed");
    return made;
}

// Queues a pass that reads `first` and `second` and writes, or adds to, `result`.
void convolve(
    cudnnHandle_t handle, const char* name, const Plan& plan, vgpu::Region first,
    vgpu::Region second, vgpu::Region result,
    void (*pass)(const ConvolutionShape&, Blend, const float*, const float*, float*)) {
    LibraryCall call;
    call.name = name;
    call.reads = {first, second, vgpu::addend(result, plan.blend.beta)};
    call.writes = {result};
    const std::size_t scribbled = std::min(plan.bytes, kScribbledBytes);
    if (plan.bytes > 0) {
        call.writes.push_back(
            region(plan.workspace, plan.bytes / sizeof(float), "the workspace"));
    }
    call.floatOperations = plan.shape.floatOperations();
    call.run = [=](const Operands& operands) {
        if (scribbled > 0) {
            std::memset(operands.writes[1], 0xFF, scribbled);
        }
        pass(plan.shape, plan.blend, operands.reads[0], operands.reads[1], operands.writes[0]);
        if (!plan.algorithm.deterministic) {
            disturb(operands.writes[0], result.width / sizeof(float), operands.seed);
        }
    };
    vgpu::queue(get(handle, "handle"), std::move(call));
}

}  // namespace

CUDNN_API cudnnStatus_t cudnnConvolutionForward(
    cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t xDesc, const void* x,
    cudnnFilterDescriptor_t wDesc, const void* w, cudnnConvolutionDescriptor_t convDesc, int algo,
    void* workspace, std::size_t bytes, const void* beta, cudnnTensorDescriptor_t yDesc, void* y) {
    return checked("cudnnConvolutionForward", [&] {
        const Plan made = plan(Pass::Forward, alpha, beta, xDesc, wDesc, convDesc, yDesc, algo,
                               workspace, bytes);
        convolve(handle, "cudnnConvolutionForward", made,
                 region(x, xDesc->size(), "x"), region(w, wDesc->size(), "w"),
                 region(y, yDesc->size(), "y"), vgpu::convolve);
    });
}

CUDNN_API cudnnStatus_t cudnnConvolutionBackwardData(
    cudnnHandle_t handle, const void* alpha, cudnnFilterDescriptor_t wDesc, const void* w,
    cudnnTensorDescriptor_t dyDesc, const void* dy, cudnnConvolutionDescriptor_t convDesc,
    int algo, void* workspace, std::size_t bytes, const void* beta,
    cudnnTensorDescriptor_t dxDesc, void* dx) {
    return checked("cudnnConvolutionBackwardData", [&] {
        const Plan made = plan(Pass::BackwardData, alpha, beta, dxDesc, wDesc, convDesc, dyDesc,
                               algo, workspace, bytes);
        convolve(handle, "cudnnConvolutionBackwardData", made,
                 region(w, wDesc->size(), "w"), region(dy, dyDesc->size(), "dy"),
                 region(dx, dxDesc->size(), "dx"), vgpu::convolveBackwardData);
    });
}

CUDNN_API cudnnStatus_t cudnnConvolutionBackwardFilter(
    cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t xDesc, const void* x,
    cudnnTensorDescriptor_t dyDesc, const void* dy, cudnnConvolutionDescriptor_t convDesc,
    int algo, void* workspace, std::size_t bytes, const void* beta,
    cudnnFilterDescriptor_t dwDesc, void* dw) {
    return checked("cudnnConvolutionBackwardFilter", [&] {
        const Plan made = plan(Pass::BackwardFilter, alpha, beta, xDesc, dwDesc, convDesc, dyDesc,
                               algo, workspace, bytes);
        convolve(handle, "cudnnConvolutionBackwardFilter", made,
                 region(x, xDesc->size(), "x"), region(dy, dyDesc->size(), "dy"),
                 region(dw, dwDesc->size(), "dw"), vgpu::convolveBackwardFilter);
    });
}

CUDNN_API cudnnStatus_t cudnnConvolutionBackwardBias(cudnnHandle_t handle, const void* alpha,
                                                     cudnnTensorDescriptor_t dyDesc,
                                                     const void* dy, const void* beta,
                                                     cudnnTensorDescriptor_t dbDesc, void* db) {
    return checked("cudnnConvolutionBackwardBias", [&] {
        const cudnnTensorStruct shape = vgpu::tensor(dyDesc, "dyDesc");
        const cudnnTensorStruct& bias = vgpu::tensor(dbDesc, "dbDesc");
        demand(bias.n == 1 && bias.h == 1 && bias.w == 1 && bias.c == shape.c,
               "dbDesc is not [1, " + std::to_string(shape.c) + ", 1, 1]");
        const Blend blend{scalar(alpha, "alpha"), scalar(beta, "beta")};
        const vgpu::Region result = region(db, shape.c, "db");
        LibraryCall call;
        call.name = "cudnnConvolutionBackwardBias";
        call.reads = {region(dy, shape.size(), "dy"), vgpu::addend(result, blend.beta)};
        call.writes = {result};
        call.floatOperations = shape.size();
        call.run = [=](const Operands& operands) {
            const std::size_t pixels = std::size_t(shape.h) * shape.w;
            vgpu::parallel(shape.c, [&](std::size_t c) {
                double sum = 0;
                for (int n = 0; n < shape.n; n++) {
                    const float* plane = operands.reads[0] + (std::size_t(n) * shape.c + c) * pixels;
                    for (std::size_t p = 0; p < pixels; p++) {
                        sum += plane[p];
                    }
                }
                blend.store(sum, operands.writes[0][c]);
            });
        };
        vgpu::queue(get(handle, "handle"), std::move(call));
    });
}

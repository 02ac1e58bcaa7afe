// Entry points of the virtual libcudnn that go element by element: biases, scaling.
#include "cudnn/convolution.h"
#include "cudnn/handle.h"

namespace {

using vgpu::Blend;
using vgpu::LibraryCall;
using vgpu::Operands;
using vgpu::checked;
using vgpu::demand;
using vgpu::get;
using vgpu::region;
using vgpu::scalar;

}  // namespace

CUDNN_API cudnnStatus_t cudnnAddTensor(cudnnHandle_t handle, const void* alpha,
                                       cudnnTensorDescriptor_t aDesc, const void* a,
                                       const void* beta, cudnnTensorDescriptor_t cDesc, void* c) {
    return checked("cudnnAddTensor", [&] {
        const cudnnTensorStruct& bias = vgpu::tensor(aDesc, "aDesc");
        const cudnnTensorStruct shape = vgpu::tensor(cDesc, "cDesc");
        demand(bias.n == 1 && bias.h == 1 && bias.w == 1 && bias.c == shape.c,
               "only a bias per channel, [1, " + std::to_string(shape.c) + ", 1, 1], is there",
               CUDNN_STATUS_NOT_SUPPORTED);
        const Blend blend{scalar(alpha, "alpha"), scalar(beta, "beta")};
        const vgpu::Region result = region(c, shape.size(), "C");
        LibraryCall call;
        call.name = "cudnnAddTensor";
        call.reads = {region(a, shape.c, "A"), vgpu::addend(result, blend.beta)};
        call.writes = {result};
        call.floatOperations = 2 * shape.size();
        call.run = [=](const Operands& operands) {
            const std::size_t pixels = std::size_t(shape.h) * shape.w;
            float* value = operands.writes[0];
            for (std::size_t plane = 0; plane < std::size_t(shape.n) * shape.c; plane++) {
                const double summand = operands.reads[0][plane % shape.c];
                for (std::size_t p = 0; p < pixels; p++) {
                    blend.store(summand, *value++);
                }
            }
        };
        vgpu::queue(get(handle, "handle"), std::move(call));
    });
}

CUDNN_API cudnnStatus_t cudnnScaleTensor(cudnnHandle_t handle, cudnnTensorDescriptor_t yDesc,
                                         void* y, const void* alpha) {
    return checked("cudnnScaleTensor", [&] {
        const std::size_t size = vgpu::tensor(yDesc, "yDesc").size();
        const float factor = scalar(alpha, "alpha");
        LibraryCall call;
        call.name = "cudnnScaleTensor";
        call.reads = {vgpu::inPlace(region(y, size, "y"))};
        call.writes = {region(y, size, "y")};
        call.floatOperations = size;
        call.run = [=](const Operands& operands) {
            for (std::size_t i = 0; i < size; i++) {
                operands.writes[0][i] *= factor;
            }
        };
        vgpu::queue(get(handle, "handle"), std::move(call));
    });
}

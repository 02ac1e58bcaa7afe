// The virtual libcudnn.so.9: handles, version, names of statuses.
#include "cudnn/handle.h"

#include <cstring>

extern "C" CUresult cuMemAlloc_v2(CUdeviceptr* address, std::size_t size);
extern "C" CUresult cuMemFree_v2(CUdeviceptr address);

namespace vgpu {

std::mutex& cudnnMutex() {
    static std::mutex mutex;
    return mutex;
}

const cudnnTensorStruct& tensor(cudnnTensorDescriptor_t descriptor, const char* name) {
    const cudnnTensorStruct& found = get(descriptor, name);
    demand(found.type >= 0, std::string(name) + " was not set");
    demand(found.type == CUDNN_DATA_FLOAT, std::string(name) + " is not of float32",
           CUDNN_STATUS_NOT_SUPPORTED);
    demand(found.packed(), std::string(name) + " is not packed NCHW", CUDNN_STATUS_NOT_SUPPORTED);
    return found;
}

Region region(const void* data, std::size_t size, const char* name) {
    demand(data != nullptr, std::string(name) + " is null");
    const auto address = reinterpret_cast<std::uint64_t>(data);
    // Its kernels read vectors of as many bytes.
    demand(address % 16 == 0, std::string(name) + " is not aligned to 16 bytes");
    return {address, size * sizeof(float), 0, 1};
}

float scalar(const void* pointer, const char* name) {
    demand(pointer != nullptr, std::string(name) + " is null");
    float value;
    std::memcpy(&value, pointer, sizeof value);
    return value;
}

void queue(const cudnnContext& context, LibraryCall call) {
    demand(!overlapping(call), "what it writes overlaps what it reads or else writes");
    demand(enqueue(context.stream, std::move(call)) == CUDA_SUCCESS,
           "the driver refuses work on the handle's stream",
           CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER);
}

}  // namespace vgpu

using vgpu::checked;
using vgpu::demand;

CUDNN_API const char* cudnnGetErrorString(cudnnStatus_t status) {
    switch (status) {
        case CUDNN_STATUS_SUCCESS:
            return "CUDNN_STATUS_SUCCESS";
        case CUDNN_STATUS_NOT_INITIALIZED:
            return "CUDNN_STATUS_NOT_INITIALIZED";
        case CUDNN_STATUS_BAD_PARAM:
            return "CUDNN_STATUS_BAD_PARAM";
        case CUDNN_STATUS_NOT_SUPPORTED:
            return "CUDNN_STATUS_NOT_SUPPORTED";
        case CUDNN_STATUS_INTERNAL_ERROR:
            return "CUDNN_STATUS_INTERNAL_ERROR";
        case CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED:
            return "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED";
        case CUDNN_STATUS_EXECUTION_FAILED:
            return "CUDNN_STATUS_EXECUTION_FAILED";
        case CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER:
            return "CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER";
        default:
            return "CUDNN_UNKNOWN_STATUS";
    }
}

CUDNN_API std::size_t cudnnGetVersion() { return 90501; }

CUDNN_API cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
    return checked("cudnnCreate", [&] {
        demand(handle != nullptr, "handle is null");
        demand(vgpu::hasContext(), "there is no CUDA context", CUDNN_STATUS_NOT_INITIALIZED);
        auto context = std::make_unique<cudnnContext>();
        demand(cuMemAlloc_v2(&context->memory, std::size_t{64} << 10) == CUDA_SUCCESS,
               "the driver refuses memory",
               CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED);
        *handle = context.release();
        vgpu::live<cudnnContext>().insert(*handle);
    });
}

CUDNN_API cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
    if (handle == nullptr) {
        return CUDNN_STATUS_SUCCESS;
    }
    return checked("cudnnDestroy", [&] {
        std::unique_ptr<cudnnContext> owned(&vgpu::get(handle, "handle"));
        vgpu::live<cudnnContext>().erase(handle);
        demand(cuMemFree_v2(owned->memory) == CUDA_SUCCESS, "the driver refuses to free",
               CUDNN_STATUS_INTERNAL_ERROR);
    });
}

CUDNN_API cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, CUstream stream) {
    return checked("cudnnSetStream", [&] { vgpu::get(handle, "handle").stream = stream; });
}

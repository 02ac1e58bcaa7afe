// The virtual libcublas.so.12: handles, their streams, workspaces and modes; names of statuses.
#include "cublas/handle.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>

extern "C" CUresult cuMemAlloc_v2(CUdeviceptr* address, std::size_t size);
extern "C" CUresult cuMemFree_v2(CUdeviceptr address);
extern "C" CUresult cuStreamIsCapturing(CUstream stream, int* status);

namespace {

constexpr std::size_t kPoolBytes = std::size_t{4} << 20;
constexpr std::size_t kLeastWorkspaceBytes = std::size_t{16} << 10;  // NVIDIA: always enough
constexpr std::size_t kScribbledBytes = std::size_t{64} << 10;

std::set<cublasHandle_t> handles;

struct Name {
    cublasStatus_t status;
    const char* name;
    const char* text;
};

constexpr Name kNames[] = {
    {CUBLAS_STATUS_SUCCESS, "CUBLAS_STATUS_SUCCESS", "success"},
    {CUBLAS_STATUS_NOT_INITIALIZED, "CUBLAS_STATUS_NOT_INITIALIZED",
     "the library was not initialized"},
    {CUBLAS_STATUS_ALLOC_FAILED, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {CUBLAS_STATUS_INVALID_VALUE, "CUBLAS_STATUS_INVALID_VALUE",
     "an unsupported value or parameter was passed to the function"},
    {CUBLAS_STATUS_ARCH_MISMATCH, "CUBLAS_STATUS_ARCH_MISMATCH",
     "the function requires an architectural feature absent from the device"},
    {CUBLAS_STATUS_MAPPING_ERROR, "CUBLAS_STATUS_MAPPING_ERROR",
     "an access to GPU memory space failed"},
    {CUBLAS_STATUS_EXECUTION_FAILED, "CUBLAS_STATUS_EXECUTION_FAILED",
     "the function failed to launch on the GPU"},
    {CUBLAS_STATUS_INTERNAL_ERROR, "CUBLAS_STATUS_INTERNAL_ERROR", "an internal operation failed"},
    {CUBLAS_STATUS_NOT_SUPPORTED, "CUBLAS_STATUS_NOT_SUPPORTED",
     "the requested functionality is not supported"},
    {CUBLAS_STATUS_LICENSE_ERROR, "CUBLAS_STATUS_LICENSE_ERROR", "the license check failed"},
};

const Name& named(cublasStatus_t status) {
    static constexpr Name unknown{-1, "unrecognized status", "unrecognized status"};
    for (const Name& each : kNames) {
        if (each.status == status) {
            return each;
        }
    }
    return unknown;
}

}  // namespace

namespace vgpu {

std::mutex& cublasMutex() {
    static std::mutex mutex;
    return mutex;
}

void demandHandle(cublasHandle_t handle) {
    demand(handles.count(handle) > 0, "there is no such handle", CUBLAS_STATUS_NOT_INITIALIZED);
}

void queue(const cublasContext& context, LibraryCall call) {
    int capturing = 0;
    demand(cuStreamIsCapturing(context.stream, &capturing) == CUDA_SUCCESS,
           "the handle's stream is gone", CUBLAS_STATUS_EXECUTION_FAILED);
    demand(capturing == 0 || context.workspace != 0,
           "captured without a workspace of the user's (cublasSetWorkspace, after"
           " cublasSetStream), so that the graph would allocate",
           CUBLAS_STATUS_NOT_SUPPORTED);
    demand(context.workspace == 0 || context.workspaceBytes >= kLeastWorkspaceBytes,
           "a workspace of " + std::to_string(context.workspaceBytes) + " bytes",
           CUBLAS_STATUS_ALLOC_FAILED);
    const CUdeviceptr workspace = context.workspace != 0 ? context.workspace : context.pool;
    const std::size_t size = context.workspace != 0 ? context.workspaceBytes : kPoolBytes;
    call.writes.push_back({workspace, std::min(size, kScribbledBytes), 0, 1});
    const std::size_t scribbled = call.writes.back().width;
    // Nothing that matters may lie in a workspace: what a product leaves there is not a number.
    call.run = [run = std::move(call.run), scribbled](const Operands& operands) {
        if (scribbled > 0) {
            std::memset(operands.writes.back(), 0xFF, scribbled);
        }
        run(operands);
    };
    demand(!overlapping(call), "what it writes overlaps what it reads");
    demand(enqueue(context.stream, std::move(call)) == CUDA_SUCCESS,
           "the GPU refuses work", CUBLAS_STATUS_EXECUTION_FAILED);
}

}  // namespace vgpu

CUBLAS_API const char* cublasGetStatusName(cublasStatus_t status) { return named(status).name; }

CUBLAS_API const char* cublasGetStatusString(cublasStatus_t status) { return named(status).text; }

CUBLAS_API cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* version) {
    if (version == nullptr) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    *version = 120603;
    return CUBLAS_STATUS_SUCCESS;
}

CUBLAS_API cublasStatus_t cublasGetProperty(int type, int* value) {
    constexpr int kMajorMinorPatch[] = {12, 6, 3};
    if (value == nullptr || type < 0 || type >= 3) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    *value = kMajorMinorPatch[type];
    return CUBLAS_STATUS_SUCCESS;
}

CUBLAS_API cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
    if (handle == nullptr || !vgpu::hasContext()) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    auto context = std::make_unique<cublasContext>();
    if (cuMemAlloc_v2(&context->pool, kPoolBytes) != CUDA_SUCCESS) {
        return CUBLAS_STATUS_ALLOC_FAILED;
    }
    std::lock_guard<std::mutex> lock(vgpu::cublasMutex());
    *handle = context.release();
    handles.insert(*handle);
    return CUBLAS_STATUS_SUCCESS;
}

CUBLAS_API cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
    return vgpu::guarded("cublasDestroy", handle, [&](cublasContext& context) {
        handles.erase(handle);
        std::unique_ptr<cublasContext> owned(handle);
        vgpu::demand(cuMemFree_v2(context.pool) == CUDA_SUCCESS, "the GPU refuses to free",
               CUBLAS_STATUS_INTERNAL_ERROR);
    });
}

CUBLAS_API cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, CUstream stream) {
    return vgpu::guarded("cublasSetStream", handle, [&](cublasContext& context) {
        context.stream = stream;
        context.workspace = 0;  // as documented: back to the pool
    });
}

CUBLAS_API cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace,
                                                std::size_t size) {
    return vgpu::guarded("cublasSetWorkspace", handle, [&](cublasContext& context) {
        const auto address = reinterpret_cast<CUdeviceptr>(workspace);
        vgpu::demand(address % 256 == 0, "the workspace is not aligned to 256 bytes");
        context.workspace = address;
        context.workspaceBytes = size;
    });
}

CUBLAS_API cublasStatus_t cublasSetMathMode(cublasHandle_t handle, int mode) {
    return vgpu::guarded("cublasSetMathMode", handle, [&](cublasContext& context) {
        vgpu::demand(mode == CUBLAS_DEFAULT_MATH || mode == CUBLAS_PEDANTIC_MATH ||
                   mode == CUBLAS_TF32_TENSOR_OP_MATH,
               "unknown math mode " + std::to_string(mode));
        context.math = mode;
    });
}

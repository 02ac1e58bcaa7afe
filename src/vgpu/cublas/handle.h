// Handles of the virtual libcublas, and what its entry points share.
#pragma once

#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>

#include "cublas/cublas.h"
#include "driver/library.h"

#define CUBLAS_API extern "C" __attribute__((visibility("default")))

CUBLAS_API const char* cublasGetStatusName(cublasStatus_t status);

struct cublasContext {
    CUstream stream = nullptr;
    CUdeviceptr pool = 0;       // the workspace that cuBLAS allocates for itself
    CUdeviceptr workspace = 0;  // the user's; 0 for the pool
    std::size_t workspaceBytes = 0;
    int math = CUBLAS_DEFAULT_MATH;
};

namespace vgpu {

struct CublasRefusal {
    cublasStatus_t status;
    std::string reason;
};

inline void demand(bool holds, const std::string& reason,
                   cublasStatus_t status = CUBLAS_STATUS_INVALID_VALUE) {
    if (!holds) {
        throw CublasRefusal{status, reason};
    }
}

// Guards the handles; held by every entry point.
std::mutex& cublasMutex();

void demandHandle(cublasHandle_t handle);

// Runs the body of an entry point with a handle that is known to live, and says on stderr why it
// refuses.
template <typename Body>
cublasStatus_t guarded(const char* function, cublasHandle_t handle, Body body) {
    std::lock_guard<std::mutex> lock(cublasMutex());
    try {
        demandHandle(handle);
        body(*handle);
        return CUBLAS_STATUS_SUCCESS;
    } catch (const CublasRefusal& refusal) {
        std::fprintf(stderr, "virtual GPU: %s: %s: %s\n", function,
                     cublasGetStatusName(refusal.status), refusal.reason.c_str());
        return refusal.status;
    }
}

// Queues a call on the handle's stream, with its workspace.
void queue(const cublasContext& context, LibraryCall call);

}  // namespace vgpu

// What the entry points of the virtual libcudnn share: handles, descriptors, refusals.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "cudnn/cudnn.h"
#include "driver/library.h"

#define CUDNN_API extern "C" __attribute__((visibility("default")))

CUDNN_API const char* cudnnGetErrorString(cudnnStatus_t status);

struct cudnnContext {
    CUstream stream = nullptr;
    CUdeviceptr memory = 0;  // cuDNN allocates for itself when a handle is made
};

// Four dimensions and their strides, all 0 until they are set.
struct cudnnTensorStruct {
    int type = -1;
    int n = 0, c = 0, h = 0, w = 0;
    int strideN = 0, strideC = 0, strideH = 0, strideW = 0;

    std::size_t size() const { return std::size_t(n) * c * h * w; }
    bool packed() const {
        return strideW == 1 && strideH == w && strideC == h * w && strideN == c * h * w;
    }
    bool sameShape(const cudnnTensorStruct& other) const {
        return n == other.n && c == other.c && h == other.h && w == other.w;
    }
};

struct cudnnFilterStruct {
    int type = -1;
    int format = -1;
    int k = 0, c = 0, h = 0, w = 0;

    std::size_t size() const { return std::size_t(k) * c * h * w; }
};

struct cudnnConvolutionStruct {
    int padH = 0, padW = 0, strideH = 0, strideW = 0, dilationH = 0, dilationW = 0;
    int mode = -1;
    int type = -1;
    int mathType = CUDNN_DEFAULT_MATH;
    int groups = 1;
};

namespace vgpu {

struct CudnnRefusal {
    cudnnStatus_t status;
    std::string reason;
};

inline void demand(bool holds, const std::string& reason,
                   cudnnStatus_t status = CUDNN_STATUS_BAD_PARAM) {
    if (!holds) {
        throw CudnnRefusal{status, reason};
    }
}

// Guards handles and descriptors; held by every entry point.
std::mutex& cudnnMutex();

// The live objects of a type, so that a stale or null pointer is refused and not followed.
template <typename Object>
std::set<const Object*>& live() {
    static std::set<const Object*> objects;
    return objects;
}

template <typename Object>
Object& get(Object* object, const char* name) {
    demand(live<Object>().count(object) > 0,
           std::string(name) + (object == nullptr ? " is null" : " was destroyed or never made"));
    return *object;
}

// Runs the body of an entry point and says on stderr why it refuses.
template <typename Body>
cudnnStatus_t checked(const char* function, Body body) {
    const std::lock_guard<std::mutex> lock(cudnnMutex());
    try {
        body();
        return CUDNN_STATUS_SUCCESS;
    } catch (const CudnnRefusal& refusal) {
        std::fprintf(stderr, "virtual GPU: %s: %s: %s\n", function,
                     cudnnGetErrorString(refusal.status), refusal.reason.c_str());
        return refusal.status;
    }
}

// A descriptor that was set, of float32, and of a layout that is there: packed NCHW.
const cudnnTensorStruct& tensor(cudnnTensorDescriptor_t descriptor, const char* name);

// The shape of a convolution's result; its strides are not set.
cudnnTensorStruct convolved(const cudnnConvolutionStruct& convolution,
                            const cudnnTensorStruct& input, const cudnnFilterStruct& filter);

// Device memory of so many float32.
Region region(const void* data, std::size_t size, const char* name);

// alpha or beta of a call, both of which are pointers to host memory.
float scalar(const void* pointer, const char* name);

void queue(const cudnnContext& context, LibraryCall call);

}  // namespace vgpu

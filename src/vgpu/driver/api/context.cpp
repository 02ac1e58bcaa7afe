// Contexts: created ones, and the primary one that is retained and released.
#include "driver/driver.h"

using namespace vgpu;

namespace {

constexpr unsigned kContextFlags = 0x1F;  // scheduling, map host, keep local memory
constexpr int kLimits = 7;
constexpr int kLimitStackBytes = 0;

void checkContext(const Driver& state, CUcontext context) {
    if (state.contexts.count(context) == 0) {
        throw Fault(CUDA_ERROR_INVALID_CONTEXT, "the context is unknown or was destroyed");
    }
}

}  // namespace

VGPU_API CUresult cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device) {
    return initialised(__func__, [&](Driver& state) {
        require(context != nullptr, "null pointer");
        require((flags & ~kContextFlags) == 0, "unknown flags");
        checkDevice(device);
        *context = state.createContext();
        contextStack().push_back(*context);
    });
}

VGPU_API CUresult cuCtxDestroy_v2(CUcontext context) {
    return initialised(__func__, [&](Driver& state) {
        if (context == state.primary) {
            throw Fault(CUDA_ERROR_INVALID_CONTEXT, "the primary context is released instead");
        }
        state.destroyContext(context);
        if (!contextStack().empty() && contextStack().back() == context) {
            contextStack().pop_back();
        }
    });
}

VGPU_API CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
    return initialised(__func__, [&](Driver& state) {
        require(context != nullptr, "null pointer");
        checkDevice(device);
        if (state.primary == nullptr) {
            state.primary = state.createContext();
        }
        state.primaryRetains++;
        *context = state.primary;
    });
}

VGPU_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    return initialised(__func__, [&](Driver& state) {
        checkDevice(device);
        if (state.primaryRetains == 0) {
            throw Fault(CUDA_ERROR_INVALID_CONTEXT, "the primary context was not retained");
        }
        if (--state.primaryRetains == 0) {
            const CUcontext primary = state.primary;
            state.primary = nullptr;
            state.destroyContext(primary);
        }
    });
}

VGPU_API CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned flags) {
    return initialised(__func__, [&](Driver& state) {
        checkDevice(device);
        require((flags & ~kContextFlags) == 0, "unknown flags");
        state.primaryFlags = flags;
    });
}

VGPU_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
    return initialised(__func__, [&](Driver& state) {
        checkDevice(device);
        require(flags != nullptr && active != nullptr, "null pointer");
        *flags = state.primaryFlags;
        *active = state.primary != nullptr;
    });
}

VGPU_API CUresult cuCtxSetCurrent(CUcontext context) {
    return initialised(__func__, [&](Driver& state) {
        auto& stack = contextStack();
        if (context != nullptr) {
            checkContext(state, context);
        }
        if (!stack.empty()) {
            stack.pop_back();
        }
        if (context != nullptr) {
            stack.push_back(context);
        }
    });
}

VGPU_API CUresult cuCtxGetCurrent(CUcontext* context) {
    return initialised(__func__, [&](Driver&) {
        require(context != nullptr, "null pointer");
        *context = contextStack().empty() ? nullptr : contextStack().back();
    });
}

VGPU_API CUresult cuCtxPushCurrent_v2(CUcontext context) {
    return initialised(__func__, [&](Driver& state) {
        checkContext(state, context);
        contextStack().push_back(context);
    });
}

VGPU_API CUresult cuCtxPopCurrent_v2(CUcontext* context) {
    return initialised(__func__, [&](Driver&) {
        auto& stack = contextStack();
        if (stack.empty()) {
            throw Fault(CUDA_ERROR_INVALID_CONTEXT, "this thread has no current context");
        }
        if (context != nullptr) {
            *context = stack.back();
        }
        stack.pop_back();
    });
}

VGPU_API CUresult cuCtxGetDevice(CUdevice* device) {
    return inContext(__func__, [&](Context&) {
        require(device != nullptr, "null pointer");
        *device = 0;
    });
}

VGPU_API CUresult cuCtxSynchronize() {
    return inContext(__func__, [](Context& context) {
        for (const auto& stream : context.scheduler.streams()) {
            if (stream->capture) {
                invalidate(*stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                           "a stream of the context is being captured");
            }
        }
        context.synchroniseAll();
    });
}

// A thread's local memory is as large as its kernel declares, so the stack has no limit to set.
VGPU_API CUresult cuCtxSetLimit(int limit, std::size_t) {
    return inContext(__func__, [&](Context&) {
        require(limit >= 0 && limit < kLimits, "unknown limit");
        if (limit != kLimitStackBytes) {
            throw Fault(CUDA_ERROR_UNSUPPORTED_LIMIT, "the virtual GPU does not have this limit");
        }
    });
}

VGPU_API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    return inContext(__func__, [&](Context&) {
        if (least != nullptr) {
            *least = 0;
        }
        if (greatest != nullptr) {
            *greatest = -5;
        }
    });
}

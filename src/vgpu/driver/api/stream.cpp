// Streams, and their capture into graphs.
#include <algorithm>

#include "driver/driver.h"

using namespace vgpu;

namespace {

constexpr int CU_STREAM_CAPTURE_STATUS_NONE = 0;
constexpr int CU_STREAM_CAPTURE_STATUS_ACTIVE = 1;
constexpr int CU_STREAM_CAPTURE_STATUS_INVALIDATED = 2;

void checkNotCapturing(const Stream& stream) {
    if (stream.capture) {
        invalidate(*stream.capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                   "the stream is being captured");
    }
}

CUresult create(const char* call, CUstream* stream, unsigned flags, int priority) {
    return inContext(call, [&](Context& context) {
        require(stream != nullptr, "null pointer");
        require((flags & ~CU_STREAM_NON_BLOCKING) == 0, "unknown flags");
        *stream = context.streams.add(
            context.scheduler.createStream(flags, std::clamp(priority, -5, 0)));
    });
}

}  // namespace

VGPU_API CUresult cuStreamCreate(CUstream* stream, unsigned flags) {
    return create(__func__, stream, flags, 0);
}

VGPU_API CUresult cuStreamCreateWithPriority(CUstream* stream, unsigned flags, int priority) {
    return create(__func__, stream, flags, priority);
}

// What is queued still runs.
VGPU_API CUresult cuStreamDestroy_v2(CUstream handle) {
    return inContext(__func__, [&](Context& context) {
        const auto stream = context.streams.remove(handle);
        if (stream->capture) {
            stream->capture->valid = false;
            stream->capture = nullptr;
        }
        context.scheduler.destroy(*stream);
    });
}

VGPU_API CUresult cuStreamGetFlags(CUstream handle, unsigned* flags) {
    return inContext(__func__, [&](Context& context) {
        require(flags != nullptr, "null pointer");
        *flags = context.stream(handle).flags;
    });
}

VGPU_API CUresult cuStreamGetPriority(CUstream handle, int* priority) {
    return inContext(__func__, [&](Context& context) {
        require(priority != nullptr, "null pointer");
        *priority = context.stream(handle).priority;
    });
}

VGPU_API CUresult cuStreamSynchronize(CUstream handle) {
    return inContext(__func__, [&](Context& context) {
        Stream& stream = context.stream(handle);
        checkNotCapturing(stream);
        context.synchronise(context.submit(stream, nullptr));
    });
}

// Each query that finds work lets one piece of it run, so that a loop of queries ends.
VGPU_API CUresult cuStreamQuery(CUstream handle) {
    return inContext(__func__, [&](Context& context) {
        Stream& stream = context.stream(handle);
        checkNotCapturing(stream);
        if (!stream.queue.empty()) {
            context.scheduler.step();
            throw Fault(CUDA_ERROR_NOT_READY, "work is still queued");
        }
    });
}

VGPU_API CUresult cuStreamWaitEvent(CUstream handle, CUevent eventHandle, unsigned flags) {
    return inContext(__func__, [&](Context& context) {
        require(flags == 0, "unknown flags");
        Stream& stream = context.stream(handle);
        const Event& event = *context.events.get(eventHandle);
        if (stream.capture || event.capture) {
            require(&stream != &context.scheduler.legacy(),
                    "the default stream cannot be captured");
            captureWait(stream, event);
        } else if (event.work && !event.work->done) {
            stream.waits.push_back(event.work);
        }
    });
}

VGPU_API CUresult cuStreamBeginCapture_v2(CUstream handle, int mode) {
    return inContext(__func__, [&](Context& context) {
        require(mode >= 0 && mode <= 2, "unknown mode");
        Stream& stream = context.stream(handle);
        if (&stream == &context.scheduler.legacy()) {
            throw Fault(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                        "the default stream cannot be captured");
        }
        if (stream.capture) {
            throw Fault(CUDA_ERROR_ILLEGAL_STATE, "the stream is being captured already");
        }
        beginCapture(stream, static_cast<CaptureMode>(mode));
    });
}

VGPU_API CUresult cuStreamEndCapture(CUstream handle, CUgraph* graph) {
    return inContext(__func__, [&](Context& context) {
        require(graph != nullptr, "null pointer");
        *graph = nullptr;
        Stream& stream = context.stream(handle);
        if (!stream.capture) {
            throw Fault(CUDA_ERROR_ILLEGAL_STATE, "the stream is not being captured");
        }
        *graph = context.graphs.add(
            std::make_shared<const Graph>(endCapture(stream, context.scheduler.streams())));
    });
}

VGPU_API CUresult cuStreamIsCapturing(CUstream handle, int* status) {
    return inContext(__func__, [&](Context& context) {
        require(status != nullptr, "null pointer");
        const Stream& stream = context.stream(handle);
        *status = !stream.capture         ? CU_STREAM_CAPTURE_STATUS_NONE
                  : stream.capture->valid ? CU_STREAM_CAPTURE_STATUS_ACTIVE
                                          : CU_STREAM_CAPTURE_STATUS_INVALIDATED;
    });
}

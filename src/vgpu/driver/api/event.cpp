// Events: marks in streams.
#include "driver/driver.h"

using namespace vgpu;

namespace {

constexpr unsigned kEventFlags = 3;  // blocking synchronisation, no timing

void checkNotCaptured(const Event& event) {
    if (event.capture) {
        invalidate(*event.capture, CUDA_ERROR_CAPTURED_EVENT,
                   "the event was last recorded in a stream that was being captured");
    }
}

CUresult record(const char* call, CUevent eventHandle, CUstream streamHandle) {
    return inContext(call, [&](Context& context) {
        Event& event = *context.events.get(eventHandle);
        Stream& stream = context.stream(streamHandle);
        if (stream.capture) {
            if (!stream.capture->valid) {
                throw Fault(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED,
                            "an earlier call broke the capture");
            }
            event.capture = stream.capture;
            event.captureTips = stream.captureTips;
            event.work = nullptr;
        } else {
            event.work = context.submit(stream, nullptr);
            event.capture = nullptr;
        }
    });
}

}  // namespace

VGPU_API CUresult cuEventCreate(CUevent* event, unsigned flags) {
    return inContext(__func__, [&](Context& context) {
        require(event != nullptr, "null pointer");
        require((flags & ~kEventFlags) == 0, "unknown flags");
        auto created = std::make_shared<Event>();
        created->flags = flags;
        *event = context.events.add(std::move(created));
    });
}

VGPU_API CUresult cuEventDestroy_v2(CUevent event) {
    return inContext(__func__, [&](Context& context) { context.events.remove(event); });
}

VGPU_API CUresult cuEventRecord(CUevent event, CUstream stream) {
    return record(__func__, event, stream);
}

VGPU_API CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
    if (flags != 0) {
        return guarded(__func__, [](Driver&) {
            throw Fault(CUDA_ERROR_NOT_SUPPORTED, "external events are not supported");
        });
    }
    return record(__func__, event, stream);
}

// Lets one piece of work run where the event is not reached, so that a loop of queries ends.
VGPU_API CUresult cuEventQuery(CUevent handle) {
    return inContext(__func__, [&](Context& context) {
        const Event& event = *context.events.get(handle);
        checkNotCaptured(event);
        context.checkNoCapture();
        if (event.work && !event.work->done) {
            context.scheduler.step();
            throw Fault(CUDA_ERROR_NOT_READY, "the event is not reached");
        }
    });
}

VGPU_API CUresult cuEventSynchronize(CUevent handle) {
    return inContext(__func__, [&](Context& context) {
        const Event& event = *context.events.get(handle);
        checkNotCaptured(event);
        context.checkNoCapture();
        context.synchronise(event.work);
    });
}

// Modelled: see driver/timing.h.
VGPU_API CUresult cuEventElapsedTime(float* milliseconds, CUevent startHandle, CUevent endHandle) {
    return inContext(__func__, [&](Context& context) {
        require(milliseconds != nullptr, "null pointer");
        const Event& start = *context.events.get(startHandle);
        const Event& end = *context.events.get(endHandle);
        for (const Event* event : {&start, &end}) {
            if ((event->flags & CU_EVENT_DISABLE_TIMING) != 0 || !event->work) {
                throw Fault(CUDA_ERROR_INVALID_HANDLE,
                            "an event without timing, or that was never recorded");
            }
        }
        if (!start.work->done || !end.work->done) {
            throw Fault(CUDA_ERROR_NOT_READY, "an event is not reached");
        }
        *milliseconds = static_cast<float>((end.work->finished - start.work->finished) * 1e3);
    });
}

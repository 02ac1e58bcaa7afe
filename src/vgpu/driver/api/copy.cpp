// Copies and memsets. A copy between the device and page-locked memory reads and writes the host
// when it runs, not when it is called; pageable memory is staged, as the driver documents.
#include <algorithm>
#include <cstring>

#include "driver/driver.h"
#include "driver/timing.h"

using namespace vgpu;

namespace {

enum class Wait { Yes, No };

// Checks a range of device memory at the call: as the driver does, a wrong one is an invalid value.
void checkRange(const Context& context, CUdeviceptr address, std::size_t bytes) {
    try {
        context.memory.require(address, bytes);
    } catch (const Fault& fault) {
        throw Fault(CUDA_ERROR_INVALID_VALUE, fault.what());
    }
}

void checkHost(const Context& context, const void* host) {
    require(host != nullptr, "the host pointer is null");
    require(context.memory.find(reinterpret_cast<std::uintptr_t>(host)) == nullptr,
            "the host pointer is a device address");
}

std::uint8_t* writable(const Context& context, CUdeviceptr address, std::size_t bytes) {
    const Allocation& allocation = context.memory.require(address, bytes);
    const std::size_t offset = address - allocation.address;
    std::memset(allocation.written.get() + offset, 1, bytes);
    return allocation.data.get() + offset;
}

const std::uint8_t* readable(const Context& context, CUdeviceptr address, std::size_t bytes) {
    const Allocation& allocation = context.memory.require(address, bytes);
    return allocation.data.get() + (address - allocation.address);
}

// The action, with the call and the size in front of its faults.
Action named(const char* call, std::size_t bytes, std::function<void()> run) {
    return [=](std::uint64_t) {
        try {
            run();
        } catch (const Fault& fault) {
            throw Fault(fault.status, std::string(call) + " of " + std::to_string(bytes) +
                                          " bytes: " + fault.what());
        }
    };
}

void checkAlive(const PinnedMemory& memory) {
    if (memory.freed) {
        throw Fault(CUDA_ERROR_ILLEGAL_ADDRESS,
                    "its page-locked host memory was freed before the copy ran");
    }
}

void checkNotCaptured(const Stream& stream) {
    if (stream.capture) {
        invalidate(*stream.capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                   "a copy of pageable host memory cannot be captured");
    }
}

void copyToDevice(const char* call, Context& context, CUdeviceptr target, const void* source,
                  std::size_t bytes, Stream& stream, Wait wait) {
    if (bytes == 0) {
        return;
    }
    checkRange(context, target, bytes);
    checkHost(context, source);
    const auto count = [bytes] {
        driver().statistics.api.copiesHostToDevice++;
        driver().statistics.api.bytesHostToDevice += bytes;
        driver().workSeconds += static_cast<double>(bytes) / kHostBytesPerSecond;
    };
    const auto pinned = context.findPinned(source, bytes);
    if (pinned) {
        const auto work = context.submit(stream, named(call, bytes, [=, &context] {
                                             checkAlive(*pinned);
                                             std::memcpy(writable(context, target, bytes), source,
                                                         bytes);
                                             count();
                                         }));
        if (wait == Wait::Yes) {
            context.synchronise(work);
        }
        return;
    }
    checkNotCaptured(stream);
    if (wait == Wait::Yes) {
        // The stream is synchronised before the bytes are staged; the copy itself may come later.
        context.synchronise(context.submit(stream, nullptr));
    }
    const auto* const first = static_cast<const std::uint8_t*>(source);
    auto staged = std::make_shared<std::vector<std::uint8_t>>(first, first + bytes);
    context.submit(stream, named(call, bytes, [=, &context] {
                       std::memcpy(writable(context, target, bytes), staged->data(), bytes);
                       count();
                   }));
}

void copyToHost(const char* call, Context& context, void* target, CUdeviceptr source,
                std::size_t bytes, Stream& stream, Wait wait) {
    if (bytes == 0) {
        return;
    }
    checkRange(context, source, bytes);
    checkHost(context, target);
    const auto pinned = context.findPinned(target, bytes);
    if (!pinned) {
        checkNotCaptured(stream);
    }
    const auto work =
        context.submit(stream, named(call, bytes, [=, &context] {
                           if (pinned) {
                               checkAlive(*pinned);
                           }
                           std::memcpy(target, readable(context, source, bytes), bytes);
                           driver().statistics.api.copiesDeviceToHost++;
                           driver().statistics.api.bytesDeviceToHost += bytes;
                           driver().workSeconds +=
                               static_cast<double>(bytes) / kHostBytesPerSecond;
                       }));
    if (wait == Wait::Yes || !pinned) {
        context.synchronise(work);
    }
}

void copyOnDevice(const char* call, Context& context, CUdeviceptr target, CUdeviceptr source,
                  std::size_t bytes, Stream& stream) {
    if (bytes == 0) {
        return;
    }
    checkRange(context, target, bytes);
    checkRange(context, source, bytes);
    context.submit(stream, named(call, bytes, [=, &context] {
                       const Allocation& from = context.memory.require(source, bytes);
                       const Allocation& to = context.memory.require(target, bytes);
                       const std::size_t read = source - from.address;
                       const std::size_t write = target - to.address;
                       std::memmove(to.data.get() + write, from.data.get() + read, bytes);
                       std::memmove(to.written.get() + write, from.written.get() + read, bytes);
                       driver().statistics.api.copiesDeviceToDevice++;
                       driver().statistics.api.bytesDeviceToDevice += bytes;
                       driver().workSeconds += 2 * static_cast<double>(bytes) / kBytesPerSecond;
                   }));
}

template <class Value>
CUresult fill(const char* call, CUdeviceptr target, Value value, std::size_t count,
              CUstream stream) {
    return inContext(call, [&](Context& context) {
        if (count == 0) {
            return;
        }
        require(target % sizeof(Value) == 0, "the address is not aligned to the value");
        require(count <= context.memory.capacity(), "more values than the device has memory");
        const std::size_t bytes = count * sizeof(Value);
        checkRange(context, target, bytes);
        context.submit(context.stream(stream), named(call, bytes, [=, &context] {
                           std::uint8_t* const first = writable(context, target, bytes);
                           for (std::size_t i = 0; i < count; i++) {
                               std::memcpy(first + i * sizeof(Value), &value, sizeof(Value));
                           }
                           driver().statistics.api.memsets++;
                           driver().statistics.api.memsetBytes += bytes;
                           driver().workSeconds += static_cast<double>(bytes) / kBytesPerSecond;
                       }));
    });
}

}  // namespace

VGPU_API CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void* source, std::size_t bytes) {
    return inContext(__func__, [&](Context& context) {
        context.checkNoCapture();
        copyToDevice("cuMemcpyHtoD", context, target, source, bytes, context.scheduler.legacy(),
                     Wait::Yes);
    });
}

VGPU_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, std::size_t bytes,
                                       CUstream stream) {
    return inContext(__func__, [&](Context& context) {
        copyToDevice("cuMemcpyHtoDAsync", context, target, source, bytes, context.stream(stream),
                     Wait::No);
    });
}

VGPU_API CUresult cuMemcpyDtoH_v2(void* target, CUdeviceptr source, std::size_t bytes) {
    return inContext(__func__, [&](Context& context) {
        context.checkNoCapture();
        copyToHost("cuMemcpyDtoH", context, target, source, bytes, context.scheduler.legacy(),
                   Wait::Yes);
    });
}

VGPU_API CUresult cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, std::size_t bytes,
                                       CUstream stream) {
    return inContext(__func__, [&](Context& context) {
        copyToHost("cuMemcpyDtoHAsync", context, target, source, bytes, context.stream(stream),
                   Wait::No);
    });
}

VGPU_API CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, std::size_t bytes) {
    return inContext(__func__, [&](Context& context) {
        context.checkNoCapture();
        copyOnDevice("cuMemcpyDtoD", context, target, source, bytes, context.scheduler.legacy());
    });
}

VGPU_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, std::size_t bytes,
                                       CUstream stream) {
    return inContext(__func__, [&](Context& context) {
        copyOnDevice("cuMemcpyDtoDAsync", context, target, source, bytes, context.stream(stream));
    });
}

VGPU_API CUresult cuMemsetD8_v2(CUdeviceptr target, unsigned char value, std::size_t count) {
    return fill(__func__, target, value, count, nullptr);
}

VGPU_API CUresult cuMemsetD16_v2(CUdeviceptr target, unsigned short value, std::size_t count) {
    return fill(__func__, target, value, count, nullptr);
}

VGPU_API CUresult cuMemsetD32_v2(CUdeviceptr target, unsigned value, std::size_t count) {
    return fill(__func__, target, value, count, nullptr);
}

VGPU_API CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, std::size_t count,
                                  CUstream stream) {
    return fill(__func__, target, value, count, stream);
}

VGPU_API CUresult cuMemsetD16Async(CUdeviceptr target, unsigned short value, std::size_t count,
                                   CUstream stream) {
    return fill(__func__, target, value, count, stream);
}

VGPU_API CUresult cuMemsetD32Async(CUdeviceptr target, unsigned value, std::size_t count,
                                   CUstream stream) {
    return fill(__func__, target, value, count, stream);
}

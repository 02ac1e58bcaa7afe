// Contexts: what the calling thread works with, and their end.
#include "driver/driver.h"

#include <cstdio>
#include <iterator>

namespace vgpu {

std::uintptr_t nextHandle() {
    static std::uintptr_t next = 0xC0DE0000;
    return next += 16;
}

Driver& driver() {
    // Never destroyed: other threads may still call when the process ends.
    static Driver* const state = new Driver;
    return *state;
}

std::vector<CUcontext>& contextStack() {
    thread_local std::vector<CUcontext> stack;
    return stack;
}

void require(bool condition, const char* message) {
    if (!condition) {
        throw Fault(CUDA_ERROR_INVALID_VALUE, message);
    }
}

void checkDevice(CUdevice device) {
    if (device != 0) {
        throw Fault(CUDA_ERROR_INVALID_DEVICE, "the only device is 0");
    }
}

Stream& Context::stream(CUstream handle) {
    return handle == nullptr ? scheduler.legacy() : *streams.get(handle);
}

std::shared_ptr<PinnedMemory> Context::findPinned(const void* host, std::size_t bytes) const {
    const auto* const first = static_cast<const std::uint8_t*>(host);
    const auto next = pinned.upper_bound(first);
    if (next == pinned.begin()) {
        return nullptr;
    }
    const auto& [start, memory] = *std::prev(next);
    const auto offset = static_cast<std::size_t>(first - start);
    if (offset >= memory->size) {
        return nullptr;
    }
    require(bytes <= memory->size - offset, "the range leaves its page-locked memory");
    return memory;
}

std::shared_ptr<Work> Context::submit(Stream& stream, Action action) {
    if (stream.capture) {
        captureNode(stream, std::move(action));
        return nullptr;
    }
    if (&stream == &scheduler.legacy()) {
        for (const auto& other : scheduler.streams()) {
            if (other->capture && other->blocking()) {
                invalidate(*other->capture, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT,
                           "the default stream would wait for a stream that is being captured");
            }
        }
    }
    return scheduler.enqueue(stream, std::move(action));
}

void Context::synchronise(const std::shared_ptr<Work>& work) {
    driver().statistics.api.synchronisations++;
    scheduler.wait(work);
}

void Context::synchroniseAll() {
    driver().statistics.api.synchronisations++;
    scheduler.waitAll();
}

void Context::checkNoCapture() {
    for (const auto& stream : scheduler.streams()) {
        Capture* const capture = stream->capture.get();
        if (capture != nullptr && capture->mode != CaptureMode::Relaxed &&
            (capture->mode == CaptureMode::Global ||
             capture->thread == std::this_thread::get_id())) {
            invalidate(*capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                       "not allowed while a stream is captured");
        }
    }
}

Driver::Driver() {
    try {
        settings = readSettings();
    } catch (const Fault& fault) {
        settingsError = fault.what();
    }
}

CUcontext Driver::createContext() {
    // Each context has addresses of its own, so that a pointer of another one is found.
    static std::uint64_t created = 0;
    const std::uint64_t base = (std::uint64_t{0x7A} << 40) + (created++ % 32 << 36);
    const auto handle = reinterpret_cast<CUcontext>(nextHandle());
    contexts.emplace(handle, std::make_unique<Context>(settings, base));
    return handle;
}

void Driver::destroyContext(CUcontext handle) {
    const auto found = contexts.find(handle);
    if (found == contexts.end()) {
        throw Fault(CUDA_ERROR_INVALID_CONTEXT, "the context is unknown or was destroyed");
    }
    try {
        found->second->scheduler.waitAll();
    } catch (const Broken&) {
        // Told on stderr; the context goes away all the same.
    }
    contexts.erase(found);
    writeCounters();
}

Context& Driver::current() {
    if (contextStack().empty() || contextStack().back() == nullptr) {
        throw Fault(CUDA_ERROR_INVALID_CONTEXT, "this thread has no current context");
    }
    const auto found = contexts.find(contextStack().back());
    if (found == contexts.end()) {
        throw Fault(CUDA_ERROR_CONTEXT_IS_DESTROYED, "the current context was destroyed");
    }
    return *found->second;
}

void Driver::report(const std::string& message) {
    lastFault = message;
    std::fprintf(stderr, "virtual GPU: %s\n", message.c_str());
}

void Driver::writeCounters() const {
    if (!settings.countersPath.empty() && !statistics.write(settings.countersPath)) {
        std::fprintf(stderr, "virtual GPU: cannot write %s\n", settings.countersPath.c_str());
    }
}

}  // namespace vgpu

// The state of the driver: settings, contexts and what belongs to them, and how a call is guarded.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "driver/graph.h"
#include "driver/settings.h"
#include "driver/statistics.h"
#include "driver/stream.h"
#include "execute/memory/device.h"
#include "execute/module.h"

// An entry point that programs link to.
#define VGPU_API extern "C" __attribute__((visibility("default")))

namespace vgpu {

// A number that was never a handle before.
std::uintptr_t nextHandle();

// The live objects of one kind. Handles are never given out twice, so that a stale one is found.
template <class Handle, class Object>
class Handles {
   public:
    explicit Handles(const char* kind) : kind_(kind) {}

    Handle add(std::shared_ptr<Object> object) {
        const std::uintptr_t handle = nextHandle();
        objects_.emplace(handle, std::move(object));
        return reinterpret_cast<Handle>(handle);
    }

    const std::shared_ptr<Object>& get(Handle handle) const {
        const auto found = objects_.find(reinterpret_cast<std::uintptr_t>(handle));
        if (found == objects_.end()) {
            throw Fault(CUDA_ERROR_INVALID_HANDLE,
                        std::string("the ") + kind_ + " is unknown or was destroyed");
        }
        return found->second;
    }

    std::shared_ptr<Object> remove(Handle handle) {
        std::shared_ptr<Object> object = get(handle);
        objects_.erase(reinterpret_cast<std::uintptr_t>(handle));
        return object;
    }

   private:
    const char* kind_;
    std::map<std::uintptr_t, std::shared_ptr<Object>> objects_;
};

// Shared memory of a block that did not opt in to more.
constexpr std::size_t kSharedBytes = 49152;

struct LoadedModule {
    std::unique_ptr<Module> module;
    std::map<std::string, CUfunction> functions;  // those that were asked for
    bool unloaded = false;
};

struct Function {
    std::shared_ptr<LoadedModule> owner;
    const Kernel* kernel;
    std::size_t maxDynamicSharedBytes;  // cuFuncSetAttribute raises it
};

// Page-locked host memory: asynchronous copies touch it only when they run.
struct PinnedMemory {
    std::unique_ptr<std::uint8_t[]> data;
    std::size_t size;
    bool freed = false;
};

struct Context {
    Context(const Settings& settings, std::uint64_t memoryBase)
        : memory(settings.memoryBytes, memoryBase), scheduler(settings.seed) {}

    Memory memory;
    Scheduler scheduler;
    std::map<const std::uint8_t*, std::shared_ptr<PinnedMemory>> pinned;
    Handles<CUmodule, LoadedModule> modules{"module"};
    Handles<CUfunction, Function> functions{"function"};
    Handles<CUstream, Stream> streams{"stream"};
    Handles<CUevent, Event> events{"event"};
    Handles<CUgraph, const Graph> graphs{"graph"};
    Handles<CUgraphExec, GraphExec> graphExecs{"executable graph"};

    // A null handle is the legacy default stream.
    Stream& stream(CUstream handle);

    // The page-locked memory that holds the range; null where it is pageable. Throws where the
    // range reaches over the end.
    std::shared_ptr<PinnedMemory> findPinned(const void* host, std::size_t bytes) const;

    // Queues on the stream, or captures. Null where it was captured.
    std::shared_ptr<Work> submit(Stream& stream, Action action);

    // Makes the host wait for the work.
    void synchronise(const std::shared_ptr<Work>& work);
    void synchroniseAll();

    // For calls that are unsafe while a stream is captured: breaks the captures that forbid them.
    void checkNoCapture();
};

class Driver {
   public:
    Driver();

    std::mutex mutex;
    bool initialised = false;
    std::string settingsError;  // what is wrong with the environment; cuInit tells it
    Settings settings;
    Statistics statistics;
    std::map<CUcontext, std::unique_ptr<Context>> contexts;
    CUcontext primary = nullptr;
    int primaryRetains = 0;
    unsigned primaryFlags = 0;
    std::string lastFault;
    double workSeconds = 0;  // modelled, of the work that runs; what it does adds to it

    CUcontext createContext();

    // Runs what is queued, then frees everything.
    void destroyContext(CUcontext handle);

    // The context of the calling thread. Throws where there is none.
    Context& current();

    // Remembers a fault of queued work and tells it on stderr.
    void report(const std::string& message);

    // Writes the counters where the environment says.
    void writeCounters() const;
};

Driver& driver();

// The contexts of the calling thread, the current one last.
std::vector<CUcontext>& contextStack();

// The one way into the driver: takes the lock and turns what is thrown into a status.
template <class Body>
CUresult guarded(const char* call, Body body) noexcept {
    Driver& state = driver();
    const std::lock_guard<std::mutex> lock(state.mutex);
    try {
        body(state);
        return CUDA_SUCCESS;
    } catch (const Broken& broken) {
        return broken.status;
    } catch (const Fault& fault) {
        if (fault.status != CUDA_ERROR_NOT_READY) {
            state.lastFault = std::string(call) + ": " + fault.what();
        }
        return fault.status;
    } catch (const std::bad_alloc&) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    } catch (...) {
        return CUDA_ERROR_UNKNOWN;
    }
}

// For calls that need cuInit.
template <class Body>
CUresult initialised(const char* call, Body body) noexcept {
    return guarded(call, [&](Driver& state) {
        if (!state.initialised) {
            throw Fault(CUDA_ERROR_NOT_INITIALIZED, "cuInit was not called");
        }
        body(state);
    });
}

// For calls that need a context that no fault has broken.
template <class Body>
CUresult inContext(const char* call, Body body) noexcept {
    return initialised(call, [&](Driver& state) {
        Context& context = state.current();
        if (context.scheduler.broken() != CUDA_SUCCESS) {
            throw Broken{context.scheduler.broken()};
        }
        body(context);
    });
}

// Throws CUDA_ERROR_INVALID_VALUE with the words.
void require(bool condition, const char* message);

// Throws CUDA_ERROR_INVALID_DEVICE for any device but 0.
void checkDevice(CUdevice device);

}  // namespace vgpu

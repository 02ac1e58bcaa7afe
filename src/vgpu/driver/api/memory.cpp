// Device memory and page-locked host memory.
#include <cstring>

#include "driver/driver.h"

using namespace vgpu;

namespace {

constexpr unsigned kHostFlags = 7;  // portable, device map, write combined
constexpr int kPoison = 0xFF;
constexpr int CU_POINTER_ATTRIBUTE_MEMORY_TYPE = 2;
constexpr unsigned CU_MEMORYTYPE_HOST = 1;
constexpr unsigned CU_MEMORYTYPE_DEVICE = 2;

CUresult allocateHost(const char* call, void** pointer, std::size_t bytes, unsigned flags) {
    return inContext(call, [&](Context& context) {
        require(pointer != nullptr, "null pointer");
        require(bytes > 0, "allocation of 0 bytes");
        require((flags & ~kHostFlags) == 0, "unknown flags");
        context.checkNoCapture();
        auto memory = std::make_shared<PinnedMemory>();
        memory->data.reset(new std::uint8_t[bytes]);
        memory->size = bytes;
        std::memset(memory->data.get(), kPoison, bytes);
        *pointer = memory->data.get();
        context.pinned.emplace(memory->data.get(), memory);
    });
}

}  // namespace

VGPU_API CUresult cuMemAlloc_v2(CUdeviceptr* address, std::size_t bytes) {
    return inContext(__func__, [&](Context& context) {
        require(address != nullptr, "null pointer");
        context.checkNoCapture();
        *address = context.memory.allocate(bytes);
        ApiCounters& counters = driver().statistics.api;
        counters.allocations++;
        counters.allocatedBytes += bytes;
    });
}

// Waits for all queued work first, as the hardware's driver does.
VGPU_API CUresult cuMemFree_v2(CUdeviceptr address) {
    return inContext(__func__, [&](Context& context) {
        if (address == 0) {
            return;
        }
        context.checkNoCapture();
        context.scheduler.waitAll();
        context.memory.free(address);
        driver().statistics.api.frees++;
    });
}

VGPU_API CUresult cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
    return inContext(__func__, [&](Context& context) {
        require(free != nullptr && total != nullptr, "null pointer");
        *free = context.memory.capacity() - context.memory.used();
        *total = context.memory.capacity();
    });
}

VGPU_API CUresult cuMemGetAddressRange_v2(CUdeviceptr* base, std::size_t* size,
                                          CUdeviceptr address) {
    return inContext(__func__, [&](Context& context) {
        const Allocation* const allocation = context.memory.find(address);
        if (allocation == nullptr) {
            throw Fault(CUDA_ERROR_NOT_FOUND, context.memory.explain(address, 1));
        }
        if (base != nullptr) {
            *base = allocation->address;
        }
        if (size != nullptr) {
            *size = allocation->size;
        }
    });
}

VGPU_API CUresult cuMemHostAlloc(void** pointer, std::size_t bytes, unsigned flags) {
    return allocateHost(__func__, pointer, bytes, flags);
}

VGPU_API CUresult cuMemAllocHost_v2(void** pointer, std::size_t bytes) {
    return allocateHost(__func__, pointer, bytes, 0);
}

// Does not wait: a queued copy that still uses the memory is a fault when it runs.
VGPU_API CUresult cuMemFreeHost(void* pointer) {
    return inContext(__func__, [&](Context& context) {
        context.checkNoCapture();
        const auto found = context.pinned.find(static_cast<std::uint8_t*>(pointer));
        require(found != context.pinned.end(), "no page-locked memory starts there");
        found->second->freed = true;
        context.pinned.erase(found);
    });
}

VGPU_API CUresult cuPointerGetAttribute(void* data, int attribute, CUdeviceptr pointer) {
    return inContext(__func__, [&](Context& context) {
        require(data != nullptr, "null pointer");
        if (attribute != CU_POINTER_ATTRIBUTE_MEMORY_TYPE) {
            throw Fault(CUDA_ERROR_NOT_SUPPORTED, "the virtual GPU tells the memory type alone");
        }
        unsigned type = CU_MEMORYTYPE_DEVICE;
        if (context.memory.find(pointer) == nullptr) {
            const auto* const host = reinterpret_cast<const std::uint8_t*>(pointer);
            require(context.findPinned(host, 1) != nullptr, "pageable memory, or none");
            type = CU_MEMORYTYPE_HOST;
        }
        std::memcpy(data, &type, sizeof type);
    });
}

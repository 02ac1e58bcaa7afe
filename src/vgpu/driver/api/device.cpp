// The driver and its one device, which has an H100's figures.
#include <cstdio>
#include <cstring>
#include <map>

#include "driver/driver.h"

using namespace vgpu;

namespace {

constexpr const char* kName = "Virtual GPU (runs PTX on the CPU; times are modelled for an H100)";
constexpr int kDriverVersion = 12060;

// By the numbers of CUdevice_attribute.
const std::map<int, int> kAttributes = {
    {1, 1024},        // threads of a block
    {2, 1024},        // block x
    {3, 1024},        // block y
    {4, 64},          // block z
    {5, 2147483647},  // grid x
    {6, 65535},       // grid y
    {7, 65535},       // grid z
    {8, 49152},       // bytes of shared memory of a block
    {9, 65536},       // bytes of constant memory
    {10, 32},         // threads of a warp
    {11, 2147483647},  // bytes of pitch
    {12, 65536},       // registers of a block
    {13, 1980000},     // clock, kHz
    {14, 512},         // alignment of textures
    {15, 1},           // copies beside kernels
    {16, 132},         // multiprocessors
    {17, 0},           // kernels time out
    {18, 0},           // integrated
    {19, 0},           // maps host memory
    {20, 0},           // compute mode: default
    {31, 1},           // concurrent kernels
    {32, 1},           // ECC
    {33, 0},           // PCI bus
    {34, 0},           // PCI device
    {36, 2619000},     // memory clock, kHz
    {37, 5120},        // bits of the memory bus
    {38, 52428800},    // bytes of L2 cache
    {39, 2048},        // threads of a multiprocessor
    {40, 3},           // copy engines
    {41, 1},           // unified addressing
    {50, 0},           // PCI domain
    {78, 1},           // stream priorities
    {79, 1},           // caches globals in L1
    {80, 1},           // caches locals in L1
    {81, 233472},      // bytes of shared memory of a multiprocessor
    {82, 65536},       // registers of a multiprocessor
    {83, 0},           // managed memory
    {84, 0},           // multi-GPU board
    {88, 0},           // pageable memory access
    {89, 0},           // concurrent managed access
    {95, 0},           // cooperative launch
    {97, 232448},      // bytes of shared memory of a block that opts in
    {106, 32},         // blocks of a multiprocessor
    {111, 1024},       // bytes of shared memory that a block reserves
    {115, 0},          // memory pools
};
constexpr int kCapabilityMajor = 75;
constexpr int kCapabilityMinor = 76;

}  // namespace

VGPU_API CUresult cuInit(unsigned flags) {
    return guarded(__func__, [&](Driver& state) {
        require(flags == 0, "the flags must be 0");
        if (!state.settingsError.empty()) {
            std::fprintf(stderr, "virtual GPU: %s\n", state.settingsError.c_str());
            throw Fault(CUDA_ERROR_INVALID_VALUE, state.settingsError);
        }
        state.initialised = true;
    });
}

VGPU_API CUresult cuDriverGetVersion(int* version) {
    return guarded(__func__, [&](Driver&) {
        require(version != nullptr, "null pointer");
        *version = kDriverVersion;
    });
}

VGPU_API CUresult cuDeviceGetCount(int* count) {
    return initialised(__func__, [&](Driver&) {
        require(count != nullptr, "null pointer");
        *count = 1;
    });
}

VGPU_API CUresult cuDeviceGet(CUdevice* device, int ordinal) {
    return initialised(__func__, [&](Driver&) {
        require(device != nullptr, "null pointer");
        checkDevice(ordinal);
        *device = ordinal;
    });
}

VGPU_API CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
    return initialised(__func__, [&](Driver&) {
        require(name != nullptr && length > 0, "no room for the name");
        checkDevice(device);
        std::snprintf(name, static_cast<std::size_t>(length), "%s", kName);
    });
}

VGPU_API CUresult cuDeviceGetUuid(char* uuid, CUdevice device) {
    return initialised(__func__, [&](Driver&) {
        require(uuid != nullptr, "null pointer");
        checkDevice(device);
        std::memcpy(uuid, "centerloss vgpu", 16);
    });
}

VGPU_API CUresult cuDeviceTotalMem_v2(std::size_t* bytes, CUdevice device) {
    return initialised(__func__, [&](Driver& state) {
        require(bytes != nullptr, "null pointer");
        checkDevice(device);
        *bytes = state.settings.memoryBytes;
    });
}

VGPU_API CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice device) {
    return initialised(__func__, [&](Driver& state) {
        require(major != nullptr && minor != nullptr, "null pointer");
        checkDevice(device);
        *major = state.settings.capability / 10;
        *minor = state.settings.capability % 10;
    });
}

VGPU_API CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device) {
    return initialised(__func__, [&](Driver& state) {
        require(value != nullptr, "null pointer");
        checkDevice(device);
        if (attribute == kCapabilityMajor) {
            *value = state.settings.capability / 10;
        } else if (attribute == kCapabilityMinor) {
            *value = state.settings.capability % 10;
        } else {
            const auto found = kAttributes.find(attribute);
            require(found != kAttributes.end(), "the virtual GPU does not have this attribute");
            *value = found->second;
        }
    });
}

// Marks for a profiler; there is none.
VGPU_API CUresult cuProfilerStart() {
    return inContext(__func__, [](Context&) {});
}

VGPU_API CUresult cuProfilerStop() {
    return inContext(__func__, [](Context&) {});
}

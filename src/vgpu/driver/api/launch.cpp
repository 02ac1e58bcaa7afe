// Functions: their attributes, their occupancy and their launch.
#include <algorithm>
#include <cstring>

#include "driver/driver.h"
#include "driver/timing.h"

using namespace vgpu;

namespace {

// CUfunction_attribute.
enum Attribute {
    MaxThreads = 0,
    SharedBytes = 1,
    ConstantBytes = 2,
    LocalBytes = 3,
    Registers = 4,
    PtxVersion = 5,
    BinaryVersion = 6,
    CacheGlobals = 7,
    MaxDynamicSharedBytes = 8,
    SharedCarveout = 9,
};

constexpr std::size_t kSharedBytesOptIn = 232448;
constexpr std::size_t kSharedBytesMultiprocessor = 233472;
constexpr std::size_t kSharedBytesReserved = 1024;
constexpr int kThreadsMultiprocessor = 2048;
constexpr int kBlocksMultiprocessor = 32;
constexpr int kRegistersMultiprocessor = 65536;
constexpr int kWarp = 32;

int roundUp(int value, int unit) { return (value + unit - 1) / unit * unit; }

void checkLaunch(const Function& function, const Dim3& grid, const Dim3& block,
                 unsigned dynamicSharedBytes) {
    const Kernel& kernel = *function.kernel;
    const auto reject = [&](const std::string& message) {
        throw Fault(CUDA_ERROR_INVALID_VALUE, "kernel '" + kernel.name + "': " + message);
    };
    const auto shape = [](const Dim3& size) {
        return "(" + std::to_string(size.x) + "," + std::to_string(size.y) + "," +
               std::to_string(size.z) + ")";
    };
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 2147483647 || grid.y > 65535 ||
        grid.z > 65535) {
        reject("grid " + shape(grid) + ", but the limits are 1 to (2147483647,65535,65535)");
    }
    if (block.x == 0 || block.y == 0 || block.z == 0 || block.x > 1024 || block.y > 1024 ||
        block.z > 64) {
        reject("block " + shape(block) + ", but the limits are 1 to (1024,1024,64)");
    }
    const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
    const int maxThreads = std::min(kernel.maxThreads, 1024);
    if (threads > static_cast<std::uint64_t>(maxThreads)) {
        reject(std::to_string(threads) + " threads in a block, but it may have " +
               std::to_string(maxThreads));
    }
    if (dynamicSharedBytes > function.maxDynamicSharedBytes) {
        reject(std::to_string(dynamicSharedBytes) +
               " bytes of dynamic shared memory, but it may have " +
               std::to_string(function.maxDynamicSharedBytes));
    }
}

// The parameters' values, copied now.
std::vector<std::uint8_t> packed(const Kernel& kernel, void** values) {
    std::vector<std::uint8_t> bytes(kernel.parameterBytes);
    for (std::size_t i = 0; i < kernel.parameters.size(); i++) {
        const Parameter& parameter = kernel.parameters[i];
        if (values == nullptr || values[i] == nullptr) {
            throw Fault(CUDA_ERROR_INVALID_VALUE, "kernel '" + kernel.name + "': parameter " +
                                                      std::to_string(i) + " is a null pointer");
        }
        std::memcpy(bytes.data() + parameter.offset, values[i], parameter.size);
    }
    return bytes;
}

}  // namespace

VGPU_API CUresult cuLaunchKernel(CUfunction handle, unsigned gridX, unsigned gridY,
                                 unsigned gridZ, unsigned blockX, unsigned blockY,
                                 unsigned blockZ, unsigned sharedBytes, CUstream streamHandle,
                                 void** parameters, void** extra) {
    return inContext(__func__, [&](Context& context) {
        const Function& function = *context.functions.get(handle);
        Stream& stream = context.stream(streamHandle);
        if (extra != nullptr) {
            throw Fault(CUDA_ERROR_NOT_SUPPORTED,
                        "the virtual GPU takes kernel parameters one by one");
        }
        Launch launch;
        launch.kernel = function.kernel;
        launch.grid = {gridX, gridY, gridZ};
        launch.block = {blockX, blockY, blockZ};
        launch.dynamicSharedBytes = sharedBytes;
        checkLaunch(function, launch.grid, launch.block, sharedBytes);
        launch.parameters = packed(*function.kernel, parameters);
        const auto action = [launch, owner = function.owner, &context](std::uint64_t seed) {
            if (owner->unloaded) {
                throw Fault(CUDA_ERROR_LAUNCH_FAILED, "kernel '" + launch.kernel->name +
                                                          "' runs after its module was unloaded");
            }
            Counters counters;
            run(launch, context.memory, counters, seed);
            driver().statistics.kernels[launch.kernel->name] += counters;
            driver().workSeconds += kernelSeconds(counters);
        };
        if (context.submit(stream, action)) {
            driver().statistics.api.kernelLaunches++;
        }
    });
}

VGPU_API CUresult cuFuncGetAttribute(int* value, int attribute, CUfunction handle) {
    return inContext(__func__, [&](Context& context) {
        require(value != nullptr, "null pointer");
        const Function& function = *context.functions.get(handle);
        const Kernel& kernel = *function.kernel;
        switch (attribute) {
            case MaxThreads:
                *value = std::min(kernel.maxThreads, 1024);
                break;
            case SharedBytes:
                *value = static_cast<int>(kernel.sharedBytes);
                break;
            case LocalBytes:
                *value = static_cast<int>(kernel.localBytes);
                break;
            case Registers:
                *value = kernel.registers;
                break;
            case PtxVersion:
                *value = function.owner->module->target;
                break;
            case BinaryVersion:
                *value = driver().settings.capability;
                break;
            case MaxDynamicSharedBytes:
                *value = static_cast<int>(function.maxDynamicSharedBytes);
                break;
            default:
                throw Fault(CUDA_ERROR_INVALID_VALUE, "the virtual GPU does not tell this");
        }
    });
}

VGPU_API CUresult cuFuncSetAttribute(CUfunction handle, int attribute, int value) {
    return inContext(__func__, [&](Context& context) {
        Function& function = *context.functions.get(handle);
        if (attribute == MaxDynamicSharedBytes) {
            require(value >= 0 && function.kernel->sharedBytes + static_cast<std::size_t>(value) <=
                                      kSharedBytesOptIn,
                    "more shared memory than a block can have");
            function.maxDynamicSharedBytes = static_cast<std::size_t>(value);
        } else {
            require(attribute == SharedCarveout && value >= -1 && value <= 100,
                    "the attribute cannot be set so");
        }
    });
}

// A hint; the virtual GPU has no caches.
VGPU_API CUresult cuFuncSetCacheConfig(CUfunction handle, int configuration) {
    return inContext(__func__, [&](Context& context) {
        context.functions.get(handle);
        require(configuration >= 0 && configuration <= 3, "unknown configuration");
    });
}

VGPU_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction handle,
                                                              int blockThreads,
                                                              std::size_t dynamicSharedBytes) {
    return inContext(__func__, [&](Context& context) {
        const Function& function = *context.functions.get(handle);
        const Kernel& kernel = *function.kernel;
        require(blocks != nullptr, "null pointer");
        require(blockThreads > 0 && blockThreads <= std::min(kernel.maxThreads, 1024),
                "the block has no threads, or too many");
        const int threads = roundUp(blockThreads, kWarp);
        const int registers = roundUp(std::clamp(kernel.registers, 16, 255), 8);
        const std::size_t sharedBytes =
            kernel.sharedBytes + dynamicSharedBytes + kSharedBytesReserved;
        *blocks = std::min({kBlocksMultiprocessor, kThreadsMultiprocessor / threads,
                            kRegistersMultiprocessor / (registers * threads),
                            static_cast<int>(kSharedBytesMultiprocessor / sharedBytes)});
    });
}

// Modules: PTX in, functions and variables out, with the words of the parser in the JIT's logs.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <string_view>

#include "driver/driver.h"

using namespace vgpu;

namespace {

constexpr int CU_JIT_INFO_LOG_BUFFER = 3;
constexpr int CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4;
constexpr int CU_JIT_ERROR_LOG_BUFFER = 5;
constexpr int CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6;

std::string version(int number) {
    return std::to_string(number / 10) + "." + std::to_string(number % 10);
}

// The number behind a directive, as 85 for ".version 8.5"; 0 where there is none.
int directive(std::string_view ptx, std::string_view name) {
    const std::size_t found = ptx.find(name);
    if (found == std::string_view::npos) {
        return 0;
    }
    int number = 0;
    bool digits = false;
    for (const char c : ptx.substr(found + name.size(), 16)) {
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            number = number * 10 + (c - '0');
            digits = true;
        } else if (digits && c != '.') {
            break;
        }
    }
    return number;
}

std::unique_ptr<Module> load(std::string_view ptx, Context& context) {
    const Settings& settings = driver().settings;
    const int ptxVersion = directive(ptx, ".version");
    if (ptxVersion == 0) {
        throw Fault(CUDA_ERROR_INVALID_IMAGE, "the image is not PTX text: it has no .version");
    }
    if (ptxVersion > settings.maxPtx) {
        throw Fault(CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
                    "PTX .version " + version(ptxVersion) + " is newer than " +
                        version(settings.maxPtx) + ", the newest that this driver knows");
    }
    const int target = directive(ptx, ".target sm_");
    if (target > settings.capability) {
        throw Fault(CUDA_ERROR_INVALID_PTX, "PTX .target sm_" + std::to_string(target) +
                                                " is newer than this device's sm_" +
                                                std::to_string(settings.capability));
    }
    return parse(ptx, context.memory);
}

// Copies `text` to the option's buffer, and its length to the option that held the buffer's.
void writeLog(int bufferOption, int sizeOption, const std::string& text, unsigned count,
              const int* options, void** values) {
    const int* const end = options + count;
    const auto buffer = std::find(options, end, bufferOption) - options;
    const auto size = std::find(options, end, sizeOption) - options;
    if (buffer == count || size == count || values[buffer] == nullptr) {
        return;
    }
    const auto room = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(values[size]));
    if (room == 0) {
        return;
    }
    const std::size_t length = std::min<std::size_t>(text.size(), room - 1);
    auto* const target = static_cast<char*>(values[buffer]);
    std::memcpy(target, text.data(), length);
    target[length] = 0;
    values[size] = reinterpret_cast<void*>(length);
}

}  // namespace

VGPU_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned optionCount,
                                     int* options, void** values) {
    return inContext(__func__, [&](Context& context) {
        require(module != nullptr && image != nullptr, "null pointer");
        require(optionCount == 0 || (options != nullptr && values != nullptr), "null options");
        context.checkNoCapture();
        std::string error;
        try {
            auto loaded = std::make_shared<LoadedModule>();
            loaded->module = load(static_cast<const char*>(image), context);
            *module = context.modules.add(std::move(loaded));
        } catch (const Fault& fault) {
            error = fault.what();
            writeLog(CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, error,
                     optionCount, options, values);
            throw;
        }
        writeLog(CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, "", optionCount,
                 options, values);
        writeLog(CU_JIT_INFO_LOG_BUFFER, CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES, "", optionCount,
                 options, values);
    });
}

VGPU_API CUresult cuModuleLoadData(CUmodule* module, const void* image) {
    return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr);
}

// A kernel of the module that is still queued is a fault when it runs.
VGPU_API CUresult cuModuleUnload(CUmodule handle) {
    return inContext(__func__, [&](Context& context) {
        context.checkNoCapture();
        const auto loaded = context.modules.remove(handle);
        loaded->unloaded = true;
        for (const auto& [name, function] : loaded->functions) {
            context.functions.remove(function);
        }
        for (const auto& [name, variable] : loaded->module->variables) {
            context.memory.free(variable.first);
        }
    });
}

VGPU_API CUresult cuModuleGetFunction(CUfunction* function, CUmodule handle, const char* name) {
    return inContext(__func__, [&](Context& context) {
        require(function != nullptr && name != nullptr, "null pointer");
        const auto& loaded = context.modules.get(handle);
        const auto known = loaded->functions.find(name);
        if (known != loaded->functions.end()) {
            *function = known->second;
            return;
        }
        const auto kernel = loaded->module->kernels.find(name);
        if (kernel == loaded->module->kernels.end()) {
            throw Fault(CUDA_ERROR_NOT_FOUND, std::string("no .entry '") + name + "'");
        }
        const std::size_t sharedBytes = kernel->second.sharedBytes;
        *function = context.functions.add(std::make_shared<Function>(
            Function{loaded, &kernel->second,
                     kSharedBytes - std::min(kSharedBytes, sharedBytes)}));
        loaded->functions.emplace(name, *function);
    });
}

VGPU_API CUresult cuModuleGetGlobal_v2(CUdeviceptr* address, std::size_t* bytes, CUmodule handle,
                                       const char* name) {
    return inContext(__func__, [&](Context& context) {
        require(name != nullptr, "null pointer");
        const Module& module = *context.modules.get(handle)->module;
        const auto variable = module.variables.find(name);
        if (variable == module.variables.end()) {
            throw Fault(CUDA_ERROR_NOT_FOUND, std::string("no variable '") + name + "'");
        }
        if (address != nullptr) {
            *address = variable->second.first;
        }
        if (bytes != nullptr) {
            *bytes = variable->second.second;
        }
    });
}

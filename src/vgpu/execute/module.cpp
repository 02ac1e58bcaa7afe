// Modules: variables in device memory, and decoded kernels.
#include "execute/module.h"

#include <algorithm>
#include <cstring>

#include "execute/decode/decoder.h"
#include "ptx/parser.h"

namespace vgpu {
namespace {

std::size_t sizeOf(const PtxVariable& variable) {
    std::size_t bytes = typeBytes(variable.type);
    if (bytes == 0) {
        invalid(variable.line, "unknown type '." + variable.type + "'");
    }
    return bytes * variable.count;
}

// The bytes without an initialiser are zero.
void initialize(const PtxVariable& variable, const Decoder::Variables& variables,
                const Allocation& allocation) {
    std::size_t bytes = typeBytes(variable.type);
    std::memset(allocation.data.get(), 0, allocation.size);
    std::memset(allocation.written.get(), 1, allocation.size);
    if (variable.values.size() * bytes > allocation.size) {
        invalid(variable.line, "too many values for '" + variable.name + "'");
    }
    std::size_t at = 0;
    for (const PtxOperand& value : variable.values) {
        std::uint64_t bits = value.number.bits;
        if (value.kind == PtxOperand::Kind::Name) {
            auto named = variables.find(value.name);
            if (named == variables.end()) {
                invalid(variable.line, "unknown initialiser '" + value.name + "'");
            }
            bits += named->second.first;
        } else if (value.kind != PtxOperand::Kind::Number) {
            invalid(variable.line, "an initialiser that is not supported");
        }
        std::memcpy(allocation.data.get() + at, &bits, bytes);
        at += bytes;
    }
}

}  // namespace

std::unique_ptr<Module> parse(std::string_view ptx, Memory& memory) {
    PtxModule text = parsePtx(ptx);
    auto module = std::make_unique<Module>();
    module->ptxVersion = text.version;
    module->target = text.target;
    try {
        for (const PtxVariable& variable : text.variables) {
            if (variable.space != "shared" && !variable.external) {
                std::size_t size = sizeOf(variable);
                module->variables[variable.name] = {memory.allocate(std::max<std::size_t>(size, 1)),
                                                    size};
            }
        }
        for (const PtxVariable& variable : text.variables) {
            auto place = module->variables.find(variable.name);
            if (place != module->variables.end()) {
                initialize(variable, module->variables, *memory.find(place->second.first));
            }
        }
        Decoder decoder(text, module->variables);
        for (const auto& [name, function] : text.functions) {
            if (function.entry) {
                module->kernels[name] = decoder.decode(function);
            }
        }
    } catch (...) {
        for (const auto& [name, place] : module->variables) {
            memory.free(place.first);
        }
        throw;
    }
    return module;
}

}  // namespace vgpu

// Declarations in a kernel: parameters, registers, shared and local variables.
#include <algorithm>

#include "execute/decode/decoder.h"

namespace vgpu {

// Static variables first, then the dynamic ones, which all start at the same place.
void Decoder::placeShared(const PtxFunction& entry) {
    std::uint64_t end = kSharedStart;
    auto place = [&](const PtxVariable& variable) {
        if (variable.space == "shared" && !variable.external &&
            sharedAddresses_.count(variable.name) == 0) {
            std::size_t bytes = typeBytes(variable.type);
            std::size_t alignment = std::max(variable.alignment, std::max<std::size_t>(bytes, 1));
            end = (end + alignment - 1) / alignment * alignment;
            sharedAddresses_[variable.name] = end;
            end += bytes * variable.count;
        }
    };
    std::for_each(module_.variables.begin(), module_.variables.end(), place);
    for (const auto& [name, function] : module_.functions) {
        if (!function.entry || &function == &entry) {
            for (const PtxStatement& statement : function.body) {
                place(statement.variable);
            }
        }
    }
    constexpr std::uint64_t kDynamicAlignment = 16;
    for (const PtxVariable& variable : module_.variables) {
        if (variable.space == "shared" && variable.external) {
            std::uint64_t alignment =
                std::max<std::uint64_t>(kDynamicAlignment, variable.alignment);
            end = (end + alignment - 1) / alignment * alignment;
        }
    }
    for (const PtxVariable& variable : module_.variables) {
        if (variable.space == "shared" && variable.external) {
            sharedAddresses_[variable.name] = end;
        }
    }
    kernel_.sharedBytes = end - kSharedStart;
}

void Decoder::defineParameters(const PtxFunction& entry) {
    for (const PtxVariable& variable : entry.parameters) {
        std::size_t bytes = typeBytes(variable.type);
        std::size_t alignment = std::max(variable.pointer ? 0 : variable.alignment, bytes);
        std::size_t offset = (kernel_.parameterBytes + alignment - 1) / alignment * alignment;
        kernel_.parameters.push_back(
            {variable.type, bytes * variable.count, alignment, offset, variable.pointer});
        kernel_.parameterBytes = offset + bytes * variable.count;
        Symbol symbol{Symbol::Kind::Parameter};
        symbol.address = offset;
        symbol.space = Space::Param;
        scopes_[0][variable.name] = symbol;
    }
}

void Decoder::declare(const PtxVariable& variable) {
    Symbol symbol{};
    if (variable.space == "reg") {
        Type type = parseType(variable.type);
        if (type.bits == 0) {
            fail("unknown register type '." + variable.type + "'");
        }
        for (std::size_t n = 0; n < (variable.numbered ? variable.count : 1); ++n) {
            symbol.bits = type.bits;
            if (type.kind == 'p') {
                symbol.kind = Symbol::Kind::Predicate;
                symbol.operand = static_cast<Operand>(code_->predicates++);
            } else {
                symbol.kind = Symbol::Kind::Register;
                symbol.operand = scratch(type.bits);
                symbol.interval = intervals_.size();
                intervals_.push_back({0, 0, type.bits == 64 ? 2u : 1u, false});
            }
            scopes_.back()[variable.numbered ? variable.name + std::to_string(n)
                                             : variable.name] = symbol;
        }
        return;
    }
    std::size_t bytes = typeBytes(variable.type);
    if (variable.space == "shared") {
        symbol.kind = Symbol::Kind::Address;
        symbol.space = Space::Shared;
        symbol.address = sharedAddresses_.at(variable.name);
    } else if (variable.space == "local") {
        std::size_t alignment = std::max(variable.alignment, std::max<std::size_t>(bytes, 1));
        std::size_t offset = (kernel_.localBytes + alignment - 1) / alignment * alignment;
        kernel_.localBytes = offset + bytes * variable.count;
        symbol.kind = Symbol::Kind::Address;
        symbol.space = Space::Local;
        symbol.address = kLocalStart + offset;
    } else {
        symbol.kind = Symbol::Kind::CallParameter;
        symbol.address = callParameters_++;
    }
    scopes_.back()[variable.name] = symbol;
}

}  // namespace vgpu

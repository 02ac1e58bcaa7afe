// The tokens of PTX text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/fault.h"

namespace vgpu {

struct Token {
    enum class Kind { Word, Number, String, Symbol, End };
    Kind kind;
    std::string_view text;
    std::uint32_t line;
};

std::vector<Token> tokenize(std::string_view ptx);

// Throws CUDA_ERROR_INVALID_PTX, "line 12: ...".
[[noreturn]] void invalid(std::uint32_t line, const std::string& message);

// An immediate: an integer, or the bits of 0f and 8 hexadecimal digits (32) or 0d and 16 (64).
struct Number {
    std::uint64_t bits = 0;
    unsigned floatBits = 0;  // 32 or 64 where it was written as a float
};

Number parseNumber(const Token& token);

}  // namespace vgpu

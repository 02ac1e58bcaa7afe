// A function that is being decoded into the place of its call.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "execute/decode/decoder.h"

namespace vgpu {

struct Decoder::Instance {
    struct Branch {
        std::size_t instruction;
        std::string label;
    };
    const PtxFunction* function;
    std::map<std::string, std::uint32_t> labels;
    std::map<std::string, const PtxStatement*> tables;
    std::vector<Branch> branches;
    std::vector<std::size_t> leaving;  // `ret`s
};

}  // namespace vgpu

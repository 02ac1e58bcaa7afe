// PTX text as a tree: what stands in the file, before anything is known about instructions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ptx/lexer.h"

namespace vgpu {

struct PtxOperand {
    enum class Kind { Name, Number, Address, Vector, List };
    Kind kind = Kind::Name;
    std::string name;              // register, symbol or label; base of an address
    std::string second;            // q of p|q
    bool negated = false;          // !p
    Number number;                 // the immediate, or the offset of an address or symbol
    std::vector<PtxOperand> parts; // of {a, b} or (a, b)
};

// `.reg .b32 %r<5>`, `.shared .align 4 .b8 tile[1024]`, a parameter, ...
struct PtxVariable {
    std::string space;  // "reg", "shared", "param", "local", "global", "const"
    std::string type;   // "b32"
    std::string name;
    std::size_t alignment = 0;
    std::size_t count = 1;     // elements of an array; registers of %r<count>
    bool numbered = false;     // %r<count>
    bool external = false;
    bool pointer = false;
    std::vector<PtxOperand> values;
    std::uint32_t line = 0;
};

struct PtxStatement {
    enum class Kind { Instruction, Label, Open, Close, Variable, Targets };
    Kind kind;
    std::uint32_t line = 0;
    std::uint32_t source = 0;  // index into PtxModule::sources
    std::string guard;
    bool guardNegated = false;
    std::string opcode;  // or the label
    std::vector<PtxOperand> operands;
    PtxVariable variable;
};

struct PtxFunction {
    std::string name;
    bool entry = false;
    std::uint32_t line = 0;
    std::size_t maxThreads = 1024;
    std::vector<PtxVariable> results;
    std::vector<PtxVariable> parameters;
    std::vector<PtxStatement> body;
};

struct PtxModule {
    int version = 0;
    int target = 0;
    std::vector<PtxVariable> variables;
    std::map<std::string, PtxFunction> functions;
    std::vector<std::string> sources;  // "center_loss.cu:45"; the first is empty: unknown
};

}  // namespace vgpu

// Decoded instructions: what the interpreter runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "execute/counters.h"

namespace vgpu {

class Warp;
struct Instruction;

constexpr int kLanes = 32;
constexpr std::uint32_t kFullMask = ~0u;

// Executes one instruction for the lanes of `mask` (never empty, but for branches and barriers).
using Handler = void (*)(Warp& warp, const Instruction& instruction, std::uint32_t mask);

// A register: the word of its lane 0 in the warp's register file, or, with kConstantBit, in the
// code's constants. A lane takes one word, or two where the register is 64 bits wide. Predicates
// are numbered on their own; a predicate is one bit per lane.
using Operand = std::uint32_t;
constexpr Operand kConstantBit = 0x80000000u;
constexpr Operand kFalsePredicate = 0;
constexpr Operand kTruePredicate = 1;

// The windows of the generic address space. Shared and local addresses start above zero, so that a
// null pointer is no variable's address.
constexpr std::uint64_t kSharedWindow = std::uint64_t{1} << 36;
constexpr std::uint64_t kLocalWindow = std::uint64_t{2} << 36;
constexpr std::uint64_t kWindowBytes = std::uint64_t{1} << 32;
constexpr std::uint64_t kSharedStart = 1024;
constexpr std::uint64_t kLocalStart = 64;

enum class Reduction : std::uint8_t { None, Count, And, Or };

enum class Space : std::uint8_t { Generic, Global, Const, Shared, Local, Param };

enum class Special {
    ThreadX, ThreadY, ThreadZ, BlockSizeX, BlockSizeY, BlockSizeZ, BlockX, BlockY, BlockZ,
    GridX, GridY, GridZ, Lane, Warp, WarpCount, LaneMaskEq, LaneMaskLe, LaneMaskLt, LaneMaskGe,
    LaneMaskGt, WarpSize, DynamicSharedBytes
};

struct Instruction {
    Handler handler = nullptr;
    std::uint32_t guard = kTruePredicate;
    std::uint32_t guardFlip = 0;
    Operand out[4] = {};
    Operand in[5] = {};
    std::int64_t immediate = 0;  // address offset, or what the handler likes
    std::uint32_t target = 0;    // of a branch
    std::uint32_t line = 0;      // in the PTX
    std::uint32_t source = 0;    // index into Code::sources
    Space space = Space::Generic;
    bool wideAddress = true;     // the address register has 64 bits
    bool atomic = false;
    bool branch = false;
    Reduction reduction = Reduction::None;  // of bar.red
    bool counted = true;         // false: part of the instruction before or after
    std::uint8_t floatOperations = 0;
    InstructionClass kind = InstructionClass::Other;
};

struct Code {
    std::vector<Instruction> instructions;
    std::vector<std::string> mnemonics;  // one per instruction
    std::vector<std::string> sources;
    std::vector<std::uint32_t> constants;
    std::size_t registerWords = 0;
    std::size_t predicates = 2;
    std::vector<std::pair<Special, Operand>> specials;
    std::vector<std::vector<std::uint32_t>> branchTables;
    std::size_t sharedGranule = 4;  // bytes that one entry of the race check covers
    bool globalAtomics = false;     // then blocks run one after the other, to be repeatable
    // Addresses of .const variables, which nothing may write.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> constantRanges;
};

}  // namespace vgpu

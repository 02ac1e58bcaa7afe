// PTX, parsed and decoded once, and its execution. This is the seam between the driver API
// (driver/) and the interpreter (execute/).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "execute/counters.h"
#include "execute/memory/device.h"

namespace vgpu {

struct Parameter {
    std::string type;  // as in the PTX: "u64", "u32", "f32", "b8"
    std::size_t size;
    std::size_t alignment;
    std::size_t offset;  // in the parameter buffer
    bool pointer;        // declared .ptr
};

struct Code;  // decoded instructions, private to the interpreter

struct Kernel {
    std::string name;
    std::vector<Parameter> parameters;
    std::size_t parameterBytes = 0;
    std::size_t sharedBytes = 0;  // static shared memory of a block
    std::size_t localBytes = 0;   // of a thread
    int registers = 0;            // virtual registers that are alive at most, an estimate
    int maxThreads = 1024;        // .maxntid
    std::shared_ptr<const Code> code;
};

struct Module {
    int ptxVersion;  // 90 for ".version 9.0"
    int target;      // 75 for ".target sm_75"
    std::map<std::string, Kernel> kernels;
    // Module-level .global and .const variables: name to device address and size.
    std::map<std::string, std::pair<std::uint64_t, std::size_t>> variables;
};

// Parses PTX. Module variables are allocated in `memory` and initialised; the caller frees them.
// Throws Fault(CUDA_ERROR_INVALID_PTX) with "line 12: unknown instruction 'foo.bar'" and the like.
std::unique_ptr<Module> parse(std::string_view ptx, Memory& memory);

struct Dim3 {
    unsigned x = 1, y = 1, z = 1;
};

struct Launch {
    const Kernel* kernel;
    Dim3 grid;
    Dim3 block;
    std::size_t dynamicSharedBytes;
    std::vector<std::uint8_t> parameters;  // parameterBytes, laid out by Parameter::offset
};

// Runs a whole grid, blocks in parallel on host threads. `seed` chooses the order of blocks and of
// the warps in a block among the legal ones. Adds to `counters`. Throws Fault with the kernel, the
// PTX line (and the .cu line where .loc tells), block and thread.
void run(const Launch& launch, Memory& memory, Counters& counters, std::uint64_t seed);

}  // namespace vgpu

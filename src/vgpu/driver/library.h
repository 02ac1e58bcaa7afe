// How the virtual libcublas and libcudnn queue their work on the virtual GPU. Theirs is host code,
// but it runs when the stream gets to it, on device memory that is checked as a kernel's is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/cuda.h"

namespace vgpu {

// `count` pieces of `width` bytes, `pitch` bytes apart. A width of 0 is no memory at all.
struct Region {
    std::uint64_t address = 0;
    std::size_t width = 0;
    std::size_t pitch = 0;
    std::size_t count = 1;
    bool updated = false;  // of what is read: the call may write the very same region
};

inline Region inPlace(Region region) {
    region.updated = true;
    return region;
}

// What is read of a result that is added to.
inline Region addend(Region result, float beta) {
    return beta != 0 ? inPlace(result) : Region{};
}

struct Operands {
    std::vector<const float*> reads;  // in the order of LibraryCall::reads
    std::vector<float*> writes;
    std::uint64_t seed;  // chooses among the orders that an algorithm leaves open
};

struct LibraryCall {
    std::string name;  // for counters and messages
    std::vector<Region> reads;  // must lie in live memory, and have been written
    std::vector<Region> writes;
    std::uint64_t floatOperations = 0;
    std::function<void(const Operands&)> run;
};

// Whether the call writes memory that it also reads, or writes twice; what lies between the pieces
// of a region is taken as its own. Results are undefined then, but where a read is `updated`.
__attribute__((visibility("default"))) bool overlapping(const LibraryCall& call);

// Queues the call on a stream, or adds it to the graph that the stream captures.
__attribute__((visibility("default"))) CUresult enqueue(CUstream stream, LibraryCall call);

// Whether there is a context to work in; what the handles of both libraries need.
__attribute__((visibility("default"))) bool hasContext();

}  // namespace vgpu

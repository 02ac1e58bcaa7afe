// Library calls as work of a stream: operands are looked up and checked when the call runs.
#include "driver/library.h"

#include <cstring>

#include "driver/driver.h"
#include "driver/timing.h"

namespace vgpu {

namespace {

// The regions without holes between their pieces are one piece.
Region joined(Region region) {
    if (region.pitch == region.width) {
        region.width *= region.count;
        region.count = 1;
    }
    return region;
}

std::size_t spanOf(const Region& region) {
    return region.width == 0 ? 0 : (region.count - 1) * region.pitch + region.width;
}

bool overlap(const Region& a, const Region& b) {
    return a.width != 0 && b.width != 0 && a.address < b.address + spanOf(b) &&
           b.address < a.address + spanOf(a);
}

bool same(const Region& a, const Region& b) {
    return a.address == b.address && a.width == b.width && a.count == b.count &&
           (a.count == 1 || a.pitch == b.pitch);
}

std::size_t bytesOf(const std::vector<Region>& regions) {
    std::size_t bytes = 0;
    for (const Region& region : regions) {
        bytes += region.width * region.count;
    }
    return bytes;
}

// Host address of a region of live memory; null for none.
std::uint8_t* locate(const LibraryCall& call, const Memory& memory, const Region& region,
                     const char* access) {
    if (region.width == 0) {
        return nullptr;
    }
    try {
        const Allocation& allocation = memory.require(region.address, spanOf(region));
        return allocation.data.get() + (region.address - allocation.address);
    } catch (const Fault& fault) {
        throw Fault(fault.status, call.name + " " + access + ": " + fault.what());
    }
}

void checkWritten(const LibraryCall& call, const Memory& memory, const Region& region,
                  std::size_t operand) {
    const Allocation& allocation = *memory.find(region.address);
    const std::uint8_t* written =
        allocation.written.get() + (region.address - allocation.address);
    for (std::size_t piece = 0; piece < region.count; piece++) {
        const std::uint8_t* from = written + piece * region.pitch;
        const void* hole = std::memchr(from, 0, region.width);
        if (hole != nullptr) {
            throw Fault(CUDA_ERROR_LAUNCH_FAILED,
                        call.name + " reads operand " + std::to_string(operand) +
                            " where nothing was written: byte " +
                            std::to_string(static_cast<const std::uint8_t*>(hole) -
                                           allocation.written.get()) +
                            " of an allocation of " + std::to_string(allocation.size));
        }
    }
}

void markWritten(const Memory& memory, const Region& region) {
    const Allocation& allocation = *memory.find(region.address);
    for (std::size_t piece = 0; piece < region.count; piece++) {
        std::memset(allocation.written.get() + (region.address - allocation.address) +
                        piece * region.pitch,
                    1, region.width);
    }
}

void count(const LibraryCall& call, Counters& counters) {
    constexpr std::size_t sector = 32;
    counters.launches++;
    counters.floatOperations += call.floatOperations;
    const std::size_t read = bytesOf(call.reads), written = bytesOf(call.writes);
    counters.globalBytesRead += read;
    counters.globalBytesWritten += written;
    counters.globalSectorsRead += (read + sector - 1) / sector;
    counters.globalSectorsWritten += (written + sector - 1) / sector;
    counters.globalIdealSectorsRead += (read + sector - 1) / sector;
    counters.globalIdealSectorsWritten += (written + sector - 1) / sector;
}

void execute(const LibraryCall& call, const Memory& memory, std::uint64_t seed) {
    Operands operands;
    operands.seed = seed;
    for (const Region& region : call.reads) {
        operands.reads.push_back(
            reinterpret_cast<const float*>(locate(call, memory, region, "reads")));
        if (region.width != 0) {
            checkWritten(call, memory, region, operands.reads.size());
        }
    }
    for (const Region& region : call.writes) {
        operands.writes.push_back(
            reinterpret_cast<float*>(locate(call, memory, region, "writes")));
    }
    call.run(operands);
    for (const Region& region : call.writes) {
        if (region.width != 0) {
            markWritten(memory, region);
        }
    }
}

}  // namespace

bool overlapping(const LibraryCall& call) {
    for (auto write = call.writes.begin(); write != call.writes.end(); ++write) {
        for (const Region& read : call.reads) {
            if (overlap(*write, read) && !(read.updated && same(*write, read))) {
                return true;
            }
        }
        for (auto other = call.writes.begin(); other != write; ++other) {
            if (overlap(*write, *other)) {
                return true;
            }
        }
    }
    return false;
}

CUresult enqueue(CUstream stream, LibraryCall call) {
    for (auto* regions : {&call.reads, &call.writes}) {
        for (Region& region : *regions) {
            region = joined(region);
        }
    }
    return inContext(call.name.c_str(), [&](Context& context) {
        context.submit(context.stream(stream), [&context, call](std::uint64_t seed) {
            execute(call, context.memory, seed);
            Counters counters;
            count(call, counters);
            driver().statistics.kernels[call.name] += counters;
            driver().workSeconds += kernelSeconds(counters);
        });
    });
}

bool hasContext() {
    return inContext("library handle", [](Context&) {}) == CUDA_SUCCESS;
}

}  // namespace vgpu

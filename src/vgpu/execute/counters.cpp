// Sums what kernels did.
#include "execute/counters.h"

namespace vgpu {

Counters& Counters::operator+=(const Counters& other) {
    launches += other.launches;
    blocks += other.blocks;
    for (std::size_t i = 0; i < kInstructionClasses; i++) {
        instructions[i] += other.instructions[i];
        lanes[i] += other.lanes[i];
    }
    floatOperations += other.floatOperations;
    globalBytesRead += other.globalBytesRead;
    globalBytesWritten += other.globalBytesWritten;
    globalSectorsRead += other.globalSectorsRead;
    globalSectorsWritten += other.globalSectorsWritten;
    globalIdealSectorsRead += other.globalIdealSectorsRead;
    globalIdealSectorsWritten += other.globalIdealSectorsWritten;
    sharedBytesRead += other.sharedBytesRead;
    sharedBytesWritten += other.sharedBytesWritten;
    sharedIdealCycles += other.sharedIdealCycles;
    sharedCycles += other.sharedCycles;
    atomics += other.atomics;
    barriers += other.barriers;
    branches += other.branches;
    divergentBranches += other.divergentBranches;
    return *this;
}

}  // namespace vgpu

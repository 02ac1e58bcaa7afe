// Writes counters as JSON, in a fixed order.
#include "driver/statistics.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <utility>
#include <vector>

namespace vgpu {

namespace {

using Fields = std::vector<std::pair<const char*, std::uint64_t>>;

// In the order of InstructionClass.
constexpr const char* kClassNames[kInstructionClasses] = {
    "float32", "float64", "integer", "conversion", "special", "memory", "control", "other"};

// Kernel names are C identifiers, so nothing needs to be escaped.
std::string object(const Fields& fields, const std::string& indent) {
    std::string text = "{";
    const char* separator = "\n";
    for (const auto& [name, value] : fields) {
        text += separator + indent + "  \"" + name + "\": " + std::to_string(value);
        separator = ",\n";
    }
    return text + "\n" + indent + "}";
}

std::string byClass(const std::array<std::uint64_t, kInstructionClasses>& counts) {
    std::string text = "{";
    for (std::size_t i = 0; i < kInstructionClasses; i++) {
        text += (i > 0 ? ", \"" : "\"") + std::string(kClassNames[i]) +
                "\": " + std::to_string(counts[i]);
    }
    return text + "}";
}

std::string kernelObject(const Counters& c) {
    const std::string rest = object({{"launches", c.launches},
                                     {"blocks", c.blocks},
                                     {"floatOperations", c.floatOperations},
                                     {"globalBytesRead", c.globalBytesRead},
                                     {"globalBytesWritten", c.globalBytesWritten},
                                     {"globalSectorsRead", c.globalSectorsRead},
                                     {"globalSectorsWritten", c.globalSectorsWritten},
                                     {"globalIdealSectorsRead", c.globalIdealSectorsRead},
                                     {"globalIdealSectorsWritten", c.globalIdealSectorsWritten},
                                     {"sharedBytesRead", c.sharedBytesRead},
                                     {"sharedBytesWritten", c.sharedBytesWritten},
                                     {"sharedIdealCycles", c.sharedIdealCycles},
                                     {"sharedCycles", c.sharedCycles},
                                     {"atomics", c.atomics},
                                     {"barriers", c.barriers},
                                     {"branches", c.branches},
                                     {"divergentBranches", c.divergentBranches}},
                                    "    ");
    return "{\n      \"instructions\": " + byClass(c.instructions) +
           ",\n      \"lanes\": " + byClass(c.lanes) + "," + rest.substr(1);
}

}  // namespace

std::string Statistics::json() const {
    const std::string calls = object({{"allocations", api.allocations},
                                      {"allocatedBytes", api.allocatedBytes},
                                      {"frees", api.frees},
                                      {"copiesHostToDevice", api.copiesHostToDevice},
                                      {"bytesHostToDevice", api.bytesHostToDevice},
                                      {"copiesDeviceToHost", api.copiesDeviceToHost},
                                      {"bytesDeviceToHost", api.bytesDeviceToHost},
                                      {"copiesDeviceToDevice", api.copiesDeviceToDevice},
                                      {"bytesDeviceToDevice", api.bytesDeviceToDevice},
                                      {"memsets", api.memsets},
                                      {"memsetBytes", api.memsetBytes},
                                      {"synchronisations", api.synchronisations},
                                      {"kernelLaunches", api.kernelLaunches},
                                      {"graphLaunches", api.graphLaunches},
                                      {"graphNodes", api.graphNodes}},
                                     "  ");
    std::string text = "{\n  \"api\": " + calls + ",\n  \"kernels\": {";
    const char* separator = "\n";
    for (const auto& [name, counters] : kernels) {
        text += separator + ("    \"" + name + "\": ") + kernelObject(counters);
        separator = ",\n";
    }
    return text + (kernels.empty() ? "}\n}\n" : "\n  }\n}\n");
}

bool Statistics::write(const std::string& path) const {
    const std::string draft = path + "." + std::to_string(getpid()) + ".tmp";
    std::ofstream file(draft);
    file << json();
    file.close();
    if (!file || std::rename(draft.c_str(), path.c_str()) != 0) {
        std::remove(draft.c_str());
        return false;
    }
    return true;
}

}  // namespace vgpu

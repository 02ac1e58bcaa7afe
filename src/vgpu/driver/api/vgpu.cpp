// What tests ask of the virtual GPU itself.
#include "driver/driver.h"

using namespace vgpu;

// From now on in place of CENTERLOSS_VGPU_SEED; the sequence of choices starts anew.
VGPU_API void vgpuSetSeed(std::uint64_t seed) {
    guarded(__func__, [&](Driver& state) {
        state.settings.seed = seed;
        for (const auto& [handle, context] : state.contexts) {
            context->scheduler.seed(seed);
        }
    });
}

VGPU_API void vgpuResetCounters() {
    guarded(__func__, [](Driver& state) { state.statistics = Statistics(); });
}

// What is queued is not counted yet.
VGPU_API CUresult vgpuWriteCounters(const char* path) {
    return guarded(__func__, [&](Driver& state) {
        require(path != nullptr && state.statistics.write(path), "the file cannot be written");
    });
}

// The full line of the last fault, or of the last call that failed; valid until the thread asks
// again.
VGPU_API const char* vgpuLastFault() {
    thread_local std::string copy;
    guarded(__func__, [](Driver& state) { copy = state.lastFault; });
    return copy.c_str();
}

namespace {

__attribute__((destructor)) void writeAtExit() {
    guarded(__func__, [](Driver& state) {
        if (state.initialised) {
            state.writeCounters();
        }
    });
}

}  // namespace

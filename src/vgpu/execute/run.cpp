// Runs a grid on host threads.
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "common/random.h"
#include "execute/block.h"
#include "execute/module.h"

namespace vgpu {
namespace {

// The blocks of a grid in an order that a seed chooses: multiples of a step, shifted.
class BlockOrder {
   public:
    BlockOrder(std::uint64_t blocks, std::uint64_t seed) : blocks_(blocks) {
        Random random(seed);
        start_ = random.below(blocks);
        do {
            step_ = 1 + random.below(std::min<std::uint64_t>(blocks, kMostStep));
        } while (std::gcd(step_, blocks) != 1);
    }
    std::uint64_t at(std::uint64_t position) const {
        return (start_ + position * step_) % blocks_;
    }

   private:
    static constexpr std::uint64_t kMostStep = std::uint64_t{1} << 30;
    std::uint64_t blocks_, start_, step_;
};

// What the host threads of a launch share.
struct Progress {
    std::atomic<std::uint64_t> next{0};
    // The first position in the order that failed: whatever thread got there, the same fault is
    // reported, since blocks before it are still run to their ends.
    std::atomic<std::uint64_t> failed{~std::uint64_t{0}};
    std::exception_ptr failure;
    std::mutex mutex;
};

void work(Block& block, const BlockOrder& order, std::uint64_t blocks, std::uint64_t seed,
          Progress& progress) {
    for (;;) {
        std::uint64_t position = progress.next++;
        if (position >= blocks || position > progress.failed) {
            return;
        }
        try {
            block.run(order.at(position), seed);
        } catch (...) {
            std::lock_guard<std::mutex> lock(progress.mutex);
            if (position < progress.failed) {
                progress.failed = position;
                progress.failure = std::current_exception();
            }
            return;
        }
    }
}

}  // namespace

void run(const Launch& launch, Memory& memory, Counters& counters, std::uint64_t seed) {
    std::uint64_t blocks = std::uint64_t{launch.grid.x} * launch.grid.y * launch.grid.z;
    std::uint64_t threads = std::uint64_t{launch.block.x} * launch.block.y * launch.block.z;
    if (blocks == 0 || threads == 0 || threads > 1024 ||
        launch.parameters.size() != launch.kernel->parameterBytes) {
        throw Fault(CUDA_ERROR_INVALID_VALUE, "kernel '" + launch.kernel->name + "': bad launch");
    }
    std::uint64_t workers = launch.kernel->code->globalAtomics
                                ? 1
                                : std::max(1u, std::thread::hardware_concurrency());
    workers = std::min(workers, blocks);
    BlockOrder order(blocks, seed);
    Progress progress;
    std::vector<std::unique_ptr<Block>> workspaces;
    for (std::uint64_t i = 0; i < workers; ++i) {
        workspaces.push_back(std::make_unique<Block>(launch, memory));
    }
    std::vector<std::thread> pool;
    for (std::uint64_t i = 1; i < workers; ++i) {
        pool.emplace_back([&, i] { work(*workspaces[i], order, blocks, seed, progress); });
    }
    work(*workspaces[0], order, blocks, seed, progress);
    for (std::thread& thread : pool) {
        thread.join();
    }
    if (progress.failure) {
        try {
            std::rethrow_exception(progress.failure);
        } catch (const Fault& fault) {
            throw Fault(fault.status,
                        "kernel '" + launch.kernel->name + "': " + fault.what());
        }
    }
    ++counters.launches;
    counters.blocks += blocks;
    for (const auto& workspace : workspaces) {
        workspace->addTo(counters);
    }
}

}  // namespace vgpu

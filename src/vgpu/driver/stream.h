// Streams and events. Work is queued and runs only when something waits for it, in a seeded order
// among those that stream order and events allow, so that a missing synchronisation shows.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "common/fault.h"
#include "common/random.h"

namespace vgpu {

struct Capture;

// What a piece of work does; the seed chooses among the orders that are legal inside it.
using Action = std::function<void(std::uint64_t seed)>;

struct Work {
    Action action;
    std::vector<std::shared_ptr<Work>> dependencies;  // emptied when done
    bool done = false;
    double started = 0;   // modelled seconds, not before what it waits for has ended
    double finished = 0;  // once done
};

constexpr unsigned CU_STREAM_NON_BLOCKING = 1;

struct Stream {
    unsigned flags = 0;
    int priority = 0;
    bool destroyed = false;
    std::deque<std::shared_ptr<Work>> queue;
    std::shared_ptr<Work> last;
    std::vector<std::shared_ptr<Work>> waits;  // that the next work depends on
    std::shared_ptr<Capture> capture;          // null unless capturing
    std::vector<std::size_t> captureTips;      // nodes that the next captured node depends on

    bool blocking() const { return (flags & CU_STREAM_NON_BLOCKING) == 0; }
};

constexpr unsigned CU_EVENT_DISABLE_TIMING = 2;

struct Event {
    unsigned flags = 0;
    std::shared_ptr<Work> work;  // of the last record; null before it
    std::shared_ptr<Capture> capture;
    std::vector<std::size_t> captureTips;
};

// The context is broken by a fault: every call fails with its status.
struct Broken {
    CUresult status;
};

class Scheduler {
   public:
    explicit Scheduler(std::uint64_t seed) : random_(seed) {}

    std::shared_ptr<Stream> createStream(unsigned flags, int priority);

    // What is queued still runs.
    void destroy(Stream& stream);

    // Queues on a stream, behind what the rules of the legacy default stream add. An empty action
    // is a mark.
    std::shared_ptr<Work> enqueue(Stream& stream, Action action);

    // Runs work until `target` is done; the seed decides how much of the rest runs as well.
    void wait(const std::shared_ptr<Work>& target);
    void waitAll();

    // Runs one piece of work; false where none is left.
    bool step();

    // Streams that exist, the legacy default stream first.
    const std::vector<std::shared_ptr<Stream>>& streams() const { return streams_; }
    Stream& legacy() { return *streams_.front(); }

    CUresult broken() const { return broken_; }
    void seed(std::uint64_t seed) { random_ = Random(seed); }

   private:
    bool runOne(const std::function<bool(const Work&)>& wanted);
    void run(Stream& stream);
    void removeIfDrained(const Stream& stream);
    [[noreturn]] void fail(CUresult status, const char* message);

    std::vector<std::shared_ptr<Stream>> streams_{std::make_shared<Stream>()};
    Random random_;
    CUresult broken_ = CUDA_SUCCESS;
};

}  // namespace vgpu

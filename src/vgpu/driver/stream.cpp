// Queues work and chooses what runs next.
#include "driver/stream.h"

#include <algorithm>
#include <exception>
#include <unordered_set>

#include "driver/driver.h"
#include "driver/timing.h"

namespace vgpu {

namespace {

void depend(Work& work, const std::shared_ptr<Work>& on) {
    if (on && on->done) {
        work.started = std::max(work.started, on->finished);
    } else if (on) {
        work.dependencies.push_back(on);
    }
}

bool ready(const Work& work) {
    return std::all_of(work.dependencies.begin(), work.dependencies.end(),
                       [](const auto& dependency) { return dependency->done; });
}

// `target` and all that it depends on.
std::unordered_set<const Work*> needed(const Work& target) {
    std::unordered_set<const Work*> found{&target};
    std::vector<const Work*> open{&target};
    while (!open.empty()) {
        const Work* work = open.back();
        open.pop_back();
        for (const auto& dependency : work->dependencies) {
            if (!dependency->done && found.insert(dependency.get()).second) {
                open.push_back(dependency.get());
            }
        }
    }
    return found;
}

}  // namespace

std::shared_ptr<Stream> Scheduler::createStream(unsigned flags, int priority) {
    auto stream = std::make_shared<Stream>();
    stream->flags = flags;
    stream->priority = priority;
    streams_.push_back(stream);
    return stream;
}

std::shared_ptr<Work> Scheduler::enqueue(Stream& stream, Action action) {
    auto work = std::make_shared<Work>();
    work->action = std::move(action);
    depend(*work, stream.last);
    for (const auto& wait : stream.waits) {
        depend(*work, wait);
    }
    stream.waits.clear();
    if (&stream == &legacy()) {
        for (const auto& other : streams_) {
            if (other->blocking()) {
                depend(*work, other->last);
            }
        }
    } else if (stream.blocking()) {
        depend(*work, legacy().last);
    }
    stream.queue.push_back(work);
    stream.last = work;
    return work;
}

void Scheduler::wait(const std::shared_ptr<Work>& target) {
    if (!target || target->done) {
        return;
    }
    // Half of the time only what is needed runs, so that other streams are as late as can be.
    if (random_.below(2) == 0) {
        const auto wanted = needed(*target);
        while (!target->done) {
            runOne([&](const Work& work) { return wanted.count(&work) > 0; });
        }
    } else {
        while (!target->done) {
            step();
        }
    }
}

void Scheduler::waitAll() {
    while (step()) {
    }
}

bool Scheduler::step() {
    return runOne([](const Work&) { return true; });
}

bool Scheduler::runOne(const std::function<bool(const Work&)>& wanted) {
    std::vector<Stream*> candidates;
    for (const auto& stream : streams_) {
        if (!stream->queue.empty() && ready(*stream->queue.front()) &&
            wanted(*stream->queue.front())) {
            candidates.push_back(stream.get());
        }
    }
    if (candidates.empty()) {
        return false;
    }
    run(*candidates[random_.below(candidates.size())]);
    return true;
}

void Scheduler::run(Stream& stream) {
    const std::shared_ptr<Work> work = stream.queue.front();
    for (const auto& dependency : work->dependencies) {
        work->started = std::max(work->started, dependency->finished);
    }
    work->finished = work->started;
    try {
        const std::uint64_t seed = random_.next();
        if (work->action) {
            driver().workSeconds = kLaunchSeconds;
            work->action(seed);
            work->finished += driver().workSeconds;
        }
    } catch (const Fault& fault) {
        fail(fault.status, fault.what());
    } catch (const std::exception& error) {
        fail(CUDA_ERROR_UNKNOWN, error.what());
    }
    work->action = nullptr;
    work->dependencies.clear();
    work->done = true;
    stream.queue.pop_front();
    removeIfDrained(stream);
}

void Scheduler::destroy(Stream& stream) {
    stream.destroyed = true;
    removeIfDrained(stream);
}

void Scheduler::removeIfDrained(const Stream& stream) {
    if (stream.destroyed && stream.queue.empty()) {
        streams_.erase(std::find_if(streams_.begin(), streams_.end(),
                                    [&](const auto& each) { return each.get() == &stream; }));
    }
}

void Scheduler::fail(CUresult status, const char* message) {
    broken_ = status;
    for (const auto& stream : streams_) {
        for (const auto& work : stream->queue) {
            work->dependencies.clear();
        }
        stream->queue.clear();
    }
    driver().report(message);
    throw Broken{status};
}

}  // namespace vgpu

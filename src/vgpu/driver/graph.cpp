// Captures streams into graphs and runs graphs.
#include "driver/graph.h"

#include <algorithm>

#include "driver/driver.h"

namespace vgpu {

namespace {

void merge(std::vector<std::size_t>& tips, const std::vector<std::size_t>& more) {
    for (const std::size_t tip : more) {
        if (std::find(tips.begin(), tips.end(), tip) == tips.end()) {
            tips.push_back(tip);
        }
    }
}

// For every node, whether one of `tips` is it or depends on it.
std::vector<bool> reached(const Graph& graph, const std::vector<std::size_t>& tips) {
    std::vector<bool> reached(graph.nodes.size(), false);
    for (const std::size_t tip : tips) {
        reached[tip] = true;
    }
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        if (reached[i]) {
            for (const std::size_t dependency : graph.nodes[i].dependencies) {
                reached[dependency] = true;
            }
        }
    }
    return reached;
}

}  // namespace

void Graph::run(std::uint64_t seed) const {
    Random random(seed);
    std::vector<std::size_t> open(nodes.size());
    std::vector<std::vector<std::size_t>> dependents(nodes.size());
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < nodes.size(); i++) {
        open[i] = nodes[i].dependencies.size();
        for (const std::size_t dependency : nodes[i].dependencies) {
            dependents[dependency].push_back(i);
        }
        if (open[i] == 0) {
            ready.push_back(i);
        }
    }
    while (!ready.empty()) {
        const auto chosen = ready.begin() + static_cast<std::ptrdiff_t>(random.below(ready.size()));
        const std::size_t node = *chosen;
        ready.erase(chosen);
        nodes[node].action(random.next());
        driver().statistics.api.graphNodes++;
        for (const std::size_t dependent : dependents[node]) {
            if (--open[dependent] == 0) {
                ready.push_back(dependent);
            }
        }
    }
}

void invalidate(Capture& capture, CUresult status, const char* message) {
    capture.valid = false;
    throw Fault(status, message);
}

void beginCapture(Stream& stream, CaptureMode mode) {
    stream.capture = std::make_shared<Capture>();
    stream.capture->mode = mode;
    stream.capture->thread = std::this_thread::get_id();
    stream.capture->origin = &stream;
    stream.captureTips.clear();
}

void captureNode(Stream& stream, Action action) {
    Capture& capture = *stream.capture;
    if (!capture.valid) {
        throw Fault(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "an earlier call broke the capture");
    }
    capture.graph.nodes.push_back({std::move(action), stream.captureTips});
    stream.captureTips = {capture.graph.nodes.size() - 1};
}

void captureWait(Stream& stream, const Event& event) {
    if (!event.capture) {
        invalidate(*stream.capture, CUDA_ERROR_STREAM_CAPTURE_ISOLATION,
                   "a capturing stream waits for an event outside of the capture");
    }
    if (event.capture->ended) {
        throw Fault(CUDA_ERROR_CAPTURED_EVENT, "the event was last recorded in a finished capture");
    }
    if (!stream.capture) {
        stream.capture = event.capture;
        stream.captureTips.clear();
    } else if (stream.capture != event.capture) {
        stream.capture->valid = false;
        invalidate(*event.capture, CUDA_ERROR_STREAM_CAPTURE_MERGE,
                   "the event belongs to another capture");
    }
    merge(stream.captureTips, event.captureTips);
}

Graph endCapture(Stream& stream, const std::vector<std::shared_ptr<Stream>>& streams) {
    const std::shared_ptr<Capture> capture = stream.capture;
    if (capture->origin != &stream) {
        invalidate(*capture, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED,
                   "the capture did not begin on this stream");
    }
    if (capture->mode != CaptureMode::Relaxed && capture->thread != std::this_thread::get_id()) {
        invalidate(*capture, CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD,
                   "the capture began on another thread");
    }
    const std::vector<bool> joined = reached(capture->graph, stream.captureTips);
    bool allJoined = true;
    for (const auto& other : streams) {
        if (other->capture == capture) {
            for (const std::size_t tip : other->captureTips) {
                allJoined = allJoined && joined[tip];
            }
            other->capture = nullptr;
        }
    }
    capture->ended = true;
    if (!capture->valid) {
        throw Fault(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "an earlier call broke the capture");
    }
    if (!allJoined) {
        throw Fault(CUDA_ERROR_STREAM_CAPTURE_UNJOINED,
                    "another stream's work was not joined by an event");
    }
    return std::move(capture->graph);
}

}  // namespace vgpu

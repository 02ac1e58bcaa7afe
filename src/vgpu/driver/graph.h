// Graphs: work that was captured from streams instead of queued, to be run again and again.
#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "driver/stream.h"

namespace vgpu {

struct GraphNode {
    Action action;
    std::vector<std::size_t> dependencies;  // indices of earlier nodes
};

struct Graph {
    std::vector<GraphNode> nodes;

    // Runs every node, in a seeded order among those that the dependencies allow.
    void run(std::uint64_t seed) const;
};

struct GraphExec {
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<Work> last;  // a graph never runs beside itself
};

enum class CaptureMode { Global = 0, ThreadLocal = 1, Relaxed = 2 };

struct Capture {
    CaptureMode mode;
    std::thread::id thread;
    const Stream* origin;
    bool valid = true;
    bool ended = false;
    Graph graph;
};

// `stream` must not be capturing.
void beginCapture(Stream& stream, CaptureMode mode);

// Adds a node behind what was captured from `stream` before. Throws
// CUDA_ERROR_STREAM_CAPTURE_INVALIDATED.
void captureNode(Stream& stream, Action action);

// `stream` waits for `event`, where either of them is captured: the stream joins the capture.
void captureWait(Stream& stream, const Event& event);

// Ends the capture that began on `stream` for every one of `streams`. Throws where the capture is
// invalid, or another stream's work was not joined to `stream`.
Graph endCapture(Stream& stream, const std::vector<std::shared_ptr<Stream>>& streams);

// Marks the capture invalid and throws.
[[noreturn]] void invalidate(Capture& capture, CUresult status, const char* message);

}  // namespace vgpu

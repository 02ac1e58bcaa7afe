// Graphs: made by capture, instantiated, launched.
#include "driver/driver.h"

using namespace vgpu;

VGPU_API CUresult cuGraphGetNodes(CUgraph handle, CUgraphNode* nodes, std::size_t* count) {
    return inContext(__func__, [&](Context& context) {
        require(count != nullptr, "null pointer");
        if (nodes != nullptr) {
            throw Fault(CUDA_ERROR_NOT_SUPPORTED, "the virtual GPU tells the number alone");
        }
        *count = context.graphs.get(handle)->nodes.size();
    });
}

VGPU_API CUresult cuGraphDestroy(CUgraph graph) {
    return inContext(__func__, [&](Context& context) { context.graphs.remove(graph); });
}

VGPU_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph graph,
                                              unsigned long long flags) {
    return inContext(__func__, [&](Context& context) {
        require(exec != nullptr, "null pointer");
        require(flags == 0, "the virtual GPU knows no flags");
        auto made = std::make_shared<GraphExec>();
        made->graph = context.graphs.get(graph);
        *exec = context.graphExecs.add(std::move(made));
    });
}

// A launch that is queued still runs.
VGPU_API CUresult cuGraphExecDestroy(CUgraphExec exec) {
    return inContext(__func__, [&](Context& context) { context.graphExecs.remove(exec); });
}

VGPU_API CUresult cuGraphLaunch(CUgraphExec handle, CUstream streamHandle) {
    return inContext(__func__, [&](Context& context) {
        GraphExec& exec = *context.graphExecs.get(handle);
        Stream& stream = context.stream(streamHandle);
        if (!stream.capture && exec.last && !exec.last->done) {
            stream.waits.push_back(exec.last);
        }
        const auto work = context.submit(
            stream, [graph = exec.graph](std::uint64_t seed) { graph->run(seed); });
        if (work) {
            exec.last = work;
            driver().statistics.api.graphLaunches++;
        }
    });
}

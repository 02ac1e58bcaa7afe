package org.centerloss.device.cuda;

import java.util.LinkedHashSet;
import java.util.Set;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;

/**
 * A recorded program as a CUDA graph: one launch runs it all. Where every call is waited for and
 * checked, it is the calls themselves, since the kernels of a graph fail together.
 */
final class CudaProgram implements Program {
    private final CudaDevice device;

    /** Null where there is a graph. */
    private final Runnable body;

    /** What the graph reads or writes. A graph holds bare addresses, so nobody else would look. */
    private final Set<DeviceMemory> used = new LinkedHashSet<>();

    private final CUgraphExec graph = new CUgraphExec();
    private boolean closed;

    CudaProgram(CudaDevice device, Runnable body) {
        this.device = device;
        if (device.stream().synchronous()) {
            this.body = body;
        } else {
            this.body = null;
            CUgraph recorded = device.stream().record(body, used);
            try {
                Cuda.call("program", () -> JCudaDriver.cuGraphInstantiate(graph, recorded, 0));
            } finally {
                Cuda.call("program", () -> JCudaDriver.cuGraphDestroy(recorded));
            }
        }
        device.opened(this, 0);
    }

    @Override
    public void run() {
        if (closed) {
            throw new DeviceException("the program was closed");
        }
        device.checkOpen();
        if (body != null) {
            body.run();
        } else {
            used.forEach(DeviceMemory::address);
            Cuda.call("program", () -> JCudaDriver.cuGraphLaunch(graph, device.stream().handle()));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            device.checkThread();
            closed = true;
            device.closed(this, 0);
            if (body == null) {
                Cuda.call("close a program", () -> JCudaDriver.cuGraphExecDestroy(graph));
            }
        }
    }
}

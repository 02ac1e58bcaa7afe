package org.centerloss.cuda.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;

/**
 * A recorded program as a CUDA graph: one launch runs it all. Where every call is waited for and
 * checked, it is the calls themselves, since the kernels of a graph fail together.
 */
public final class CudaProgram implements Program {
    private final CudaDevice device;

    /** Null where there is a graph. */
    private final Runnable body;

    /**
     * What must not throw when the graph is launched, by whose check it is. A graph holds bare
     * addresses, so nobody else would look whether the memory is still there.
     */
    private final Map<Object, Runnable> checks = new LinkedHashMap<>();

    private final CUgraphExec graph = new CUgraphExec();
    private final long[] nodes = new long[1];
    private boolean closed;

    public CudaProgram(CudaDevice device, Runnable body) {
        this.device = device;
        if (device.stream().synchronous()) {
            this.body = body;
        } else {
            this.body = null;
            CUgraph recorded = device.stream().record(body, checks);
            try {
                Cuda.call("program", () -> JCudaDriver.cuGraphInstantiate(graph, recorded, 0));
                Cuda.call("program", () -> JCudaDriver.cuGraphGetNodes(recorded, null, nodes));
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
            checks.values().forEach(Runnable::run);
            Cuda.call("program", () -> JCudaDriver.cuGraphLaunch(graph, device.stream().handle()));
        }
    }

    @Override
    public OptionalInt launches() {
        return body == null ? OptionalInt.of(Math.toIntExact(nodes[0])) : OptionalInt.empty();
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

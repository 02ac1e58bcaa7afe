package org.centerloss.cuda.driver;

import java.util.Map;
import jcuda.CudaException;
import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/** The queue of a device's work. It does not wait for the driver's default stream. */
public final class CudaStream implements AutoCloseable {
    private static final String GUILTY =
            "this call is the one that went wrong; NVIDIA's compute-sanitizer tells where";

    private final CUstream stream = new CUstream();

    /** Whether each call is waited for and checked. */
    private final boolean synchronous;

    /** What is to be checked when the program that is being recorded runs; null where none is. */
    private Map<Object, Runnable> recording;

    public CudaStream(boolean synchronous) {
        this.synchronous = synchronous;
        Cuda.call(
                "make a stream",
                () -> JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    }

    public CUstream handle() {
        return stream;
    }

    public boolean synchronous() {
        return synchronous;
    }

    /**
     * Makes a call that queues work here.
     *
     * @param operation what is queued, for messages
     */
    public void submit(String operation, Cuda.Call call) {
        Cuda.call(operation, call);
        if (synchronous) {
            try {
                Cuda.check(JCudaDriver.cuStreamSynchronize(stream));
            } catch (CudaException e) {
                throw Cuda.failure(operation, e, GUILTY);
            }
        }
    }

    /** Waits until everything queued has run. A failure of that work is reported here. */
    public void synchronize(String operation) {
        Cuda.call(operation, () -> JCudaDriver.cuStreamSynchronize(stream));
    }

    /** Notes that what is queued next reads or writes the memory. */
    public void uses(DeviceMemory memory) {
        if (recording != null) {
            recording.put(memory, memory::address);
        }
    }

    /**
     * Checks what must hold when the work that is queued next runs: now, or each time that the
     * program runs that is being recorded.
     *
     * @param owner whose check it is; it has one
     */
    public void require(Object owner, Runnable check) {
        if (recording != null) {
            recording.put(owner, check);
        } else {
            check.run();
        }
    }

    /**
     * Queues nothing, but turns what {@code body} would have queued into a graph.
     *
     * <p>The capture is relaxed: the driver and the libraries load a kernel when it is first used,
     * which a strict capture forbids. What our own code must not do while recording, it refuses
     * itself.
     *
     * @param checks gets what must not throw when the graph is launched
     */
    public CUgraph record(Runnable body, Map<Object, Runnable> checks) {
        checkNotRecording("a program");
        CUgraph graph = new CUgraph();
        Cuda.call(
                "record a program",
                () ->
                        JCudaDriver.cuStreamBeginCapture(
                                stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        recording = checks;
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            recording = null;
            abandon(graph, e);
            throw e;
        }
        recording = null;
        Cuda.call("record a program", () -> JCudaDriver.cuStreamEndCapture(stream, graph));
        return graph;
    }

    private void abandon(CUgraph graph, Throwable failure) {
        try {
            JCudaDriver.cuStreamEndCapture(stream, graph);
            JCudaDriver.cuGraphDestroy(graph);
        } catch (CudaException e) {
            // The driver gives no graph where the capture itself was what failed.
            failure.addSuppressed(e);
        }
    }

    /** Throws where a program is being recorded, since the operation needs the host. */
    public void checkNotRecording(String operation) {
        if (recording != null) {
            throw new DeviceException(
                    "cuda: %s: cannot be recorded in a program; do it before or after"
                            .formatted(operation));
        }
    }

    @Override
    public void close() {
        Cuda.call("close the stream", () -> JCudaDriver.cuStreamDestroy(stream));
    }
}

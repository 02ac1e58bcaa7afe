package org.centerloss.device.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A mark in a stream that the host can wait for. */
final class CudaEvent implements AutoCloseable {
    private final CUevent event = new CUevent();

    CudaEvent() {
        Cuda.call(
                "make an event",
                () -> JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }

    /** Marks the end of what is queued now. */
    void record(CudaStream stream) {
        Cuda.call("record an event", () -> JCudaDriver.cuEventRecord(event, stream.handle()));
    }

    /**
     * Waits until the work before the mark has run; returns at once where nothing was marked.
     *
     * @param operation whose work that is, for messages
     */
    void synchronize(String operation) {
        Cuda.call(operation, () -> JCudaDriver.cuEventSynchronize(event));
    }

    @Override
    public void close() {
        Cuda.call("close an event", () -> JCudaDriver.cuEventDestroy(event));
    }
}

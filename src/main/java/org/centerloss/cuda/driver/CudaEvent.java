package org.centerloss.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A mark in a stream that the host can wait for. */
final class CudaEvent implements AutoCloseable {
    private final CUevent event = new CUevent();

    private CudaEvent(int flags) {
        Cuda.call("make an event", () -> JCudaDriver.cuEventCreate(event, flags));
    }

    /** An event to wait for. */
    static CudaEvent untimed() {
        return new CudaEvent(CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }

    /** An event that notes when it is reached. */
    static CudaEvent timed() {
        return new CudaEvent(CUevent_flags.CU_EVENT_DEFAULT);
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

    /** The time from {@code earlier} to this one, both of them timed and reached. */
    double millisecondsSince(CudaEvent earlier) {
        float[] milliseconds = new float[1];
        Cuda.call(
                "read the time between events",
                () -> JCudaDriver.cuEventElapsedTime(milliseconds, earlier.event, event));
        return milliseconds[0];
    }

    @Override
    public void close() {
        Cuda.call("close an event", () -> JCudaDriver.cuEventDestroy(event));
    }
}

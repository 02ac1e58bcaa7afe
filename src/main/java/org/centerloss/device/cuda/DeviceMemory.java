package org.centerloss.device.cuda;

import java.util.Locale;
import jcuda.CudaException;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/** A piece of the GPU's memory, not initialised. */
final class DeviceMemory implements AutoCloseable {
    private final String owner;
    private final long bytes;
    private final DeviceAddress address = new DeviceAddress();
    private boolean closed;

    /**
     * @param owner what it is for, for messages
     * @param bytes at least 1
     */
    DeviceMemory(String owner, long bytes) {
        this.owner = owner;
        this.bytes = bytes;
        try {
            JCudaDriver.cuMemAlloc(address, bytes);
        } catch (CudaException e) {
            throw Cuda.isOutOfMemory(e)
                    ? Cuda.failure("memory of " + owner, e, shortage())
                    : Cuda.failure("memory of " + owner, e);
        }
    }

    private String shortage() {
        long[] free = new long[1];
        long[] total = new long[1];
        Cuda.call("ask for free memory", () -> JCudaDriver.cuMemGetInfo(free, total));
        return String.format(
                Locale.ROOT,
                "%,d bytes are needed, %,d of %,d are free; use smaller batches or end other programs on the GPU",
                bytes,
                free[0],
                total[0]);
    }

    long bytes() {
        return bytes;
    }

    /** The start, aligned to 256 bytes. */
    DeviceAddress address() {
        if (closed) {
            throw new DeviceException("cuda: memory of " + owner + " was freed");
        }
        return address;
    }

    /** Queues the setting of every byte to zero. */
    void zero(CudaStream stream) {
        stream.submit(
                "zero memory of " + owner,
                () -> JCudaDriver.cuMemsetD8Async(address, (byte) 0, bytes, stream.handle()));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Cuda.call("free memory of " + owner, () -> JCudaDriver.cuMemFree(address));
        }
    }
}

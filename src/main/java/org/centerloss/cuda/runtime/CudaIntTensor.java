package org.centerloss.cuda.runtime;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;

/** 32-bit integers in the GPU's memory. */
public final class CudaIntTensor implements IntTensor {
    private final CudaDevice device;
    private final int size;
    private final DeviceMemory memory;
    private boolean closed;

    public CudaIntTensor(CudaDevice device, int size) {
        if (size < 1) {
            throw new DeviceException("integer tensor: size must be at least 1: " + size);
        }
        this.device = device;
        this.size = size;
        device.checkOpen();
        memory = device.memory(toString(), bytes(), DeviceMemory.Content.ZEROS);
        device.opened(this, bytes());
    }

    private long bytes() {
        return (long) Integer.BYTES * size;
    }

    CudaDevice device() {
        return device;
    }

    /** Where the numbers start; for a kernel's parameter. */
    public DeviceAddress address() {
        checkOpen();
        device.stream().uses(memory);
        return memory.address();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void write(int[] source) {
        checkLength("write", source.length);
        device.staging()
                .upload(
                        "write to " + this,
                        address(),
                        size,
                        Integer.BYTES,
                        (host, first, count) -> host.ints().put(0, source, first, count));
    }

    @Override
    public void read(int[] destination) {
        checkLength("read", destination.length);
        device.staging()
                .download(
                        "read " + this,
                        address(),
                        size,
                        Integer.BYTES,
                        (host, first, count) -> host.ints().get(0, destination, first, count));
    }

    private void checkLength(String operation, int length) {
        if (length != size) {
            throw new DeviceException(
                    "%s: expected %d values for %s, found %d"
                            .formatted(operation, size, this, length));
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new DeviceException(this + " was closed");
        }
        device.checkOpen();
    }

    @Override
    public void close() {
        if (!closed) {
            device.checkThread();
            closed = true;
            device.closed(this, bytes());
            memory.close();
        }
    }

    @Override
    public String toString() {
        return "integer tensor [" + size + "]";
    }
}

package org.centerloss.cpu.runtime;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;

/** Integers in a Java array: only Java operations use them. */
public final class CpuIntTensor implements IntTensor {
    private final CpuDevice device;
    private final int[] values;
    private boolean closed;

    public CpuIntTensor(CpuDevice device, int size) {
        if (size < 1) {
            throw new DeviceException("integer tensor: size must be at least 1: " + size);
        }
        this.device = device;
        values = new int[size];
        device.opened(this, bytes());
    }

    private long bytes() {
        return (long) Integer.BYTES * values.length;
    }

    CpuDevice device() {
        return device;
    }

    /** The storage itself. */
    int[] values() {
        checkOpen();
        return values;
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public void write(int[] source) {
        checkOpen();
        checkLength("write", source.length);
        System.arraycopy(source, 0, values, 0, values.length);
    }

    @Override
    public void read(int[] destination) {
        checkOpen();
        checkLength("read", destination.length);
        System.arraycopy(values, 0, destination, 0, values.length);
    }

    private void checkLength(String operation, int length) {
        if (length != values.length) {
            throw new DeviceException(
                    "%s: expected %d values for %s, found %d"
                            .formatted(operation, values.length, this, length));
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
            closed = true;
            device.closed(this, bytes());
        }
    }

    @Override
    public String toString() {
        return "integer tensor [" + values.length + "]";
    }
}

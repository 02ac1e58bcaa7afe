package org.centerloss.reference;

import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;

/** A vector of 32-bit integers. */
final class ReferenceIntTensor implements IntTensor {
    final ReferenceDevice device;
    final int[] data;
    private boolean closed;

    ReferenceIntTensor(ReferenceDevice device, int size) {
        if (size < 1) {
            throw new DeviceException(
                    "integer tensor: expected a size of at least 1, found " + size);
        }
        device.opened(this, 4L * size);
        this.device = device;
        this.data = new int[size];
    }

    @Override
    public int size() {
        return data.length;
    }

    void checkOpen() {
        if (closed) {
            throw new DeviceException(this + " was closed");
        }
        device.checkOpen();
    }

    @Override
    public void write(int[] values) {
        checkTransfer("write", values.length);
        System.arraycopy(values, 0, data, 0, data.length);
    }

    @Override
    public void read(int[] destination) {
        checkTransfer("read", destination.length);
        System.arraycopy(data, 0, destination, 0, data.length);
    }

    private void checkTransfer(String operation, int length) {
        checkOpen();
        if (length != data.length) {
            throw new DeviceException(
                    "%s: expected %d values for %s, found %d"
                            .formatted(operation, data.length, this, length));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            device.closed(this, 4L * data.length);
        }
        closed = true;
    }

    @Override
    public String toString() {
        return "integer tensor [" + data.length + "]";
    }
}

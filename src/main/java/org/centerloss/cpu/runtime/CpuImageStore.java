package org.centerloss.cpu.runtime;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;

/** The caller's own arrays of pixels and labels. */
public final class CpuImageStore implements ImageStore {
    public final CpuDevice device;
    public final int channels;
    public final int height;
    public final int width;
    private final byte[] pixels;
    private final int[] labels;
    private boolean closed;

    public CpuImageStore(
            CpuDevice device, byte[] pixels, int[] labels, int channels, int height, int width) {
        if (labels.length < 1
                || channels < 1
                || height < 1
                || width < 1
                || pixels.length != (long) labels.length * channels * height * width) {
            throw new DeviceException(
                    "image store: expected %d × %d × %d × %d bytes, found %d"
                            .formatted(labels.length, channels, height, width, pixels.length));
        }
        this.device = device;
        this.pixels = pixels;
        this.labels = labels;
        this.channels = channels;
        this.height = height;
        this.width = width;
        device.opened(this, bytes());
    }

    private long bytes() {
        return pixels.length + (long) Integer.BYTES * labels.length;
    }

    public byte[] pixels() {
        checkOpen();
        return pixels;
    }

    public int[] labels() {
        checkOpen();
        return labels;
    }

    private void checkOpen() {
        if (closed) {
            throw new DeviceException("the image store was closed");
        }
        device.checkOpen();
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.closed(this, bytes());
        }
    }
}

package org.centerloss.reference;

import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;

/** The caller's own arrays of pixels and labels. */
final class ReferenceImageStore implements ImageStore {
    final ReferenceDevice device;
    final byte[] pixels;
    final int[] labels;
    final int channels;
    final int height;
    final int width;
    private boolean closed;

    ReferenceImageStore(
            ReferenceDevice device,
            byte[] pixels,
            int[] labels,
            int channels,
            int height,
            int width) {
        if (labels.length < 1
                || channels < 1
                || height < 1
                || width < 1
                || pixels.length != (long) labels.length * channels * height * width) {
            throw new DeviceException(
                    "image store: expected %d × %d × %d × %d bytes, found %d"
                            .formatted(labels.length, channels, height, width, pixels.length));
        }
        device.opened(this, bytes(pixels, labels));
        this.device = device;
        this.pixels = pixels;
        this.labels = labels;
        this.channels = channels;
        this.height = height;
        this.width = width;
    }

    private static long bytes(byte[] pixels, int[] labels) {
        return pixels.length + 4L * labels.length;
    }

    @Override
    public int count() {
        return labels.length;
    }

    void checkOpen() {
        if (closed) {
            throw new DeviceException("the image store was closed");
        }
        device.checkOpen();
    }

    @Override
    public void close() {
        if (!closed) {
            device.closed(this, bytes(pixels, labels));
        }
        closed = true;
    }
}

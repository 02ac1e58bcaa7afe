package org.centerloss.cuda.runtime;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Closing;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Staging;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;

/** Pixels as bytes and labels in the GPU's memory. */
public final class CudaImageStore implements ImageStore {
    public final CudaDevice device;
    public final int channels;
    public final int height;
    public final int width;
    private final int count;
    private final DeviceMemory pixels;
    private final DeviceMemory labels;
    private boolean closed;

    public CudaImageStore(
            CudaDevice device,
            byte[] pixelBytes,
            int[] labelValues,
            int channels,
            int height,
            int width) {
        if (labelValues.length < 1
                || channels < 1
                || height < 1
                || width < 1
                || pixelBytes.length != (long) labelValues.length * channels * height * width) {
            throw new DeviceException(
                    "image store: expected %d × %d × %d × %d bytes, found %d"
                            .formatted(
                                    labelValues.length,
                                    channels,
                                    height,
                                    width,
                                    pixelBytes.length));
        }
        this.device = device;
        this.channels = channels;
        this.height = height;
        this.width = width;
        count = labelValues.length;
        device.checkOpen();
        Staging staging = device.staging();
        DeviceMemory newPixels = null;
        DeviceMemory newLabels = null;
        try {
            newPixels =
                    device.memory("the images", pixelBytes.length, DeviceMemory.Content.UNDEFINED);
            newLabels =
                    device.memory(
                            "the images' labels",
                            (long) Integer.BYTES * count,
                            DeviceMemory.Content.UNDEFINED);
            staging.upload(
                    "write images",
                    newPixels.address(),
                    pixelBytes.length,
                    1,
                    (host, first, size) -> host.bytes().put(0, pixelBytes, first, size));
            staging.upload(
                    "write the images' labels",
                    newLabels.address(),
                    count,
                    Integer.BYTES,
                    (host, first, size) -> host.ints().put(0, labelValues, first, size));
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(newLabels);
            closing.close(newPixels);
            throw e;
        }
        pixels = newPixels;
        labels = newLabels;
        device.opened(this, bytes());
    }

    private long bytes() {
        return pixels.bytes() + labels.bytes();
    }

    public DeviceMemory pixels() {
        checkOpen();
        return pixels;
    }

    public DeviceMemory labels() {
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
        return count;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        device.checkThread();
        closed = true;
        device.closed(this, bytes());
        Closing closing = new Closing();
        closing.close(labels);
        closing.close(pixels);
        closing.rethrow();
    }
}

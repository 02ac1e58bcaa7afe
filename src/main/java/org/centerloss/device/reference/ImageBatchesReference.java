package org.centerloss.device.reference;

import org.centerloss.device.Augmentation;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageBatches;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Philox;
import org.centerloss.device.Tensor;

final class ImageBatchesReference extends ReferenceOp implements ImageBatches {
    private final ReferenceImageStore store;
    private final int batch;
    private final Augmentation augmentation;
    private final long seed;
    private int epoch;
    private int[] order;
    private int position;

    ImageBatchesReference(
            ReferenceDevice device,
            ImageStore store,
            int batch,
            Augmentation augmentation,
            long seed) {
        super(device, "image batches", 0, batch);
        if (!(store instanceof ReferenceImageStore found) || found.device != device) {
            throw mismatch("store", "a store", store);
        }
        this.store = found;
        this.batch = batch;
        this.augmentation = augmentation;
        this.seed = seed;
    }

    @Override
    public void begin(int epoch, int[] order, int position) {
        checkOpen();
        if (order.length < 1 || order.length > store.count()) {
            throw mismatch("order", "1 to " + store.count() + " entries", order.length);
        }
        if (position < 0 || position > order.length) {
            throw mismatch("position", "0 to " + order.length, position);
        }
        for (int index : order) {
            if (index < 0 || index >= store.count()) {
                throw mismatch("order", "images 0 to " + (store.count() - 1), index);
            }
        }
        this.epoch = epoch;
        this.order = order.clone();
        this.position = position;
    }

    @Override
    public void next(Tensor images, IntTensor labels) {
        ReferenceTensor out =
                activation("images", images, batch, store.channels, store.height, store.width);
        int[] y = integers("labels", labels, batch).data;
        store.checkOpen("image batches");
        if (order == null) {
            throw new DeviceException("image batches: next before begin");
        }
        for (int slot = 0; slot < batch; slot++) {
            int sample = order[Math.min(position + slot, order.length - 1)];
            y[slot] = store.labels[sample];
            augment(sample, out, slot);
        }
        position = Math.min(position + batch, order.length);
    }

    private void augment(int sample, ReferenceTensor out, int slot) {
        int[] words = new int[4];
        Philox.block(seed, 0, sample, epoch, Philox.AUGMENTATION, words);
        boolean flip = augmentation.flip() && Philox.uniform(words[0]) < 0.5;
        double degrees = (2 * Philox.uniform(words[1]) - 1) * augmentation.maxDegrees();
        int dx = shift(words[2]);
        int dy = shift(words[3]);
        int height = store.height;
        int width = store.width;
        for (int channel = 0; channel < store.channels; channel++) {
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    int at = ((slot * store.channels + channel) * height + row) * width + column;
                    boolean inside =
                            row + dy >= 0
                                    && row + dy < height
                                    && column + dx >= 0
                                    && column + dx < width;
                    out.set(
                            at,
                            inside
                                    ? rotated(sample, channel, row + dy, column + dx, degrees, flip)
                                    : 0);
                }
            }
        }
    }

    private int shift(int word) {
        int padding = augmentation.padding();
        return (int) Math.floor(Philox.uniform(word) * (2 * padding + 1)) - padding;
    }

    /** A pixel of the rotated image. */
    private double rotated(
            int sample, int channel, int row, int column, double degrees, boolean flip) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        double middleX = (store.width - 1) / 2.0;
        double middleY = (store.height - 1) / 2.0;
        double x = cos * (column - middleX) - sin * (row - middleY) + middleX;
        double y = sin * (column - middleX) + cos * (row - middleY) + middleY;
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        return (1 - bottom) * (1 - right) * pixel(sample, channel, top, left, flip)
                + (1 - bottom) * right * pixel(sample, channel, top, left + 1, flip)
                + bottom * (1 - right) * pixel(sample, channel, top + 1, left, flip)
                + bottom * right * pixel(sample, channel, top + 1, left + 1, flip);
    }

    /** A pixel of the flipped image; 0 outside. */
    private double pixel(int sample, int channel, int row, int column, boolean flip) {
        if (row < 0 || row >= store.height || column < 0 || column >= store.width) {
            return 0;
        }
        int source = flip ? store.width - 1 - column : column;
        int at = ((sample * store.channels + channel) * store.height + row) * store.width + source;
        return (store.pixels[at] & 0xFF) / 255.0;
    }
}

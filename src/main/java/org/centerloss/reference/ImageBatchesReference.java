package org.centerloss.reference;

import java.util.Arrays;
import org.centerloss.base.Philox;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;

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
            close();
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
        store.checkOpen();
        if (order == null) {
            throw new DeviceException("image batches: next before begin");
        }
        for (int slot = 0; slot < batch; slot++) {
            int sample = order[Math.min(position + slot, order.length - 1)];
            y[slot] = store.labels[sample];
            put(augmented(sample), out, slot);
        }
        position = Math.min(position + batch, order.length);
    }

    /** The pixels in [0, 1] of all channels, one channel after another. */
    private double[] augmented(int sample) {
        double[] pixels = new double[store.channels * store.height * store.width];
        int at = 0;
        Geometry geometry = geometry(sample);
        for (int channel = 0; channel < store.channels; channel++) {
            for (int row = 0; row < store.height; row++) {
                for (int column = 0; column < store.width; column++) {
                    pixels[at++] = moved(sample, channel, row, column, geometry);
                }
            }
        }
        changeColours(sample, pixels);
        return pixels;
    }

    private void put(double[] pixels, ReferenceTensor out, int slot) {
        for (int i = 0; i < pixels.length; i++) {
            out.set(slot * pixels.length + i, pixels[i]);
        }
    }

    private double[] draws(int block, int sample) {
        int[] words = new int[4];
        Philox.block(seed, block, sample, epoch, Philox.AUGMENTATION, words);
        return Arrays.stream(words).mapToDouble(Philox::uniform).toArray();
    }

    /** What is drawn of an image's geometry; width, height, left and top are shares of 1. */
    private record Geometry(
            boolean flip,
            double degrees,
            int dx,
            int dy,
            double width,
            double height,
            double left,
            double top) {}

    private Geometry geometry(int sample) {
        double[] u = draws(0, sample);
        double[] crop = draws(1, sample);
        double minScale = augmentation.resizedCrop().minScale();
        double area = minScale + crop[0] * (1 - minScale);
        double mostStretched =
                Math.min(Math.log(augmentation.resizedCrop().maxRatio()), -Math.log(area));
        double ratio = Math.exp((2 * crop[1] - 1) * mostStretched);
        double width = Math.sqrt(area * ratio);
        double height = Math.sqrt(area / ratio);
        return new Geometry(
                augmentation.flip() && u[0] < 0.5,
                (2 * u[1] - 1) * augmentation.maxDegrees(),
                shift(u[2]),
                shift(u[3]),
                width,
                height,
                crop[2] * (1 - width),
                crop[3] * (1 - height));
    }

    private int shift(double draw) {
        int padding = augmentation.padding();
        return (int) Math.floor(draw * (2 * padding + 1)) - padding;
    }

    /** The pixel that comes to (row, column). */
    private double moved(int sample, int channel, int row, int column, Geometry drawn) {
        double x = inWindow(column, drawn.width, drawn.left, store.width) + drawn.dx;
        double y = inWindow(row, drawn.height, drawn.top, store.height) + drawn.dy;
        boolean inside = x >= -0.5 && x < store.width - 0.5 && y >= -0.5 && y < store.height - 0.5;
        return inside ? rotated(sample, channel, y, x, drawn) : 0;
    }

    /** The place in an image of {@code length} pixels along one axis of a pixel of its window. */
    private static double inWindow(int pixel, double share, double start, int length) {
        double place = (pixel + 0.5) * share + start * length - 0.5;
        return Math.max(0, Math.min(length - 1, place));
    }

    /** A place of the rotated image. */
    private double rotated(int sample, int channel, double row, double column, Geometry drawn) {
        double cos = Math.cos(Math.toRadians(drawn.degrees));
        double sin = Math.sin(Math.toRadians(drawn.degrees));
        double middleX = (store.width - 1) / 2.0;
        double middleY = (store.height - 1) / 2.0;
        double x = cos * (column - middleX) - sin * (row - middleY) + middleX;
        double y = sin * (column - middleX) + cos * (row - middleY) + middleY;
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        boolean flip = drawn.flip;
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

    private void changeColours(int sample, double[] pixels) {
        double[] u = draws(2, sample);
        double brightness = 1 + (2 * u[0] - 1) * augmentation.colorJitter().brightness();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Math.min(1, brightness * pixels[i]);
        }
        double contrast = 1 + (2 * u[1] - 1) * augmentation.colorJitter().contrast();
        double gray = meanGray(pixels);
        for (int i = 0; i < pixels.length; i++) {
            double blended = contrast * pixels[i] + (1 - contrast) * gray;
            pixels[i] = Math.max(0, Math.min(1, blended));
        }
    }

    private double meanGray(double[] pixels) {
        int size = store.height * store.width;
        double sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            sum += grayWeight(i / size) * pixels[i];
        }
        return sum / size;
    }

    private double grayWeight(int channel) {
        return store.channels == 3
                ? new double[] {0.299, 0.587, 0.114}[channel]
                : 1.0 / store.channels;
    }
}

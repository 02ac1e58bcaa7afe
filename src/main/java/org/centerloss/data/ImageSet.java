package org.centerloss.data;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;

/**
 * Labelled images in memory, decoded once: what a device keeps resident.
 *
 * @param pixels [count, channels, height, width] unsigned bytes, row-major; not copied
 * @param labels [count], each the index of a class; not copied
 */
public record ImageSet(int channels, int height, int width, byte[] pixels, int[] labels) {
    /** The largest array that every Java platform gives: 2 GiB less 9 bytes. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    public ImageSet {
        if (pixels.length != (long) labels.length * channels * height * width) {
            throw new InputException(
                    "images: expected %d × %d × %d × %d bytes, found %d"
                            .formatted(labels.length, channels, height, width, pixels.length));
        }
    }

    /**
     * The images of some classes, in their order, under new labels.
     *
     * @param newLabels [class]: its new label, −1 to leave it out
     */
    ImageSet relabelled(int[] newLabels) {
        ImageSet kept = at(i -> newLabels[labels[i]] >= 0);
        int[] keptLabels = IntStream.of(kept.labels).map(label -> newLabels[label]).toArray();
        return new ImageSet(channels, height, width, kept.pixels, keptLabels);
    }

    /** The images at some places, in their order. */
    public ImageSet at(IntPredicate wanted) {
        int[] kept = IntStream.range(0, count()).filter(wanted).toArray();
        if (kept.length == count()) {
            return this;
        }
        int size = channels * height * width;
        byte[] keptPixels = new byte[kept.length * size];
        for (int i = 0; i < kept.length; i++) {
            System.arraycopy(pixels, kept[i] * size, keptPixels, i * size, size);
        }
        int[] keptLabels = IntStream.of(kept).map(i -> labels[i]).toArray();
        return new ImageSet(channels, height, width, keptPixels, keptLabels);
    }

    /**
     * The same images with rows and columns exchanged, in the same memory: this set is of no use
     * afterwards.
     */
    public ImageSet transposed() {
        byte[] plane = new byte[height * width];
        for (int i = 0; i < labels.length * channels; i++) {
            int start = i * plane.length;
            System.arraycopy(pixels, start, plane, 0, plane.length);
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    pixels[start + column * height + row] = plane[row * width + column];
                }
            }
        }
        return new ImageSet(channels, width, height, pixels, labels);
    }

    public int count() {
        return labels.length;
    }

    /** Whether no two images differ in their class; not so without images. */
    public boolean isOneClass() {
        return IntStream.of(labels).distinct().count() == 1;
    }

    /** Whether no two of several images differ in a pixel. */
    public boolean isOneImage() {
        int size = channels * height * width;
        return count() > 1
                && Arrays.equals(pixels, size, pixels.length, pixels, 0, pixels.length - size);
    }

    /** The shape of one image, for messages: 1 × 28 × 28. */
    public String imageShape() {
        return "%d × %d × %d".formatted(channels, height, width);
    }
}

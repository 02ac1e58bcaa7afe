package org.centerloss.device.cpu;

import java.util.Arrays;
import org.centerloss.device.Augmentation;
import org.centerloss.device.Philox;

/** Augments one image after another; each thread's task has one of its own. */
final class ImageAugmenter {
    private static final float[] FROM_BYTE = new float[256];

    static {
        for (int value = 0; value < FROM_BYTE.length; value++) {
            FROM_BYTE[value] = value / 255f;
        }
    }

    private final Augmentation augmentation;
    private final int height;
    private final int width;
    private final double middleX;
    private final double middleY;
    private final int[] words = new int[4];
    private final float[] plane;

    private boolean flip;
    private boolean rotates;
    private double cos;
    private double sin;
    private int dx;
    private int dy;

    ImageAugmenter(Augmentation augmentation, int height, int width) {
        this.augmentation = augmentation;
        this.height = height;
        this.width = width;
        middleX = (width - 1) / 2.0;
        middleY = (height - 1) / 2.0;
        plane = new float[height * width];
    }

    /** Draws the changes of an image in an epoch. */
    void draw(long seed, int sample, int epoch) {
        Philox.block(seed, 0, sample, epoch, Philox.AUGMENTATION, words);
        flip = augmentation.flip() && Philox.uniform(words[0]) < 0.5;
        double degrees = (2 * Philox.uniform(words[1]) - 1) * augmentation.maxDegrees();
        rotates = degrees != 0;
        cos = Math.cos(Math.toRadians(degrees));
        sin = Math.sin(Math.toRadians(degrees));
        dx = shift(words[2]);
        dy = shift(words[3]);
    }

    private int shift(int word) {
        int padding = augmentation.padding();
        return (int) Math.floor(Philox.uniform(word) * (2 * padding + 1)) - padding;
    }

    /**
     * Applies them to a channel.
     *
     * @param start where the channel's pixels begin
     * @return [height, width], valid until the next call
     */
    float[] apply(byte[] pixels, int start) {
        int firstColumn = Math.max(0, -dx);
        int endColumn = Math.min(width, width - dx);
        for (int row = 0; row < height; row++) {
            int to = row * width;
            int source = row + dy;
            if (source < 0 || source >= height || firstColumn >= endColumn) {
                Arrays.fill(plane, to, to + width, 0f);
                continue;
            }
            Arrays.fill(plane, to, to + firstColumn, 0f);
            Arrays.fill(plane, to + endColumn, to + width, 0f);
            if (rotates) {
                for (int column = firstColumn; column < endColumn; column++) {
                    plane[to + column] = rotated(pixels, start, source, column + dx);
                }
            } else {
                int step = flip ? -1 : 1;
                int from = start + source * width + (flip ? width - 1 - dx : dx);
                for (int column = firstColumn; column < endColumn; column++) {
                    plane[to + column] = FROM_BYTE[pixels[from + step * column] & 0xFF];
                }
            }
        }
        return plane;
    }

    private float rotated(byte[] pixels, int start, int row, int column) {
        double x = cos * (column - middleX) - sin * (row - middleY) + middleX;
        double y = sin * (column - middleX) + cos * (row - middleY) + middleY;
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        double above;
        double below;
        if (left >= 0 && left + 1 < width && top >= 0 && top + 1 < height) {
            int step = flip ? -1 : 1;
            int at = start + top * width + (flip ? width - 1 - left : left);
            above =
                    (1 - right) * FROM_BYTE[pixels[at] & 0xFF]
                            + right * FROM_BYTE[pixels[at + step] & 0xFF];
            at += width;
            below =
                    (1 - right) * FROM_BYTE[pixels[at] & 0xFF]
                            + right * FROM_BYTE[pixels[at + step] & 0xFF];
        } else {
            above =
                    (1 - right) * pixel(pixels, start, top, left)
                            + right * pixel(pixels, start, top, left + 1);
            below =
                    (1 - right) * pixel(pixels, start, top + 1, left)
                            + right * pixel(pixels, start, top + 1, left + 1);
        }
        return (float) ((1 - bottom) * above + bottom * below);
    }

    /** A pixel of the flipped image; 0 outside. */
    private float pixel(byte[] pixels, int start, int row, int column) {
        if (row < 0 || row >= height || column < 0 || column >= width) {
            return 0;
        }
        int source = flip ? width - 1 - column : column;
        return FROM_BYTE[pixels[start + row * width + source] & 0xFF];
    }
}

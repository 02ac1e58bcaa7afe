package org.centerloss.device.cpu;

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
        int at = 0;
        for (int row = dy; row < height + dy; row++) {
            for (int column = dx; column < width + dx; column++) {
                if (row < 0 || row >= height || column < 0 || column >= width) {
                    plane[at] = 0;
                } else if (rotates) {
                    plane[at] = rotated(pixels, start, row, column);
                } else {
                    plane[at] = pixel(pixels, start, row, column);
                }
                at++;
            }
        }
        return plane;
    }

    private float rotated(byte[] pixels, int start, int row, int column) {
        double middleX = (width - 1) / 2.0;
        double middleY = (height - 1) / 2.0;
        double x = cos * (column - middleX) - sin * (row - middleY) + middleX;
        double y = sin * (column - middleX) + cos * (row - middleY) + middleY;
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        double above =
                (1 - right) * pixel(pixels, start, top, left)
                        + right * pixel(pixels, start, top, left + 1);
        double below =
                (1 - right) * pixel(pixels, start, top + 1, left)
                        + right * pixel(pixels, start, top + 1, left + 1);
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

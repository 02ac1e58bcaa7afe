package org.centerloss.cpu.op;

import java.util.Arrays;
import org.centerloss.base.Philox;
import org.centerloss.device.op.Augmentation;

/** Augments one image after another; each thread's task has one of its own. */
final class ImageAugmenter {
    private static final float[] FROM_BYTE = new float[256];

    static {
        for (int value = 0; value < FROM_BYTE.length; value++) {
            FROM_BYTE[value] = value / 255f;
        }
    }

    private final Augmentation augmentation;
    private final int channels;
    private final int height;
    private final int width;
    private final double middleX;
    private final double middleY;
    private final boolean crops;
    private final int[] words = new int[4];
    private final float[] image;

    /** For each column of the result its place before rotation and flip. */
    private final double[] columns;

    // What was drawn for the image in progress.
    private boolean flip;
    private boolean rotates;
    private double cos;
    private double sin;
    private int dx;
    private int dy;
    private double windowWidth;
    private double windowHeight;
    private double windowLeft;
    private double windowTop;
    private float brightness;
    private double contrast;

    ImageAugmenter(Augmentation augmentation, int channels, int height, int width) {
        this.augmentation = augmentation;
        this.channels = channels;
        this.height = height;
        this.width = width;
        middleX = (width - 1) / 2.0;
        middleY = (height - 1) / 2.0;
        crops = augmentation.resizedCrop().minScale() < 1;
        image = new float[channels * height * width];
        columns = new double[width];
    }

    /** Its memory, in bytes. */
    long bytes() {
        return (long) Float.BYTES * image.length + (long) Double.BYTES * columns.length;
    }

    /**
     * An image as it is in an epoch.
     *
     * @param start where the image's pixels begin
     * @return [channels, height, width], valid until the next call
     */
    float[] augment(byte[] pixels, int start, long seed, int sample, int epoch) {
        draw(seed, sample, epoch);
        move(pixels, start);
        if (brightness != 1) {
            for (int i = 0; i < image.length; i++) {
                image[i] = Math.min(1, brightness * image[i]);
            }
        }
        if (contrast != 1) {
            float factor = (float) contrast;
            float constant = (float) ((1 - contrast) * meanGray());
            for (int i = 0; i < image.length; i++) {
                image[i] = Math.max(0, Math.min(1, factor * image[i] + constant));
            }
        }
        return image;
    }

    private void draw(long seed, int sample, int epoch) {
        Philox.block(seed, 0, sample, epoch, Philox.AUGMENTATION, words);
        flip = augmentation.flip() && Philox.uniform(words[0]) < 0.5;
        double degrees = (2 * Philox.uniform(words[1]) - 1) * augmentation.maxDegrees();
        rotates = degrees != 0;
        cos = Math.cos(Math.toRadians(degrees));
        sin = Math.sin(Math.toRadians(degrees));
        dx = shift(words[2]);
        dy = shift(words[3]);
        if (crops) {
            Philox.block(seed, 1, sample, epoch, Philox.AUGMENTATION, words);
            drawWindow(augmentation.resizedCrop());
        }
        Philox.block(seed, 2, sample, epoch, Philox.AUGMENTATION, words);
        brightness = (float) factor(words[0], augmentation.colorJitter().brightness());
        contrast = factor(words[1], augmentation.colorJitter().contrast());
    }

    private int shift(int word) {
        int padding = augmentation.padding();
        return (int) Math.floor(Philox.uniform(word) * (2 * padding + 1)) - padding;
    }

    private void drawWindow(Augmentation.ResizedCrop crop) {
        double area = crop.minScale() + Philox.uniform(words[0]) * (1 - crop.minScale());
        double limit = Math.min(Math.log(crop.maxRatio()), -Math.log(area));
        double ratio = Math.exp((2 * Philox.uniform(words[1]) - 1) * limit);
        windowWidth = Math.sqrt(area * ratio);
        windowHeight = Math.sqrt(area / ratio);
        windowLeft = Philox.uniform(words[2]) * (1 - windowWidth) * width;
        windowTop = Philox.uniform(words[3]) * (1 - windowHeight) * height;
    }

    private static double factor(int word, double most) {
        return 1 + (2 * Philox.uniform(word) - 1) * most;
    }

    private void move(byte[] pixels, int start) {
        for (int column = 0; column < width; column++) {
            columns[column] = place(column, windowWidth, windowLeft, width) + dx;
        }
        for (int row = 0; row < height; row++) {
            double y = place(row, windowHeight, windowTop, height) + dy;
            if (crops || rotates) {
                interpolateRow(pixels, start, row, y);
            } else {
                copyRow(pixels, start, row, (int) y);
            }
        }
    }

    /** Where a pixel of the window lies in the image, along one axis. */
    private double place(int pixel, double share, double start, int length) {
        return crops
                ? Math.max(0, Math.min(length - 1, (pixel + 0.5) * share + start - 0.5))
                : pixel;
    }

    private void copyRow(byte[] pixels, int start, int row, int source) {
        int first = Math.min(width, Math.max(0, -dx));
        int end = Math.max(first, Math.min(width, width - dx));
        boolean inside = source >= 0 && source < height;
        for (int channel = 0; channel < channels; channel++) {
            int to = (channel * height + row) * width;
            if (!inside) {
                Arrays.fill(image, to, to + width, 0f);
                continue;
            }
            Arrays.fill(image, to, to + first, 0f);
            Arrays.fill(image, to + end, to + width, 0f);
            int step = flip ? -1 : 1;
            int from = start + (channel * height + source) * width + (flip ? width - 1 - dx : dx);
            for (int column = first; column < end; column++) {
                image[to + column] = FROM_BYTE[pixels[from + step * column] & 0xFF];
            }
        }
    }

    private void interpolateRow(byte[] pixels, int start, int row, double y) {
        boolean inside = y >= -0.5 && y < height - 0.5;
        for (int column = 0; column < width; column++) {
            double x = columns[column];
            int to = row * width + column;
            if (!inside || x < -0.5 || x >= width - 0.5) {
                for (int channel = 0; channel < channels; channel++) {
                    image[to + channel * height * width] = 0;
                }
            } else if (rotates) {
                interpolate(
                        pixels,
                        start,
                        to,
                        cos * (x - middleX) - sin * (y - middleY) + middleX,
                        sin * (x - middleX) + cos * (y - middleY) + middleY);
            } else {
                interpolate(pixels, start, to, x, y);
            }
        }
    }

    /** Writes a pixel of every channel, between the four neighbours of a place. */
    private void interpolate(byte[] pixels, int start, int to, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        boolean within = left >= 0 && left + 1 < width && top >= 0 && top + 1 < height;
        int step = flip ? -1 : 1;
        int at = start + top * width + (flip ? width - 1 - left : left);
        for (int channel = 0; channel < channels; channel++) {
            int plane = channel * height * width;
            double above;
            double below;
            if (within) {
                int upper = at + plane;
                int lower = upper + width;
                above =
                        (1 - right) * FROM_BYTE[pixels[upper] & 0xFF]
                                + right * FROM_BYTE[pixels[upper + step] & 0xFF];
                below =
                        (1 - right) * FROM_BYTE[pixels[lower] & 0xFF]
                                + right * FROM_BYTE[pixels[lower + step] & 0xFF];
            } else {
                above =
                        (1 - right) * pixel(pixels, start + plane, top, left)
                                + right * pixel(pixels, start + plane, top, left + 1);
                below =
                        (1 - right) * pixel(pixels, start + plane, top + 1, left)
                                + right * pixel(pixels, start + plane, top + 1, left + 1);
            }
            image[to + plane] = (float) ((1 - bottom) * above + bottom * below);
        }
    }

    /** A pixel of the flipped channel that begins at {@code start}; 0 outside. */
    private float pixel(byte[] pixels, int start, int row, int column) {
        if (row < 0 || row >= height || column < 0 || column >= width) {
            return 0;
        }
        int source = flip ? width - 1 - column : column;
        return FROM_BYTE[pixels[start + row * width + source] & 0xFF];
    }

    private double meanGray() {
        int size = height * width;
        double sum = 0;
        for (int channel = 0; channel < channels; channel++) {
            double channelSum = 0;
            for (int i = channel * size; i < (channel + 1) * size; i++) {
                channelSum += image[i];
            }
            sum += grayWeight(channel) * channelSum;
        }
        return sum / size;
    }

    private double grayWeight(int channel) {
        if (channels != 3) {
            return 1.0 / channels;
        }
        return switch (channel) {
            case 0 -> 0.299;
            case 1 -> 0.587;
            default -> 0.114;
        };
    }
}

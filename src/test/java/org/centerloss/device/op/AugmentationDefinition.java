package org.centerloss.device.op;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.centerloss.base.Philox;
import org.centerloss.device.op.Augmentation.ColorJitter;
import org.centerloss.device.op.Augmentation.ResizedCrop;

/** What {@link Augmentation} defines, computed once more, pixel by pixel. */
final class AugmentationDefinition {
    private AugmentationDefinition() {}

    static final long SEED = 20;
    static final int EPOCH = 3;

    /** Images of one batch, [count, channels, height, width]. */
    record Images(int count, int channels, int height, int width, byte[] pixels) {
        static Images random(int count, int channels, int height, int width) {
            byte[] pixels = new byte[count * channels * height * width];
            new Random(count).nextBytes(pixels);
            return new Images(count, channels, height, width, pixels);
        }

        /** The pixel at (row, column) in channel 0 is 10·column, in channel 1 10·row. */
        static Images ramps(int count, int side) {
            byte[] pixels = new byte[count * 2 * side * side];
            for (int i = 0; i < pixels.length; i++) {
                boolean across = i / (side * side) % 2 == 0;
                pixels[i] = (byte) (10 * (across ? i % side : i / side % side));
            }
            return new Images(count, 2, side, side, pixels);
        }

        /** A pixel divided by 255; 0 outside. */
        double at(int image, int channel, int row, int column) {
            if (row < 0 || row >= height || column < 0 || column >= width) {
                return 0;
            }
            int index = ((image * channels + channel) * height + row) * width + column;
            return (pixels[index] & 0xFF) / 255.0;
        }
    }

    /** A draw of an image in [0, 1). */
    static double uniform(int block, int image, int word) {
        int[] words = new int[4];
        Philox.block(SEED, block, image, EPOCH, Philox.AUGMENTATION, words);
        return Philox.uniform(words[word]);
    }

    /** The window's share of width and height, and how far from left and top, as shares. */
    record Window(double width, double height, double left, double top) {
        static Window drawn(ResizedCrop crop, int image) {
            double area = crop.minScale() + uniform(1, image, 0) * (1 - crop.minScale());
            double ratio = Math.min(crop.maxRatio(), 1 / area);
            ratio = Math.pow(ratio, 2 * uniform(1, image, 1) - 1);
            double width = Math.sqrt(area * ratio);
            double height = Math.sqrt(area / ratio);
            return new Window(
                    width,
                    height,
                    (1 - width) * uniform(1, image, 2),
                    (1 - height) * uniform(1, image, 3));
        }
    }

    /** The augmented pixels of all images. */
    static double[] expected(Images images, Augmentation augmentation) {
        int size = images.height * images.width;
        double[] all = new double[images.pixels.length];
        for (int image = 0; image < images.count; image++) {
            double[] pixels = new double[images.channels * size];
            for (int i = 0; i < pixels.length; i++) {
                int row = i / images.width % images.height;
                pixels[i] = moved(images, augmentation, image, i / size, row, i % images.width);
            }
            recolour(pixels, size, augmentation.colorJitter(), image);
            System.arraycopy(pixels, 0, all, image * pixels.length, pixels.length);
        }
        return all;
    }

    private static double moved(
            Images images, Augmentation augmentation, int image, int channel, int row, int column) {
        Window window = Window.drawn(augmentation.resizedCrop(), image);
        double x = images.width * (window.left + window.width * (column + 0.5) / images.width);
        double y = images.height * (window.top + window.height * (row + 0.5) / images.height);
        int choices = 2 * augmentation.padding() + 1;
        x = Math.min(images.width - 0.5, Math.max(0.5, x));
        y = Math.min(images.height - 0.5, Math.max(0.5, y));
        x += (int) (uniform(0, image, 2) * choices) - augmentation.padding();
        y += (int) (uniform(0, image, 3) * choices) - augmentation.padding();
        if (x < 0 || x >= images.width || y < 0 || y >= images.height) {
            return 0;
        }
        // From the image's middle, turned, and back to the middles of pixels.
        double angle = Math.toRadians((2 * uniform(0, image, 1) - 1) * augmentation.maxDegrees());
        double right = x - images.width / 2.0;
        double down = y - images.height / 2.0;
        double fromRow = Math.sin(angle) * right + Math.cos(angle) * down + images.height / 2.0;
        double fromColumn = Math.cos(angle) * right - Math.sin(angle) * down + images.width / 2.0;
        boolean flipped = augmentation.flip() && uniform(0, image, 0) < 0.5;
        // The tent of every pixel: the same as interpolating between four neighbours.
        double sum = 0;
        for (int r = 0; r < images.height; r++) {
            for (int c = 0; c < images.width; c++) {
                double weight =
                        Math.max(0, 1 - Math.abs(r + 0.5 - fromRow))
                                * Math.max(0, 1 - Math.abs(c + 0.5 - fromColumn));
                int source = flipped ? images.width - 1 - c : c;
                sum += weight * images.at(image, channel, r, source);
            }
        }
        return sum;
    }

    private static void recolour(double[] pixels, int size, ColorJitter jitter, int image) {
        double brightness =
                1 - jitter.brightness() + 2 * jitter.brightness() * uniform(2, image, 0);
        double[] bright = Arrays.stream(pixels).map(p -> clamp(brightness * p)).toArray();
        double mean = 0;
        for (int i = 0; i < size; i++) {
            double red = bright[i];
            mean +=
                    pixels.length == 3 * size
                            ? 0.299 * red + 0.587 * bright[size + i] + 0.114 * bright[2 * size + i]
                            : meanOfChannels(bright, i, size);
        }
        mean /= size;
        double contrast = 1 - jitter.contrast() + 2 * jitter.contrast() * uniform(2, image, 1);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = clamp(mean + contrast * (bright[i] - mean));
        }
    }

    private static double meanOfChannels(double[] pixels, int at, int size) {
        return IntStream.iterate(at, i -> i < pixels.length, i -> i + size)
                .mapToDouble(i -> pixels[i])
                .average()
                .orElseThrow();
    }

    private static double clamp(double value) {
        return Math.max(0, Math.min(1, value));
    }
}

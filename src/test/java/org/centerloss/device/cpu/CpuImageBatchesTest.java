package org.centerloss.device.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.centerloss.device.Augmentation;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageBatches;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Philox;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.Test;

class CpuImageBatchesTest {
    private static final long SEED = 20;

    /** Images with random pixels; image s has label s + 100. */
    private record Images(int count, int channels, int height, int width, byte[] pixels) {
        static Images random(int count, int channels, int height, int width) {
            byte[] pixels = new byte[count * channels * height * width];
            new Random(count).nextBytes(pixels);
            return new Images(count, channels, height, width, pixels);
        }

        int size() {
            return channels * height * width;
        }

        /** A pixel divided by 255; 0 outside. */
        double at(int image, int channel, int row, int column) {
            if (row < 0 || row >= height || column < 0 || column >= width) {
                return 0;
            }
            int index = ((image * channels + channel) * height + row) * width + column;
            return (pixels[index] & 0xFF) / 255.0;
        }

        int[] labels() {
            int[] labels = new int[count];
            Arrays.setAll(labels, i -> i + 100);
            return labels;
        }
    }

    /** One batch of all images in their order. */
    private static float[] run(Images images, Augmentation augmentation, int epoch, int threads) {
        try (CpuDevice device = new CpuDevice(threads);
                ImageStore store =
                        device.imageStore(
                                images.pixels,
                                images.labels(),
                                images.channels,
                                images.height,
                                images.width);
                ImageBatches op = device.imageBatches(store, images.count, augmentation, SEED);
                Tensor batch =
                        device.activation(
                                images.count, images.channels, images.height, images.width);
                IntTensor labels = device.intTensor(images.count)) {
            int[] order = new int[images.count];
            Arrays.setAll(order, i -> i);
            op.begin(epoch, order, 0);
            op.next(batch, labels);
            assertArrayEquals(images.labels(), labels.toInts());
            return batch.toFloats();
        }
    }

    @Test
    void withoutAugmentationPixelsAreBytesDividedBy255() {
        for (int channels : new int[] {1, 3, 4, 5, 17}) {
            Images images = Images.random(6, channels, 7, 9);
            float[] batch = run(images, Augmentation.NONE, 0, 2);
            for (int i = 0; i < batch.length; i++) {
                assertEquals((images.pixels[i] & 0xFF) / 255.0, batch[i], 1e-7);
            }
        }
    }

    /** The definition in {@link Augmentation}, step by step, each on a whole image. */
    @Test
    void everyMixtureFollowsTheDefinition() {
        for (boolean flip : new boolean[] {false, true}) {
            for (double degrees : new double[] {0, 5, 180}) {
                for (int padding : new int[] {0, 1, 4, 40}) {
                    Augmentation augmentation = new Augmentation(flip, degrees, padding);
                    check(Images.random(40, 3, 12, 17), augmentation);
                    check(Images.random(9, 6, 1, 2), augmentation);
                }
            }
        }
    }

    private static void check(Images images, Augmentation augmentation) {
        int epoch = 3;
        float[] batch = run(images, augmentation, epoch, 2);
        int[] words = new int[4];
        int at = 0;
        for (int image = 0; image < images.count; image++) {
            Philox.block(SEED, 0, image, epoch, Philox.AUGMENTATION, words);
            for (int channel = 0; channel < images.channels; channel++) {
                double[][] expected = new double[images.height][images.width];
                for (int row = 0; row < images.height; row++) {
                    for (int column = 0; column < images.width; column++) {
                        expected[row][column] = images.at(image, channel, row, column);
                    }
                }
                if (augmentation.flip() && Philox.uniform(words[0]) < 0.5) {
                    expected = flipped(expected);
                }
                double degrees = (2 * Philox.uniform(words[1]) - 1) * augmentation.maxDegrees();
                expected = rotated(expected, Math.toRadians(degrees));
                int choices = 2 * augmentation.padding() + 1;
                int dx = (int) (Philox.uniform(words[2]) * choices) - augmentation.padding();
                int dy = (int) (Philox.uniform(words[3]) * choices) - augmentation.padding();
                for (int row = 0; row < images.height; row++) {
                    for (int column = 0; column < images.width; column++) {
                        double pixel = inside(expected, row + dy, column + dx);
                        assertEquals(pixel, batch[at++], 1e-6, augmentation + " image " + image);
                    }
                }
            }
        }
    }

    private static double inside(double[][] image, int row, int column) {
        boolean inside = row >= 0 && row < image.length && column >= 0 && column < image[0].length;
        return inside ? image[row][column] : 0;
    }

    private static double[][] flipped(double[][] image) {
        double[][] flipped = new double[image.length][image[0].length];
        for (int row = 0; row < image.length; row++) {
            for (int column = 0; column < image[0].length; column++) {
                flipped[row][column] = image[row][image[0].length - 1 - column];
            }
        }
        return flipped;
    }

    private static double[][] rotated(double[][] image, double angle) {
        double middleRow = (image.length - 1) / 2.0;
        double middleColumn = (image[0].length - 1) / 2.0;
        double[][] rotated = new double[image.length][image[0].length];
        for (int row = 0; row < image.length; row++) {
            for (int column = 0; column < image[0].length; column++) {
                double x = column - middleColumn;
                double y = row - middleRow;
                double sourceColumn = Math.cos(angle) * x - Math.sin(angle) * y + middleColumn;
                double sourceRow = Math.sin(angle) * x + Math.cos(angle) * y + middleRow;
                // The tent of every pixel: the same as interpolating between four neighbours.
                for (int r = 0; r < image.length; r++) {
                    for (int c = 0; c < image[0].length; c++) {
                        double weight =
                                Math.max(0, 1 - Math.abs(r - sourceRow))
                                        * Math.max(0, 1 - Math.abs(c - sourceColumn));
                        rotated[row][column] += weight * image[r][c];
                    }
                }
            }
        }
        return rotated;
    }

    @Test
    void aFlippedImageFlippedBackIsTheImageAndAboutHalfAreFlipped() {
        Images images = Images.random(200, 1, 3, 5);
        float[] plain = run(images, Augmentation.NONE, 0, 1);
        float[] batch = run(images, new Augmentation(true, 0, 0), 0, 1);
        int flips = 0;
        for (int image = 0; image < images.count; image++) {
            float[] before = Arrays.copyOfRange(plain, image * 15, image * 15 + 15);
            float[] after = Arrays.copyOfRange(batch, image * 15, image * 15 + 15);
            if (!Arrays.equals(before, after)) {
                flips++;
                float[] back = new float[15];
                for (int i = 0; i < 15; i++) {
                    back[i] = after[i / 5 * 5 + 4 - i % 5];
                }
                assertArrayEquals(before, back);
            }
        }
        assertTrue(flips > 60 && flips < 140, flips + " flips");
    }

    @Test
    void cropsShiftAPointByEveryOffset() {
        Images images = new Images(500, 1, 5, 5, new byte[500 * 25]);
        for (int image = 0; image < 500; image++) {
            images.pixels[image * 25 + 12] = (byte) 255;
        }
        float[] batch = run(images, new Augmentation(false, 0, 1), 2, 1);
        int[] seen = new int[25];
        for (int i = 0; i < batch.length; i++) {
            seen[i % 25] += batch[i] == 1 ? 1 : 0;
        }
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 5; column++) {
                boolean near = Math.abs(row - 2) <= 1 && Math.abs(column - 2) <= 1;
                int times = seen[row * 5 + column];
                assertTrue(near ? times > 20 : times == 0, times + " at " + row + ", " + column);
            }
        }
    }

    @Test
    void drawsDependOnEpochAndImageAndNotOnThePlaceInTheBatch() {
        Images images = Images.random(10, 1, 8, 8);
        Augmentation augmentation = new Augmentation(true, 5, 2);
        try (CpuDevice device = new CpuDevice(2);
                ImageStore store = device.imageStore(images.pixels, images.labels(), 1, 8, 8);
                ImageBatches op = device.imageBatches(store, 4, augmentation, SEED);
                Tensor batch = device.activation(4, 1, 8, 8);
                IntTensor labels = device.intTensor(4)) {
            op.begin(1, new int[] {7, 3, 7, 9, 2, 7}, 0);
            op.next(batch, labels);
            float[] first = batch.toFloats();
            assertArrayEquals(new int[] {107, 103, 107, 109}, labels.toInts());
            assertArrayEquals(
                    Arrays.copyOfRange(first, 0, 64), Arrays.copyOfRange(first, 128, 192));
            op.next(batch, labels);
            float[] second = batch.toFloats();
            assertArrayEquals(new int[] {102, 107, 107, 107}, labels.toInts());
            assertArrayEquals(
                    Arrays.copyOfRange(first, 0, 64), Arrays.copyOfRange(second, 64, 128));
            op.begin(1, new int[] {7, 3, 7, 9, 2, 7}, 4);
            op.next(batch, labels);
            assertArrayEquals(second, batch.toFloats());
            op.begin(2, new int[] {7, 7, 7, 7}, 0);
            op.next(batch, labels);
            float[] nextEpoch = Arrays.copyOfRange(batch.toFloats(), 0, 64);
            assertTrue(!Arrays.equals(Arrays.copyOfRange(first, 0, 64), nextEpoch));
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        Images images = Images.random(50, 3, 16, 16);
        Augmentation augmentation = new Augmentation(true, 5, 4);
        assertArrayEquals(run(images, augmentation, 1, 1), run(images, augmentation, 1, 3));
    }

    @Test
    void badOrdersAndSizesAreRefused() {
        Images images = Images.random(5, 1, 2, 2);
        try (CpuDevice device = new CpuDevice(1);
                ImageStore store = device.imageStore(images.pixels, images.labels(), 1, 2, 2);
                ImageBatches op = device.imageBatches(store, 2, Augmentation.NONE, SEED);
                Tensor batch = device.activation(2, 1, 2, 2);
                IntTensor labels = device.intTensor(2)) {
            assertThrows(DeviceException.class, () -> op.next(batch, labels));
            assertThrows(DeviceException.class, () -> op.begin(0, new int[0], 0));
            assertThrows(DeviceException.class, () -> op.begin(0, new int[6], 0));
            assertThrows(DeviceException.class, () -> op.begin(0, new int[] {0, 5}, 0));
            assertThrows(DeviceException.class, () -> op.begin(0, new int[] {0, -1}, 0));
            assertThrows(DeviceException.class, () -> op.begin(0, new int[] {0}, 2));
            assertThrows(
                    DeviceException.class,
                    () -> device.imageStore(images.pixels, images.labels(), 3, 2, 2));
        }
    }
}

package org.centerloss.cpu.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;
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
        for (Augmentation augmentation :
                List.of(new Augmentation(true, 5, 4), Augmentation.light(3))) {
            assertArrayEquals(run(images, augmentation, 1, 1), run(images, augmentation, 1, 3));
        }
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

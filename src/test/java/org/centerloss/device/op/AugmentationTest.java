package org.centerloss.device.op;

import static org.centerloss.device.op.AugmentationDefinition.EPOCH;
import static org.centerloss.device.op.AugmentationDefinition.SEED;
import static org.centerloss.device.op.AugmentationDefinition.expected;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation.ColorJitter;
import org.centerloss.device.op.Augmentation.ResizedCrop;
import org.centerloss.device.op.AugmentationDefinition.Images;
import org.centerloss.device.op.AugmentationDefinition.Window;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every device against the definition in {@link Augmentation}, computed here once more. */
class AugmentationTest {

    /** One batch of all images in their order. */
    private static double[] run(String name, Images images, Augmentation augmentation) {
        int count = images.count();
        int channels = images.channels();
        int height = images.height();
        int width = images.width();
        try (Device device = Devices.open(name, 2);
                ImageStore store =
                        device.imageStore(
                                images.pixels(), new int[count], channels, height, width);
                ImageBatches op = device.imageBatches(store, count, augmentation, SEED);
                Tensor batch = device.activation(count, channels, height, width);
                IntTensor labels = device.intTensor(count)) {
            op.begin(EPOCH, IntStream.range(0, count).toArray(), 0);
            op.next(batch, labels);
            return batch.toDoubles();
        }
    }

    private static List<Augmentation> mixtures() {
        List<Augmentation> mixtures = new ArrayList<>();
        for (boolean flip : new boolean[] {false, true}) {
            for (double degrees : new double[] {0, 5, 180}) {
                for (int padding : new int[] {0, 1, 4, 40}) {
                    mixtures.add(new Augmentation(flip, degrees, padding));
                }
            }
        }
        for (ResizedCrop crop : List.of(new ResizedCrop(0.5, 1.4), new ResizedCrop(1e-4, 1e5))) {
            mixtures.add(new Augmentation(false, 0, 0, crop, ColorJitter.NONE));
            mixtures.add(new Augmentation(true, 20, 2, crop, ColorJitter.NONE));
        }
        mixtures.add(new Augmentation(false, 0, 0, ResizedCrop.NONE, new ColorJitter(1, 0)));
        mixtures.add(new Augmentation(false, 0, 3, ResizedCrop.NONE, new ColorJitter(0, 1)));
        mixtures.add(new Augmentation(true, 9, 1, new ResizedCrop(0.3, 2), new ColorJitter(1, 1)));
        mixtures.add(Augmentation.light(3));
        return mixtures;
    }

    private static void check(String device, List<Augmentation> augmentations) {
        for (Augmentation augmentation : augmentations) {
            for (Images images :
                    List.of(
                            Images.random(20, 3, 12, 17),
                            Images.random(9, 6, 1, 2),
                            Images.random(9, 1, 19, 15),
                            Images.random(7, 3, 1, 1))) {
                assertArrayEquals(
                        expected(images, augmentation),
                        run(device, images, augmentation),
                        1e-6,
                        augmentation + " of " + images.height() + "×" + images.width());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void everyMixtureFollowsTheDefinition(String device) {
        check(device, mixtures());
    }

    @VirtualGpu
    @Test
    void everyMixtureFollowsTheDefinitionOnAGpu() {
        List<Augmentation> mixtures = mixtures();
        check("cuda", mixtures.subList(mixtures.size() - 9, mixtures.size()));
    }

    /** The window that each image of ramps was cut to, as its pixels show. */
    private static List<Window> windows(String device, ResizedCrop crop, int count) {
        int side = 25;
        Images ramps = Images.ramps(count, side);
        double[] pixels = run(device, ramps, new Augmentation(false, 0, 0, crop, ColorJitter.NONE));
        List<Window> windows = new ArrayList<>();
        for (int image = 0; image < count; image++) {
            double[] across = new double[side];
            double[] down = new double[side];
            int start = image * 2 * side * side;
            for (int i = 0; i < side; i++) {
                across[i] = 25.5 * pixels[start + i];
                down[i] = 25.5 * pixels[start + side * side + i * side];
            }
            windows.add(new Window(share(across), share(down), start(across), start(down)));
        }
        return windows;
    }

    /** Pixels 5 and 20 lie inside wherever the outermost are held back at the edge. */
    private static double share(double[] places) {
        return (places[20] - places[5]) / 15;
    }

    private static double start(double[] places) {
        return (places[5] + 0.5 - 5.5 * share(places)) / places.length;
    }

    private static void checkWindows(String device) {
        ResizedCrop crop = new ResizedCrop(0.5, 4.0 / 3);
        int image = 0;
        for (Window shown : windows(device, crop, 300)) {
            Window drawn = Window.drawn(crop, image++);
            assertEquals(drawn.width(), shown.width(), 1e-5);
            assertEquals(drawn.height(), shown.height(), 1e-5);
            assertEquals(drawn.left(), shown.left(), 1e-5);
            assertEquals(drawn.top(), shown.top(), 1e-5);
        }
        Images images = Images.random(20, 3, 12, 17);
        Augmentation light = Augmentation.light(3);
        assertArrayEquals(run(device, images, light), run(device, images, light));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void windowsAreTheDrawnOnesAndEveryRunHasTheSameBits(String device) {
        checkWindows(device);
    }

    @VirtualGpu
    @Test
    void windowsAreTheDrawnOnesAndEveryRunHasTheSameBitsOnAGpu() {
        checkWindows("cuda");
    }

    @Test
    void windowsFitAndSpreadOverAreaRatioAndPlace() {
        int count = 2000;
        double area = 0;
        double ratio = 0;
        double largest = 1;
        double left = 0;
        for (Window window : windows("cpu", new ResizedCrop(0.4, 1.5), count)) {
            double share = window.width() * window.height();
            assertTrue(share > 0.4 - 1e-5 && share < 1 + 1e-5, "area " + share);
            assertTrue(
                    window.left() > -1e-5 && window.left() + window.width() < 1 + 1e-5,
                    "" + window);
            assertTrue(
                    window.top() > -1e-5 && window.top() + window.height() < 1 + 1e-5, "" + window);
            area += share / count;
            ratio += Math.log(window.width() / window.height()) / count;
            largest = Math.max(largest, window.width() / window.height());
            left +=
                    window.width() > 0.99
                            ? 0.5 / count
                            : window.left() / (1 - window.width()) / count;
        }
        // Means of uniform numbers, to four standard errors.
        assertEquals(0.7, area, 4 * 0.6 / Math.sqrt(12 * count));
        assertEquals(0, ratio, 4 * 2 * Math.log(1.5) / Math.sqrt(12 * count));
        assertEquals(0.5, left, 4 / Math.sqrt(12 * count));
        assertTrue(largest > 1.45 && largest < 1.5 + 1e-4, "largest ratio " + largest);
    }

    @Test
    void brightnessAndContrastStayWithinTheirRangeAndReachItsEnds() {
        Images gray = new Images(500, 1, 1, 2, new byte[1000]);
        for (int i = 0; i < 1000; i++) {
            gray.pixels()[i] = (byte) (i % 2 == 0 ? 51 : 102);
        }
        double[] brightened =
                run(
                        "cpu",
                        gray,
                        new Augmentation(false, 0, 0, ResizedCrop.NONE, new ColorJitter(0.2, 0)));
        double[] contrasted =
                run(
                        "cpu",
                        gray,
                        new Augmentation(false, 0, 0, ResizedCrop.NONE, new ColorJitter(0, 0.3)));
        double[] factors =
                IntStream.range(0, 500).mapToDouble(i -> brightened[2 * i] / 0.2).toArray();
        assertEquals(0.8, Arrays.stream(factors).min().orElseThrow(), 0.005);
        assertEquals(1.2, Arrays.stream(factors).max().orElseThrow(), 0.005);
        double[] spreads =
                IntStream.range(0, 500)
                        .mapToDouble(i -> (contrasted[2 * i + 1] - contrasted[2 * i]) / 0.2)
                        .toArray();
        assertEquals(0.7, Arrays.stream(spreads).min().orElseThrow(), 0.005);
        assertEquals(1.3, Arrays.stream(spreads).max().orElseThrow(), 0.005);
        for (int i = 0; i < 500; i++) {
            assertEquals(0.6, contrasted[2 * i] + contrasted[2 * i + 1], 1e-6, "the mean stays");
        }
    }

    @Test
    void settingsOutsideTheirRangeAreRefused() {
        for (double scale : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new ResizedCrop(scale, 1));
        }
        for (double ratio : new double[] {0.9, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new ResizedCrop(0.5, ratio));
        }
        for (double most : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new ColorJitter(most, 0));
            assertThrows(IllegalArgumentException.class, () -> new ColorJitter(0, most));
        }
    }

    @Test
    void itIsToldInWords() {
        assertEquals("none", Augmentation.NONE.words());
        assertEquals(
                "flip, crop from 50 %, brightness ±20 %, contrast ±20 %",
                Augmentation.light(3).words());
        assertEquals(
                "rotation ±2.5°, shift ±4, contrast ±7 %",
                new Augmentation(false, 2.5, 4, ResizedCrop.NONE, new ColorJitter(0, 0.07))
                        .words());
    }
}

package org.centerloss.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.base.Philox;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.Sgd;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Results worked out by hand, for what finite differences do not reach. */
class ReferenceOperationsTest {
    private final Device device = Devices.open("reference", 0);

    @AfterEach
    void closeDevice() {
        device.close();
    }

    private Tensor tensor(double... values) {
        Tensor tensor = device.tensor(values.length);
        tensor.write(values);
        return tensor;
    }

    @Test
    void sgdFollowsPyTorchWithMomentumAndWeightDecay() {
        try (Sgd sgd = device.sgd(1, 0.9, 0.1, false);
                Tensor weights = tensor(1);
                Tensor gradients = tensor(0.5);
                Tensor velocity = tensor(0);
                Tensor rate = tensor(0.1)) {
            sgd.step(weights, gradients, velocity, rate);
            // v = 0.5 + 0.1·1
            assertEquals(0.6, velocity.toDoubles()[0], 1e-15);
            assertEquals(0.94, weights.toDoubles()[0], 1e-15);
            sgd.step(weights, gradients, velocity, rate);
            // v = 0.9·0.6 + 0.5 + 0.1·0.94
            assertEquals(1.134, velocity.toDoubles()[0], 1e-15);
            assertEquals(0.8266, weights.toDoubles()[0], 1e-15);
        }
    }

    @Test
    void runningStatisticsMoveATenthTowardsTheUnbiasedVariance() {
        try (BatchNormalization normalization =
                        device.batchNormalization(
                                new BatchNormalization.Shape(2, 1, 1, 1, Epilogue.NONE));
                Tensor x = device.activation(2, 1, 1, 1);
                Tensor y = device.activation(2, 1, 1, 1);
                Tensor gamma = tensor(1);
                Tensor beta = tensor(0);
                Tensor mean = tensor(0);
                Tensor variance = tensor(1)) {
            x.write(new double[] {1, 3});
            normalization.forwardTraining(x, gamma, beta, mean, variance, null, y);
            assertEquals(0.2, mean.toDoubles()[0], 1e-15);
            // Of 1 and 3: the biased variance is 1, the unbiased one 2.
            assertEquals(1.1, variance.toDoubles()[0], 1e-15);
            double deviation = Math.sqrt(1 + 1e-5);
            assertArrayEquals(new double[] {-1 / deviation, 1 / deviation}, y.toDoubles(), 1e-15);

            normalization.forwardInference(x, gamma, beta, mean, variance, null, y);
            assertEquals(0.8 / Math.sqrt(1.1 + 1e-5), y.toDoubles()[0], 1e-15);
        }
    }

    @Test
    void argMaxTakesTheLowestIndexAmongEquals() {
        try (ArgMax argMax = device.argMax(2, 3);
                Tensor logits = device.tensor(2, 3);
                IntTensor prediction = device.intTensor(2)) {
            logits.write(new double[] {1, 5, 5, -1, -2, -1});
            argMax.forward(logits, prediction);
            assertArrayEquals(new int[] {1, 0}, prediction.toInts());
        }
    }

    @Test
    void meterNamesTheFirstTermThatIsNotFinite() {
        try (LossMeter meter = device.lossMeter(2);
                Tensor a = tensor(1);
                Tensor b = tensor(10)) {
            meter.add(a, b);
            b.write(new double[] {Double.POSITIVE_INFINITY});
            meter.add(a, b);
            a.write(new double[] {Double.NaN});
            meter.add(a, b);
            LossMeter.Reading spoiled = meter.read();
            assertEquals(3, spoiled.steps());
            assertEquals(1, spoiled.firstNonFiniteStep());
            assertEquals(1, spoiled.nonFiniteTerm());

            a.write(new double[] {1});
            b.write(new double[] {2});
            meter.add(a, b);
            LossMeter.Reading clean = meter.read();
            assertEquals(1, clean.steps());
            assertArrayEquals(new double[] {1, 2}, clean.sums());
            assertEquals(-1, clean.firstNonFiniteStep());
            assertEquals(-1, clean.nonFiniteTerm());
        }
    }

    @Test
    void spreadOfCoincidentCentersIsMinusInfinityAndOfOneClassZero() {
        try (CenterSpread two = device.centerSpread(2, 2);
                CenterSpread one = device.centerSpread(1, 2);
                Tensor centers = device.tensor(2, 2);
                Tensor center = device.tensor(1, 2);
                Tensor value = tensor(7)) {
            two.forward(centers, value);
            assertEquals(Double.NEGATIVE_INFINITY, value.toDoubles()[0]);
            one.forward(center, value);
            assertEquals(0, value.toDoubles()[0]);
        }
    }

    private static int[] words(long seed, int sample, int epoch) {
        int[] words = new int[4];
        Philox.block(seed, 0, sample, epoch, Philox.AUGMENTATION, words);
        return words;
    }

    /** The first batch, of one image, of epoch 0. */
    private double[] augmented(
            byte[] pixels, int height, int width, Augmentation augmentation, long seed) {
        try (ImageStore store = device.imageStore(pixels, new int[] {4}, 1, height, width);
                ImageBatches batches = device.imageBatches(store, 1, augmentation, seed);
                Tensor images = device.activation(1, 1, height, width);
                IntTensor labels = device.intTensor(1)) {
            batches.begin(0, new int[] {0}, 0);
            batches.next(images, labels);
            assertEquals(4, labels.toInts()[0]);
            return images.toDoubles();
        }
    }

    @Test
    void flipMirrorsColumnsForHalfOfTheSeeds() {
        byte[] pixels = {51, 102, (byte) 255, 0, 0, 51};
        double[] plain = {0.2, 0.4, 1, 0, 0, 0.2};
        double[] mirrored = {1, 0.4, 0.2, 0.2, 0, 0};
        int flips = 0;
        for (long seed = 0; seed < 200; seed++) {
            boolean flip = Philox.uniform(words(seed, 0, 0)[0]) < 0.5;
            flips += flip ? 1 : 0;
            assertArrayEquals(
                    flip ? mirrored : plain,
                    augmented(pixels, 2, 3, new Augmentation(true, 0, 0), seed),
                    1e-15);
        }
        assertTrue(flips > 70 && flips < 130, flips + " of 200");
    }

    @Test
    void positiveAngleTurnsTheImageCounterClockwiseAboutItsMiddle() {
        byte[] pixels = new byte[11 * 11];
        pixels[5 * 11 + 9] = (byte) 255;
        long seed = 0;
        while (Philox.uniform(words(seed, 0, 0)[1]) < 0.9) {
            seed++;
        }
        double angle = (2 * Philox.uniform(words(seed, 0, 0)[1]) - 1) * Math.toRadians(60);
        double[] turned = augmented(pixels, 11, 11, new Augmentation(false, 60, 0), seed);
        double mass = 0;
        double row = 0;
        double column = 0;
        for (int i = 0; i < turned.length; i++) {
            mass += turned[i];
            row += turned[i] * (i / 11 - 5);
            column += turned[i] * (i % 11 - 5);
        }
        // The pixel four columns right of the middle moves up (to smaller rows) and inwards.
        assertEquals(-4 * Math.sin(angle), row / mass, 0.3, "seed " + seed);
        assertEquals(4 * Math.cos(angle), column / mass, 0.3, "seed " + seed);
    }

    @Test
    void cropShiftsByWholePixelsAndFillsWithZero() {
        byte[] pixels = new byte[5 * 5];
        pixels[2 * 5 + 2] = (byte) 255;
        boolean[] seen = new boolean[25];
        for (long seed = 0; seed < 300; seed++) {
            int[] words = words(seed, 0, 0);
            int dx = (int) (Philox.uniform(words[2]) * 5) - 2;
            int dy = (int) (Philox.uniform(words[3]) * 5) - 2;
            double[] expected = new double[25];
            expected[(2 - dy) * 5 + 2 - dx] = 1;
            seen[(2 - dy) * 5 + 2 - dx] = true;
            assertArrayEquals(
                    expected, augmented(pixels, 5, 5, new Augmentation(false, 0, 2), seed));
        }
        for (boolean shift : seen) {
            assertTrue(shift);
        }
    }

    @Test
    void batchesGoOnFromAPositionAndRepeatTheLastImageAtTheEnd() {
        byte[] pixels = {0, 51, 102, (byte) 153};
        try (ImageStore store = device.imageStore(pixels, new int[] {5, 6, 7, 8}, 1, 1, 1);
                ImageBatches batches = device.imageBatches(store, 2, Augmentation.NONE, 1);
                Tensor images = device.activation(2, 1, 1, 1);
                IntTensor labels = device.intTensor(2)) {
            assertThrows(DeviceException.class, () -> batches.next(images, labels));
            batches.begin(0, new int[] {3, 1, 0, 2}, 1);
            batches.next(images, labels);
            assertArrayEquals(new int[] {6, 5}, labels.toInts());
            assertArrayEquals(new double[] {0.2, 0}, images.toDoubles(), 1e-15);
            batches.next(images, labels);
            assertArrayEquals(new int[] {7, 7}, labels.toInts());
            assertThrows(DeviceException.class, () -> batches.begin(0, new int[] {4}, 0));
            assertThrows(DeviceException.class, () -> batches.begin(0, new int[] {0}, 2));
        }
    }
}

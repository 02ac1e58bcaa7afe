package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.centerloss.baseline.Variant;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that are no class, on every device and in every way of computing. */
@VirtualGpu
class LabelOfNoClassTest {
    private static final int SAMPLES = 70;
    private static final int FEATURES = 5;
    private static final int CLASSES = 3;
    private static final double SCALE = 0.3;
    private static final double ALPHA = 0.5;
    private static final int[] WRONG = {-1, CLASSES, Integer.MIN_VALUE, Integer.MAX_VALUE};

    private final double[] x = normal(1, SAMPLES * FEATURES);
    private final double[] centers = normal(2, CLASSES * FEATURES);
    private final double[] logits = normal(3, SAMPLES * CLASSES);
    private final int[] labels = new Random(4).ints(SAMPLES, 0, CLASSES).toArray();

    LabelOfNoClassTest() {
        // Enough of one kind that the GPU takes them in several parts.
        for (int i = 0; i < SAMPLES; i += 2) {
            labels[i] = WRONG[0];
        }
        for (int i = 1; i < WRONG.length; i++) {
            labels[3 * i] = WRONG[i];
        }
    }

    private static double[] normal(int seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count).mapToDouble(i -> (float) random.nextGaussian()).toArray();
    }

    private boolean isClass(int sample) {
        return labels[sample] >= 0 && labels[sample] < CLASSES;
    }

    static Stream<Arguments> ways() {
        return Stream.of("reference", "cpu", "cuda")
                .flatMap(
                        name ->
                                Stream.of(Variant.values())
                                        .filter(
                                                v ->
                                                        v == Variant.FUSED
                                                                || !name.equals("reference"))
                                        .map(variant -> Arguments.of(name, variant)));
    }

    private static Tensor tensor(Device device, double[] values, int... shape) {
        Tensor tensor = device.tensor(shape);
        tensor.write(values);
        return tensor;
    }

    private IntTensor labels(Device device) {
        IntTensor tensor = device.intTensor(SAMPLES);
        tensor.write(labels);
        return tensor;
    }

    private void assertRows(double[] expected, double[] found, int width) {
        for (int at = 0; at < expected.length; at++) {
            if (isClass(at / width)) {
                assertEquals(expected[at], found[at], 1e-5, "row " + at / width);
            } else {
                assertTrue(Double.isNaN(found[at]), "row " + at / width + ": " + found[at]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void ofCenterLossSpoilsLossAndItsOwnRow(String name, Variant variant) {
        for (double alpha : new double[] {0, 0.05}) {
            for (boolean accumulate : new boolean[] {false, true}) {
                double[] dx = new double[x.length];
                double[] dCenters = new double[centers.length];
                gradients(alpha, accumulate ? 1 : 0, dx, dCenters);
                try (Device device = Devices.open(name, 2);
                        CenterLoss op =
                                Devices.variant(device, variant)
                                        .centerLoss(
                                                SAMPLES,
                                                FEATURES,
                                                CLASSES,
                                                new CenterLoss.Attraction(alpha));
                        Tensor points = tensor(device, x, SAMPLES, FEATURES);
                        IntTensor y = labels(device);
                        Tensor c = tensor(device, centers, CLASSES, FEATURES);
                        Tensor loss = device.tensor(1);
                        Tensor ofX = device.tensor(SAMPLES, FEATURES);
                        Tensor ofCenters = device.tensor(CLASSES, FEATURES)) {
                    op.forward(points, y, c, loss);
                    assertTrue(Double.isNaN(loss.toDoubles()[0]));
                    for (int pass = 0; pass < 2; pass++) {
                        loss.zero();
                        ofCenters.zero();
                        ofX.write(IntStream.range(0, x.length).mapToDouble(i -> 1).toArray());
                        if (pass == 0) {
                            op.forwardBackward(
                                    points, y, c, SCALE, accumulate, loss, ofX, ofCenters);
                            assertTrue(Double.isNaN(loss.toDoubles()[0]));
                        } else {
                            op.backward(points, y, c, SCALE, accumulate, ofX, ofCenters);
                        }
                        assertRows(dx, ofX.toDoubles(), FEATURES);
                        assertArrayEquals(dCenters, ofCenters.toDoubles(), 1e-5);
                    }
                }
            }
        }
    }

    /** By the formula, over the samples that have a class. */
    private void gradients(double alpha, double before, double[] dx, double[] dCenters) {
        for (int i = 0; i < SAMPLES; i++) {
            double s = 0;
            for (int k = 0; isClass(i) && k < FEATURES; k++) {
                s += Math.pow(x[i * FEATURES + k] - centers[labels[i] * FEATURES + k], 2);
            }
            double slope = alpha > 0 ? alpha * Math.exp(alpha * s) : 1;
            for (int k = 0; isClass(i) && k < FEATURES; k++) {
                int at = i * FEATURES + k;
                int atCenter = labels[i] * FEATURES + k;
                double term = SCALE * 2 / SAMPLES * slope * (x[at] - centers[atCenter]);
                dx[at] = before + term;
                dCenters[atCenter] -= term;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void movesNoCenter(String name, Variant variant) {
        double[] expected = centers.clone();
        for (int at = 0; at < expected.length; at++) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < SAMPLES; i++) {
                if (labels[i] == at / FEATURES) {
                    sum += centers[at] - x[i * FEATURES + at % FEATURES];
                    count++;
                }
            }
            expected[at] -= ALPHA * sum / (1 + count);
        }
        try (Device device = Devices.open(name, 2);
                CenterUpdate update =
                        Devices.variant(device, variant)
                                .centerUpdate(SAMPLES, FEATURES, CLASSES, ALPHA);
                Tensor points = tensor(device, x, SAMPLES, FEATURES);
                IntTensor y = labels(device);
                Tensor c = tensor(device, centers, CLASSES, FEATURES)) {
            update.update(points, y, c);
            assertArrayEquals(expected, c.toDoubles(), 1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void ofCrossEntropySpoilsLossAndItsOwnRow(String name) {
        double[] expected = new double[logits.length];
        for (int i = 0; i < SAMPLES; i++) {
            double sum = 0;
            for (int j = 0; j < CLASSES; j++) {
                sum += Math.exp(logits[i * CLASSES + j]);
            }
            for (int j = 0; j < CLASSES; j++) {
                double probability = Math.exp(logits[i * CLASSES + j]) / sum;
                expected[i * CLASSES + j] =
                        SCALE / SAMPLES * (probability - (labels[i] == j ? 1 : 0));
            }
        }
        try (Device device = Devices.open(name, 2);
                SoftmaxCrossEntropy op = device.softmaxCrossEntropy(SAMPLES, CLASSES);
                Tensor z = tensor(device, logits, SAMPLES, CLASSES);
                IntTensor y = labels(device);
                Tensor loss = device.tensor(1);
                Tensor dLogits = device.tensor(SAMPLES, CLASSES)) {
            op.forward(z, y, loss);
            assertTrue(Double.isNaN(loss.toDoubles()[0]));
            loss.zero();
            op.forwardBackward(z, y, SCALE, loss, dLogits);
            assertTrue(Double.isNaN(loss.toDoubles()[0]));
            assertRows(expected, dLogits.toDoubles(), CLASSES);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isALabelLikeAnyOtherInPairwiseRepulsion(String name, Variant variant) {
        int[] renamed =
                IntStream.of(labels)
                        .map(l -> l == Integer.MIN_VALUE ? 7 : l == Integer.MAX_VALUE ? 8 : l + 1)
                        .toArray();
        try (Device device = Devices.open(name, 2);
                PairwiseRepulsion op =
                        Devices.variant(device, variant)
                                .pairwiseRepulsion(
                                        SAMPLES,
                                        FEATURES,
                                        PairwiseRepulsion.Potential.LOGARITHMIC);
                Tensor points = tensor(device, x, SAMPLES, FEATURES);
                IntTensor y = labels(device);
                Tensor value = device.tensor(1);
                Tensor dx = device.tensor(SAMPLES, FEATURES)) {
            op.forwardBackward(points, y, SCALE, false, value, dx);
            double[] values = value.toDoubles();
            double[] gradient = dx.toDoubles();
            y.write(renamed);
            op.forwardBackward(points, y, SCALE, false, value, dx);
            assertEquals(values[0], value.toDoubles()[0], 1e-5 * values[0]);
            assertArrayEquals(gradient, dx.toDoubles(), 1e-5);
        }
    }
}

package org.centerloss.cpu.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterLoss.Attraction;
import org.centerloss.device.op.CenterUpdate;
import org.junit.jupiter.api.Test;

class CpuCenterLossTest {
    private static final double SCALE = 0.75;

    private record Result(float loss, float[] dx, float[] dCenters) {}

    private static Result run(
            Batch batch, Attraction attraction, int threads, boolean accumulate, boolean centers) {
        int m = batch.samples();
        int d = batch.features();
        int c = batch.classes();
        try (CpuDevice device = new CpuDevice(threads);
                CenterLoss op = device.centerLoss(m, d, c, attraction);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                Tensor center = Batch.tensor(device, batch.centers(), c, d);
                IntTensor labels = Batch.integers(device, batch.labels());
                Tensor loss = device.tensor(1);
                Tensor dx = Batch.tensor(device, before(m * d), m, d);
                Tensor dCenters = Batch.tensor(device, before(c * d), c, d)) {
            op.forward(x, labels, center, loss);
            float forward = loss.toFloats()[0];
            op.forwardBackward(
                    x, labels, center, SCALE, accumulate, loss, dx, centers ? dCenters : null);
            assertEquals(forward, loss.toFloats()[0], "forward and forwardBackward differ");
            return new Result(forward, dx.toFloats(), dCenters.toFloats());
        }
    }

    private static float[] before(int size) {
        return Batch.normal(new Random(77), size, 0, 1e-3);
    }

    private static void check(Batch batch, Attraction attraction, String what) {
        int m = batch.samples();
        int d = batch.features();
        double sum = 0;
        double[] dx = new double[m * d];
        double[] dxAdded = toDoubles(before(m * d));
        double[] dCenters = toDoubles(before(batch.classes() * d));
        for (int i = 0; i < m; i++) {
            int label = batch.labels()[i];
            double s = batch.squaredDistance(batch.x(), i, batch.centers(), label);
            double alpha = attraction.alpha();
            double slope = alpha == 0 ? 1 : alpha * Math.exp(alpha * s);
            sum += alpha == 0 ? s : Math.exp(alpha * s);
            for (int k = 0; k < d; k++) {
                double difference = (double) batch.x()[i * d + k] - batch.centers()[label * d + k];
                double gradient = SCALE * 2 / m * slope * difference;
                dx[i * d + k] = gradient;
                dxAdded[i * d + k] += gradient;
                dCenters[label * d + k] -= gradient;
            }
        }
        Result result = run(batch, attraction, 2, false, true);
        String where = "%s %s m=%d d=%d".formatted(what, attraction, m, d);
        Batch.assertRelative(sum / m, result.loss, 2e-6, where + " loss");
        Batch.assertRelativeNorm(dx, result.dx, 1e-5, where + " dx");
        Batch.assertRelativeNorm(dCenters, result.dCenters, 1e-5, where + " dCenters");
        Result added = run(batch, attraction, 2, true, true);
        Batch.assertRelativeNorm(dxAdded, added.dx, 1e-5, where + " accumulated dx");
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @Test
    void awkwardShapesMatchDoubleLoops() {
        for (int samples : Batch.AWKWARD) {
            for (int features : Batch.AWKWARD) {
                for (int classes : new int[] {1, 10, 400}) {
                    long seed = samples * 1000L + features;
                    Batch batch = Batch.random(seed, samples, features, classes, 0, 1);
                    check(batch, Attraction.SQUARED, classes + " classes, seed " + seed);
                    check(batch, new Attraction(0.05), classes + " classes, seed " + seed);
                }
            }
        }
    }

    @Test
    void featuresFarFromTheOriginAndOfAnySizeKeepTheirDigits() {
        check(Batch.random(1, 96, 64, 7, 100, 0.01), Attraction.SQUARED, "offset");
        check(Batch.random(1, 96, 64, 7, 100, 0.01), new Attraction(0.05), "offset");
        check(Batch.random(2, 33, 5, 3, 0, 1e-12), Attraction.SQUARED, "tiny");
        check(Batch.random(3, 33, 5, 3, 0, 1e15), Attraction.SQUARED, "huge");
    }

    @Test
    void absentClassesAreNotTouchedAmongManyClasses() {
        int classes = 100_000;
        Batch batch = Batch.random(4, 64, 3, classes, 0, 1);
        check(batch, Attraction.SQUARED, "many classes");
        float[] after = run(batch, Attraction.SQUARED, 2, false, true).dCenters;
        float[] expected = before(classes * 3);
        for (int label : batch.labels()) {
            for (int k = 0; k < 3; k++) {
                assertTrue(after[label * 3 + k] != expected[label * 3 + k]);
                expected[label * 3 + k] = after[label * 3 + k];
            }
        }
        assertArrayEquals(expected, after);
    }

    @Test
    void centersThatNeedNoGradientAreNotTouched() {
        Batch batch = Batch.random(4, 40, 3, 5, 0, 1);
        assertArrayEquals(before(15), run(batch, Attraction.SQUARED, 2, false, false).dCenters);
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        Batch batch = Batch.random(3, 1000, 9, 11, 0, 1);
        Result one = run(batch, Attraction.SQUARED, 1, true, true);
        for (int threads : new int[] {2, 3}) {
            Result several = run(batch, Attraction.SQUARED, threads, true, true);
            assertEquals(one.loss, several.loss);
            assertArrayEquals(one.dx, several.dx);
            assertArrayEquals(one.dCenters, several.dCenters);
        }
    }

    @Test
    void exponentialThatOverflowsIsInfinite() {
        Batch batch = Batch.random(3, 10, 4, 2, 0, 1e3);
        assertEquals(Float.POSITIVE_INFINITY, run(batch, new Attraction(1), 2, false, true).loss);
    }

    @Test
    void centerUpdateFollowsItsFormula() {
        for (int samples : Batch.AWKWARD) {
            for (int classes : new int[] {1, 10, 400}) {
                Batch batch = Batch.random(samples, samples, 33, classes, 0, 1);
                double[] expected = toDoubles(batch.centers());
                int[] count = new int[classes];
                for (int label : batch.labels()) {
                    count[label]++;
                }
                for (int i = 0; i < samples; i++) {
                    int label = batch.labels()[i];
                    for (int k = 0; k < 33; k++) {
                        double difference =
                                (double) batch.centers()[label * 33 + k] - batch.x()[i * 33 + k];
                        expected[label * 33 + k] -= 0.5 * difference / (1 + count[label]);
                    }
                }
                float[] moved = update(batch);
                Batch.assertRelativeNorm(expected, moved, 1e-6, samples + ", " + classes);
                for (int j = 0; j < classes; j++) {
                    for (int k = 0; count[j] == 0 && k < 33; k++) {
                        assertEquals(batch.centers()[j * 33 + k], moved[j * 33 + k]);
                    }
                }
            }
        }
    }

    private static float[] update(Batch batch) {
        int m = batch.samples();
        int d = batch.features();
        int c = batch.classes();
        try (CpuDevice device = new CpuDevice(2);
                CenterUpdate op = device.centerUpdate(m, d, c, 0.5);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                Tensor center = Batch.tensor(device, batch.centers(), c, d);
                IntTensor labels = Batch.integers(device, batch.labels())) {
            op.update(x, labels, center);
            return center.toFloats();
        }
    }
}

package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterLoss.Attraction;
import org.junit.jupiter.api.Test;

@VirtualGpu
class CenterLossKernelTest {
    private static final double SCALE = 0.75;
    private static final Attraction EXPONENTIAL = new Attraction(0.05);

    private record Result(float loss, float[] dx, float[] dCenters, KernelCounters counters) {}

    /** Adds to {@link #before} in dCenters, and in dx where {@code accumulate}. */
    private static Result run(
            Batch batch, Attraction attraction, boolean accumulate, boolean centers) {
        int m = batch.samples();
        int d = batch.features();
        int c = batch.classes();
        try (CudaDevice device = new CudaDevice(0, false);
                CenterLoss op = device.centerLoss(m, d, c, attraction);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                Tensor center = Batch.tensor(device, batch.centers(), c, d);
                IntTensor labels = Batch.integers(device, batch.labels());
                Tensor forward = device.tensor(1);
                Tensor loss = device.tensor(1);
                Tensor dx = Batch.tensor(device, before(m * d), m, d);
                Tensor dCenters = Batch.tensor(device, before(c * d), c, d)) {
            op.forward(x, labels, center, forward);
            KernelCounters counters =
                    KernelCounters.of(
                            device,
                            () ->
                                    op.forwardBackward(
                                            x,
                                            labels,
                                            center,
                                            SCALE,
                                            accumulate,
                                            loss,
                                            dx,
                                            centers ? dCenters : null));
            assertEquals(forward.toFloats()[0], loss.toFloats()[0], "forward alone differs");
            return new Result(loss.toFloats()[0], dx.toFloats(), dCenters.toFloats(), counters);
        }
    }

    private static float[] before(int size) {
        return Batch.normal(new Random(77), size, 0, 1e-3);
    }

    private static void check(Batch batch, Attraction attraction) {
        int d = batch.features();
        double sum = 0;
        double[] dx = new double[batch.x().length];
        double[] dCenters = toDoubles(before(batch.centers().length));
        for (int i = 0; i < batch.samples(); i++) {
            int label = batch.labels()[i];
            double s = batch.squaredDistance(batch.x(), i, batch.centers(), label);
            double alpha = attraction.alpha();
            double slope = alpha == 0 ? 1 : alpha * Math.exp(alpha * s);
            sum += alpha == 0 ? s : Math.exp(alpha * s);
            for (int k = 0; k < d; k++) {
                double difference = (double) batch.x()[i * d + k] - batch.centers()[label * d + k];
                double gradient = SCALE * 2 / batch.samples() * slope * difference;
                dx[i * d + k] = gradient;
                dCenters[label * d + k] -= gradient;
            }
        }
        Result result = run(batch, attraction, false, true);
        String where = attraction + " m=" + batch.samples() + " d=" + d;
        Batch.assertRelative(sum / batch.samples(), result.loss, 2e-6, where + " loss");
        Batch.assertRelativeNorm(dx, result.dx, 1e-5, where + " dx");
        Batch.assertRelativeNorm(dCenters, result.dCenters, 1e-5, where + " dCenters");
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @Test
    void classesOfManyChunksMatchDoubleLoops() {
        for (int features : new int[] {1, 2, 3, 16, 33, 130}) {
            for (int classes : new int[] {1, 3}) {
                Batch batch = Batch.random(features, 600, features, classes, 0, 1);
                check(batch, Attraction.SQUARED);
                check(batch, EXPONENTIAL);
            }
        }
    }

    @Test
    void classSizesAtTheEdgesOfChunksMatchDoubleLoops() {
        // Classes of 8 and 9, 16 and 17 samples, interleaved, with large ones side by side.
        int[] sizes = {8, 9, 16, 17, 1, 7, 24, 9, 9, 31, 33};
        int samples = Arrays.stream(sizes).sum();
        for (int features : new int[] {1, 2, 5, 40}) {
            Batch batch = Batch.random(9, samples, features, sizes.length, 0, 1);
            int[] left = sizes.clone();
            int label = 0;
            for (int i = 0; i < samples; i++) {
                do {
                    label = (label + 1) % sizes.length;
                } while (left[label] == 0);
                left[label]--;
                batch.labels()[i] = label;
            }
            check(batch, Attraction.SQUARED);
        }
    }

    @Test
    void absentClassesAreNotTouchedAmongManyClasses() {
        int classes = 100_000;
        Batch batch = Batch.random(4, 64, 3, classes, 0, 1);
        check(batch, Attraction.SQUARED);
        float[] after = run(batch, Attraction.SQUARED, false, true).dCenters;
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
    void costDoesNotDependOnTheNumberOfClasses() {
        Batch few = Batch.random(5, 512, 16, 1_000, 0, 1);
        float[] centers = Arrays.copyOf(few.centers(), 100_000 * 16);
        Batch many = new Batch(512, 16, 100_000, few.x(), few.labels(), centers);
        KernelCounters one = run(few, Attraction.SQUARED, false, true).counters;
        KernelCounters other = run(many, Attraction.SQUARED, false, true).counters;
        assertEquals(one.globalBytes(), other.globalBytes());
        assertEquals(one.instructions(), other.instructions());
    }

    @Test
    void movesLittleMoreThanEachNumberOnce() {
        int m = 1024;
        int d = 128;
        Batch batch = Batch.random(6, m, d, 1_000, 0, 1);
        long present = Arrays.stream(batch.labels()).distinct().count();
        KernelCounters counters = run(batch, Attraction.SQUARED, false, true).counters;
        long floor = 8 * (m + present) * d;
        double factor = (double) counters.globalBytes() / floor;
        assertTrue(factor <= 1.5, "bytes: " + factor + " times the floor of " + floor);
        double sectors = counters.sectorFactor("center_loss_forward_backward");
        assertTrue(sectors <= 1.1, "sectors: " + sectors);
        for (String kernel : new String[] {"class_order", "center_loss_forward_backward"}) {
            assertEquals(1, counters.bankConflictFactor(kernel), 0.1, kernel);
        }
    }

    @Test
    void fewLargeClassesMoveLittleMoreToo() {
        Batch batch = Batch.random(6, 1024, 128, 10, 0, 1);
        KernelCounters counters = run(batch, Attraction.SQUARED, false, true).counters;
        double factor = counters.globalBytes() / (8.0 * (1024 + 10) * 128);
        assertTrue(factor <= 1.5, "bytes: " + factor + " times the floor");
        double sectors = counters.sectorFactor("center_loss_class_sums");
        assertTrue(sectors <= 1.1, "sectors: " + sectors);
        assertEquals(1, counters.bankConflictFactor("center_loss_class_sums"), 0.1);
    }

    @Test
    void exponentialThatOverflowsIsInfinite() {
        Batch batch = Batch.random(3, 10, 4, 2, 0, 1e3);
        Result result = run(batch, new Attraction(1), false, true);
        assertEquals(Float.POSITIVE_INFINITY, result.loss);
    }

    @Test
    void labelThatIsNoClassShowsAsNaNAndTouchesNoCenter() {
        for (int wrong : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            for (Attraction attraction : new Attraction[] {Attraction.SQUARED, EXPONENTIAL}) {
                Batch right = Batch.random(3, 30, 4, 2, 0, 1);
                Arrays.fill(right.labels(), 5, 30, 0);
                Batch batch = new Batch(30, 4, 2, right.x(), right.labels(), right.centers());
                // More than a chunk, so that the sums of chunks see it as well.
                Arrays.fill(batch.labels(), 5, 25, wrong);
                Result result = run(batch, attraction, false, true);
                assertTrue(Float.isNaN(result.loss));
                for (int i = 0; i < 30 * 4; i++) {
                    assertEquals(i / 4 >= 5 && i / 4 < 25, Float.isNaN(result.dx[i]), "dx " + i);
                }
                for (float value : result.dCenters) {
                    assertTrue(Float.isFinite(value));
                }
            }
        }
    }

    @Test
    void centersThatNeedNoGradientAreNotTouched() {
        Batch batch = Batch.random(4, 40, 3, 5, 0, 1);
        assertArrayEquals(before(15), run(batch, Attraction.SQUARED, true, false).dCenters);
    }
}

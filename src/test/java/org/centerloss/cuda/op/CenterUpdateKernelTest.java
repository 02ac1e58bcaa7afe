package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.CenterUpdate;
import org.junit.jupiter.api.Test;

@VirtualGpu
class CenterUpdateKernelTest {
    private static final double ALPHA = 0.5;

    private record Result(float[] centers, KernelCounters counters) {}

    private static Result run(Batch batch) {
        int m = batch.samples();
        int d = batch.features();
        int c = batch.classes();
        try (CudaDevice device = new CudaDevice(0, false);
                CenterUpdate op = device.centerUpdate(m, d, c, ALPHA);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                Tensor centers = Batch.tensor(device, batch.centers(), c, d);
                IntTensor labels = Batch.integers(device, batch.labels())) {
            KernelCounters counters =
                    KernelCounters.of(device, () -> op.update(x, labels, centers));
            return new Result(centers.toFloats(), counters);
        }
    }

    private static void check(Batch batch) {
        int d = batch.features();
        double[] expected = new double[batch.centers().length];
        Arrays.setAll(expected, i -> batch.centers()[i]);
        int[] count = new int[batch.classes()];
        for (int label : batch.labels()) {
            count[label]++;
        }
        for (int i = 0; i < batch.samples(); i++) {
            int label = batch.labels()[i];
            for (int k = 0; k < d; k++) {
                int at = label * d + k;
                double difference = (double) batch.centers()[at] - batch.x()[i * d + k];
                expected[at] -= ALPHA * difference / (1 + count[label]);
            }
        }
        String where = "m=" + batch.samples() + " d=" + d + " C=" + batch.classes();
        float[] moved = run(batch).centers;
        Batch.assertRelativeNorm(expected, moved, 1e-6, where);
        for (int at = 0; at < moved.length; at++) {
            assertTrue(count[at / d] > 0 || moved[at] == batch.centers()[at], where);
        }
    }

    @Test
    void classesOfOneAndOfManyChunksMatchDoubleLoops() {
        for (int features : new int[] {2, 16, 33, 130}) {
            for (int classes : new int[] {2, 30, 400}) {
                check(Batch.random(features, 300, features, classes, 0, 1));
            }
        }
    }

    @Test
    void costDoesNotDependOnTheNumberOfClasses() {
        Batch few = Batch.random(5, 512, 16, 1_000, 0, 1);
        float[] centers = Arrays.copyOf(few.centers(), 100_000 * 16);
        KernelCounters one = run(few).counters;
        KernelCounters other =
                run(new Batch(512, 16, 100_000, few.x(), few.labels(), centers)).counters;
        assertEquals(one.globalBytes(), other.globalBytes());
        assertEquals(one.instructions(), other.instructions());
    }

    @Test
    void accessIsCoalescedWithoutBankConflicts() {
        for (int classes : new int[] {10, 1_000}) {
            KernelCounters counters = run(Batch.random(6, 1024, 128, classes, 0, 1)).counters;
            for (String kernel : new String[] {"center_update", "center_update_class_sums"}) {
                double sectors = counters.sectorFactor(kernel);
                assertTrue(sectors <= 1.1, kernel + " sectors: " + sectors);
                assertEquals(1, counters.bankConflictFactor(kernel), 0.1, kernel);
            }
        }
    }

    @Test
    void samplesWhoseLabelIsNoClassAreIgnored() {
        Batch batch = Batch.random(3, 40, 4, 2, 0, 1);
        Arrays.fill(batch.labels(), 0, 20, 2);
        Arrays.fill(batch.labels(), 20, 40, -1);
        assertArrayEquals(batch.centers(), run(batch).centers);
    }
}

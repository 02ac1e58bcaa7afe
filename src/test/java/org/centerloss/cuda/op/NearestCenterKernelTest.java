package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.baseline.Variant;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@VirtualGpu
class NearestCenterKernelTest {
    private record Result(int[] prediction, float[] squaredDistance, KernelCounters counters) {}

    private static Result run(CudaDevice device, NearestCenter op, Batch batch) {
        int m = batch.samples();
        int d = batch.features();
        try (op;
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                Tensor centers = Batch.tensor(device, batch.centers(), batch.classes(), d);
                IntTensor prediction = device.intTensor(m);
                Tensor distance = device.tensor(m)) {
            KernelCounters counters =
                    KernelCounters.of(device, () -> op.forward(x, centers, prediction, distance));
            return new Result(prediction.toInts(), distance.toFloats(), counters);
        }
    }

    private static Result run(Batch batch) {
        try (CudaDevice device = new CudaDevice(0, false)) {
            return run(device, plan(device, batch), batch);
        }
    }

    private static NearestCenter plan(Device device, Batch batch) {
        return device.nearestCenter(batch.samples(), batch.features(), batch.classes());
    }

    private static Result runNaive(Batch batch) {
        try (CudaDevice device = new CudaDevice(0, false)) {
            return run(device, plan(Devices.variant(device, Variant.NAIVE), batch), batch);
        }
    }

    /** Every kernel at the edges of its features, with centers in one and in several splits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 16, 17, 33, 128, 129, 257})
    void everyWidthFindsTheSmallestDistance(int features) {
        for (int classes : new int[] {1, 9, 32, 33, 300}) {
            Batch batch = Batch.random(features, 70, features, classes, 0, 1);
            Result result = run(batch);
            for (int i = 0; i < 70; i++) {
                double smallest = Double.POSITIVE_INFINITY;
                for (int j = 0; j < classes; j++) {
                    double s = batch.squaredDistance(batch.x(), i, batch.centers(), j);
                    smallest = Math.min(smallest, s);
                }
                String where = "sample " + i + ", d=" + features + ", C=" + classes;
                // Two centers nearer to a tie than float32 resolves may change places.
                int predicted = result.prediction[i];
                double found = batch.squaredDistance(batch.x(), i, batch.centers(), predicted);
                Batch.assertRelative(smallest, found, 1e-6, where);
                Batch.assertRelative(found, result.squaredDistance[i], 2e-6, where);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 40})
    void lowestIndexWinsAmongEquals(int features) {
        int classes = 1000;
        float[] centers = new float[features * classes];
        for (int j = 0; j < classes; j++) {
            centers[features * j + 1] = j % 250;
        }
        float[] x = new float[4 * features];
        x[1] = 249;
        x[features + 1] = 3;
        x[2 * features + 1] = 7;
        x[3 * features + 1] = 1.5f;
        Batch batch = new Batch(4, features, classes, x, new int[4], centers);
        int[] expected = {249, 3, 7, 1};
        assertArrayEquals(expected, run(batch).prediction);
        assertArrayEquals(expected, runNaive(batch).prediction);
    }

    /** As a search that starts at center 0 and moves to smaller distances only. */
    @ParameterizedTest
    @ValueSource(ints = {2, 8, 40})
    void distancesThatAreNotFiniteAreNeverSmaller(int features) {
        float nan = Float.NaN;
        float infinity = Float.POSITIVE_INFINITY;
        for (float[] first :
                new float[][] {{nan, 3, 1}, {infinity, nan, 1}, {infinity, nan, 2e30f}, {5, nan}}) {
            int classes = first.length;
            float[] centers = new float[features * classes];
            for (int j = 0; j < classes; j++) {
                centers[features * j] = first[j];
            }
            Batch batch = new Batch(1, features, classes, new float[features], new int[1], centers);
            int expected = 0;
            float smallest = first[0] * first[0];
            for (int j = 1; j < classes; j++) {
                if (first[j] * first[j] < smallest) {
                    expected = j;
                    smallest = first[j] * first[j];
                }
            }
            for (Result result : new Result[] {run(batch), runNaive(batch)}) {
                assertEquals(expected, result.prediction[0]);
                assertEquals(smallest, result.squaredDistance[0]);
            }
        }
    }

    @Test
    void memoryIsUsedInOrder() {
        for (int features : new int[] {4, 16, 128}) {
            KernelCounters counters = run(Batch.random(3, 256, features, 64, 0, 1)).counters;
            for (String kernel :
                    new String[] {"nearest_center_d" + features, "nearest_center_finish"}) {
                double sectors = counters.sectorFactor(kernel);
                assertTrue(sectors <= 1.1, kernel + " sectors: " + sectors);
                double banks = counters.bankConflictFactor(kernel);
                assertTrue(banks <= 1.1, kernel + " banks: " + banks);
            }
        }
    }
}

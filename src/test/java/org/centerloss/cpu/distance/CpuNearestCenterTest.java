package org.centerloss.cpu.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.NearestCenter;
import org.junit.jupiter.api.Test;

class CpuNearestCenterTest {
    private record Result(int[] prediction, float[] squaredDistance) {}

    private static Result run(Batch batch, int threads) {
        int m = batch.samples();
        int d = batch.features();
        int classes = batch.classes();
        try (CpuDevice device = new CpuDevice(threads);
                NearestCenter op = device.nearestCenter(m, d, classes);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                Tensor centers = Batch.tensor(device, batch.centers(), classes, d);
                IntTensor prediction = device.intTensor(m);
                Tensor distance = device.tensor(m)) {
            op.forward(x, centers, prediction, distance);
            return new Result(prediction.toInts(), distance.toFloats());
        }
    }

    private static void check(Batch batch, String what) {
        Result result = run(batch, 2);
        for (int i = 0; i < batch.samples(); i++) {
            double smallest = Double.POSITIVE_INFINITY;
            for (int j = 0; j < batch.classes(); j++) {
                smallest =
                        Math.min(smallest, batch.squaredDistance(batch.x(), i, batch.centers(), j));
            }
            // Two centers nearer to a tie than float32 resolves may change places.
            double found =
                    batch.squaredDistance(batch.x(), i, batch.centers(), result.prediction[i]);
            String where =
                    "%s, sample %d of %d, d=%d, C=%d"
                            .formatted(what, i, batch.samples(), batch.features(), batch.classes());
            Batch.assertRelative(smallest, found, 1e-6, where);
            assertEquals((float) found, result.squaredDistance[i], where);
        }
    }

    @Test
    void awkwardShapesFindTheSmallestDistance() {
        for (int samples : Batch.AWKWARD) {
            for (int features : Batch.AWKWARD) {
                for (int classes : new int[] {1, 10, 59, 61, 600}) {
                    check(Batch.random(samples, samples, features, classes, 0, 1), "random");
                }
            }
        }
    }

    @Test
    void offsetTinyAndHugeFeaturesAreRanked() {
        check(Batch.random(1, 96, 64, 17, 100, 0.01), "offset");
        check(Batch.random(2, 20, 3, 100, 0, 1e-25), "tiny");
        check(Batch.random(3, 20, 3, 100, 0, 1e30), "huge");
    }

    @Test
    void theLowestIndexWinsAmongEquals() {
        int classes = 1000;
        float[] centers = new float[2 * classes];
        for (int j = 0; j < classes; j++) {
            centers[2 * j] = j % 250;
        }
        float[] x = {249, 0, 3, 0, 7, 5, 1.5f, 1};
        Batch batch = new Batch(4, 2, classes, x, new int[4], centers);
        assertArrayEquals(new int[] {249, 3, 7, 1}, run(batch, 2).prediction);
    }

    @Test
    void distancesThatAreNotNumbersAreNeverNearest() {
        float nan = Float.NaN;
        float[] centers = {nan, 0, 5, 0, 1, 0};
        float[] x = {0, 0, nan, 0, Float.POSITIVE_INFINITY, 0};
        Result result = run(new Batch(3, 2, 3, x, new int[3], centers), 2);
        assertArrayEquals(new int[] {2, 0, 0}, result.prediction);
        assertEquals(1f, result.squaredDistance[0]);
        assertEquals(nan, result.squaredDistance[1]);
    }

    @Test
    void aHundredThousandCentersAreSearched() {
        check(Batch.random(5, 6, 8, 100_000, 0, 1), "many");
    }
}

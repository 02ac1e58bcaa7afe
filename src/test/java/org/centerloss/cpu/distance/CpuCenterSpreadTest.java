package org.centerloss.cpu.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.CenterSpread;
import org.junit.jupiter.api.Test;

class CpuCenterSpreadTest {
    private record Result(float value, float[] gradient) {}

    private static Result run(float[] centers, int classes, float[] before, int threads) {
        int features = centers.length / classes;
        try (CpuDevice device = new CpuDevice(threads);
                CenterSpread op = device.centerSpread(classes, features);
                Tensor c = Batch.tensor(device, centers, classes, features);
                Tensor value = device.tensor(1);
                Tensor dCenters = Batch.tensor(device, before, classes, features)) {
            op.forward(c, value);
            float forward = value.toFloats()[0];
            op.forwardBackward(c, 0.75, value, dCenters);
            assertEquals(forward, value.toFloats()[0]);
            return new Result(forward, dCenters.toFloats());
        }
    }

    @Test
    void awkwardShapesMatchDoubleLoops() {
        for (int classes : new int[] {2, 3, 10, 31, 127}) {
            for (int features : Batch.AWKWARD) {
                check(Batch.random(classes, 1, features, classes, 0, 1));
            }
        }
        check(Batch.random(1, 1, 64, 10, 100, 0.01));
        check(Batch.random(1, 1, 6, 10, 0, 1e-15));
        check(Batch.random(1, 1, 6, 10, 0, 1e15));
    }

    private static void check(Batch batch) {
        int classes = batch.classes();
        int d = batch.features();
        float[] before = Batch.normal(new Random(3), classes * d, 0, 1e-3);
        double sum = 0;
        double[] gradient = new double[classes * d];
        for (int i = 0; i < classes; i++) {
            for (int k = 0; k < d; k++) {
                gradient[i * d + k] = before[i * d + k];
            }
            for (int j = 0; j < classes; j++) {
                if (i != j) {
                    double s = batch.squaredDistance(batch.centers(), i, batch.centers(), j);
                    sum += Math.log(s);
                    for (int k = 0; k < d; k++) {
                        double difference =
                                (double) batch.centers()[i * d + k] - batch.centers()[j * d + k];
                        gradient[i * d + k] += 0.75 * 4 / classes * difference / s;
                    }
                }
            }
        }
        Result result = run(batch.centers(), classes, before, 2);
        String what = classes + " classes, " + d + " features";
        Batch.assertRelative(sum / classes, result.value, 2e-6, what);
        Batch.assertRelativeNorm(gradient, result.gradient, 1e-5, what);
    }

    @Test
    void oneClassHasNoSpread() {
        Result result = run(new float[] {1, 2}, 1, new float[] {3, 4}, 2);
        assertEquals(0f, result.value);
        assertArrayEquals(new float[] {3, 4}, result.gradient);
    }

    @Test
    void centersThatCoincideSpreadByMinusInfinity() {
        Result result = run(new float[] {1, 2, 1, 2, 5, 6}, 3, new float[6], 2);
        assertEquals(Float.NEGATIVE_INFINITY, result.value);
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        Batch batch = Batch.random(1, 1, 7, 100, 0, 1);
        Result one = run(batch.centers(), 100, new float[700], 1);
        Result three = run(batch.centers(), 100, new float[700], 3);
        assertEquals(one.value, three.value);
        assertArrayEquals(one.gradient, three.gradient);
    }
}

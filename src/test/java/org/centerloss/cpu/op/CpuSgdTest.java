package org.centerloss.cpu.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.Sgd;
import org.junit.jupiter.api.Test;

class CpuSgdTest {
    @Test
    void severalStepsFollowPyTorchsFormulaAndTheRateInTheTensor() {
        for (int size : new int[] {1, 2, 31, 257, 4096, 4097, 50_001}) {
            for (double weightDecay : new double[] {0, 5e-4}) {
                check(size, weightDecay, false);
                check(size, weightDecay, true);
            }
        }
    }

    private static void check(int size, double weightDecay, boolean nesterov) {
        Random random = new Random(size);
        float[] start = Batch.normal(random, size, 0, 1);
        double[] w = new double[size];
        double[] v = new double[size];
        for (int i = 0; i < size; i++) {
            w[i] = start[i];
        }
        try (CpuDevice device = new CpuDevice(2);
                Sgd op = device.sgd(size, 0.9, weightDecay, nesterov);
                Tensor weights = Batch.tensor(device, start, size);
                Tensor gradients = device.tensor(size);
                Tensor velocity = device.tensor(size);
                Tensor rate = device.tensor(1);
                Program step = device.record(() -> op.step(weights, gradients, velocity, rate))) {
            for (int t = 0; t < 6; t++) {
                float[] g = Batch.normal(random, size, 0, 1);
                float learningRate = t < 3 ? 0.01f : 0.002f;
                gradients.write(g);
                rate.write(new float[] {learningRate});
                step.run();
                for (int i = 0; i < size; i++) {
                    double decayed = g[i] + weightDecay * w[i];
                    v[i] = 0.9 * v[i] + decayed;
                    w[i] -= learningRate * (nesterov ? decayed + 0.9 * v[i] : v[i]);
                }
            }
            String what = size + " weights, decay " + weightDecay + ", Nesterov " + nesterov;
            Batch.assertRelativeNorm(w, weights.toFloats(), 1e-6, what);
            Batch.assertRelativeNorm(v, velocity.toFloats(), 1e-6, what);
        }
    }

    @Test
    void rateZeroMovesTheVelocityAndNotTheWeights() {
        try (CpuDevice device = new CpuDevice(1);
                Sgd op = device.sgd(3, 0.5, 0, false);
                Tensor weights = Batch.tensor(device, new float[] {1, 2, 3}, 3);
                Tensor gradients = Batch.tensor(device, new float[] {4, 5, 6}, 3);
                Tensor velocity = Batch.tensor(device, new float[] {2, 2, 2}, 3);
                Tensor rate = device.tensor(1)) {
            op.step(weights, gradients, velocity, rate);
            assertArrayEquals(new float[] {1, 2, 3}, weights.toFloats());
            assertArrayEquals(new float[] {5, 6, 7}, velocity.toFloats());
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        float[] one = threeSteps(1);
        assertArrayEquals(one, threeSteps(2));
        assertArrayEquals(one, threeSteps(3));
        assertEquals(20_000, one.length);
    }

    private static float[] threeSteps(int threads) {
        Random random = new Random(1);
        int size = 20_000;
        try (CpuDevice device = new CpuDevice(threads);
                Sgd op = device.sgd(size, 0.9, 1e-4, false);
                Tensor weights = Batch.tensor(device, Batch.normal(random, size, 0, 1), size);
                Tensor gradients = Batch.tensor(device, Batch.normal(random, size, 0, 1), size);
                Tensor velocity = device.tensor(size);
                Tensor rate = Batch.tensor(device, new float[] {0.1f}, 1)) {
            for (int t = 0; t < 3; t++) {
                op.step(weights, gradients, velocity, rate);
            }
            return weights.toFloats();
        }
    }
}

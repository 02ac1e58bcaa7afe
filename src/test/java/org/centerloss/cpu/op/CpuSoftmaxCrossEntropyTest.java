package org.centerloss.cpu.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Test;

class CpuSoftmaxCrossEntropyTest {
    private record Result(float loss, float[] gradient) {}

    private static Result run(float[] logits, int[] labels, int threads) {
        int m = labels.length;
        int classes = logits.length / m;
        try (CpuDevice device = new CpuDevice(threads);
                SoftmaxCrossEntropy op = device.softmaxCrossEntropy(m, classes);
                Tensor z = Batch.tensor(device, logits, m, classes);
                IntTensor y = Batch.integers(device, labels);
                Tensor loss = device.tensor(1);
                Tensor dLogits = device.tensor(m, classes)) {
            op.forward(z, y, loss);
            float forward = loss.toFloats()[0];
            op.forwardBackward(z, y, 0.75, loss, dLogits);
            assertEquals(forward, loss.toFloats()[0]);
            return new Result(forward, dLogits.toFloats());
        }
    }

    @Test
    void awkwardShapesMatchDoubleLoops() {
        for (int samples : Batch.AWKWARD) {
            for (int classes : new int[] {2, 31, 33, 127, 257}) {
                check(samples, classes, 0, 1);
                check(samples, classes, 3e4, 30);
                check(samples, classes, -1e30, 0);
            }
        }
    }

    private static void check(int m, int classes, double offset, double spread) {
        Random random = new Random(m * 1000L + classes);
        float[] z = Batch.normal(random, m * classes, offset, spread);
        int[] labels = random.ints(m, 0, classes).toArray();
        double sum = 0;
        double[] gradient = new double[m * classes];
        for (int i = 0; i < m; i++) {
            double zTrue = z[i * classes + labels[i]];
            double total = 0;
            for (int j = 0; j < classes; j++) {
                total += Math.exp(z[i * classes + j] - zTrue);
            }
            sum += Math.log(total);
            for (int j = 0; j < classes; j++) {
                double softmax = Math.exp(z[i * classes + j] - zTrue) / total;
                gradient[i * classes + j] = 0.75 / m * (softmax - (j == labels[i] ? 1 : 0));
            }
        }
        Result result = run(z, labels, 2);
        String what = "m=%d C=%d offset %g".formatted(m, classes, offset);
        Batch.assertRelative(sum / m, result.loss, 2e-6, what);
        Batch.assertRelativeNorm(gradient, result.gradient, 1e-5, what);
    }

    @Test
    void oneClassCostsNothing() {
        Result result = run(new float[] {3, -4}, new int[2], 1);
        assertEquals(0f, result.loss);
        assertArrayEquals(new float[2], result.gradient, 0f);
    }

    @Test
    void certaintyCostsNothingAndOverflowsNothing() {
        Result right = run(new float[] {3e38f, -3e38f}, new int[] {0}, 1);
        assertEquals(0f, right.loss);
        Result wrong = run(new float[] {1e6f, 0}, new int[] {1}, 1);
        assertEquals(1e6f, wrong.loss);
        assertArrayEquals(new float[] {0.75f, -0.75f}, wrong.gradient);
    }

    @Test
    void aLogitThatIsNotFiniteShowsInTheLoss() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertFalse(Float.isFinite(run(new float[] {0, bad, 1}, new int[] {0}, 1).loss));
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        Random random = new Random(1);
        float[] z = Batch.normal(random, 3000, 0, 1);
        int[] labels = random.ints(300, 0, 10).toArray();
        Result one = run(z, labels, 1);
        Result three = run(z, labels, 3);
        assertEquals(one.loss, three.loss);
        assertArrayEquals(one.gradient, three.gradient);
    }
}

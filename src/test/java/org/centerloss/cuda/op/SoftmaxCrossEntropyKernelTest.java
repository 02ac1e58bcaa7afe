package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Test;

@VirtualGpu
class SoftmaxCrossEntropyKernelTest {
    private static final double SCALE = 0.75;

    private record Result(float loss, float[] gradient, KernelCounters counters) {}

    private static Result run(float[] logits, int... labels) {
        int m = labels.length;
        int classes = logits.length / m;
        try (CudaDevice device = new CudaDevice(0, false);
                SoftmaxCrossEntropy op = device.softmaxCrossEntropy(m, classes);
                Tensor z = Batch.tensor(device, logits, m, classes);
                IntTensor y = Batch.integers(device, labels);
                Tensor forward = device.tensor(1);
                Tensor loss = device.tensor(1);
                Tensor dLogits = device.tensor(m, classes)) {
            op.forward(z, y, forward);
            KernelCounters counters =
                    KernelCounters.of(device, () -> op.forwardBackward(z, y, SCALE, loss, dLogits));
            assertEquals(forward.toFloats()[0], loss.toFloats()[0]);
            return new Result(loss.toFloats()[0], dLogits.toFloats(), counters);
        }
    }

    /** Random logits, to whose labels' {@code boost} is added. */
    private static Result check(int m, int classes, double offset, double boost) {
        Random random = new Random(m * 1000L + classes);
        float[] z = Batch.normal(random, m * classes, offset, 1);
        int[] labels = random.ints(m, 0, classes).toArray();
        double sum = 0;
        double[] gradient = new double[m * classes];
        for (int i = 0; i < m; i++) {
            int own = i * classes + labels[i];
            z[own] += (float) boost;
            double others = 0;
            for (int j = 0; j < classes; j++) {
                others += j == labels[i] ? 0 : Math.exp((double) z[i * classes + j] - z[own]);
            }
            sum += Math.log1p(others);
            for (int j = 0; j < classes; j++) {
                double softmax = Math.exp((double) z[i * classes + j] - z[own]) / (1 + others);
                gradient[i * classes + j] = SCALE / m * softmax;
            }
            gradient[own] = -SCALE / m * others / (1 + others);
        }
        Result result = run(z, labels);
        String what = "m=%d C=%d offset %g boost %g".formatted(m, classes, offset, boost);
        Batch.assertRelative(sum / m, result.loss, 2e-6, what);
        Batch.assertRelativeNorm(gradient, result.gradient, 1e-5, what);
        return result;
    }

    @Test
    void rowsOfWarpsAndOfBlocksMatchDoubleLoops() {
        for (int classes : new int[] {2, 33, 1000, 1024, 1025, 3000}) {
            check(3, classes, 0, 0);
            check(9, classes, 1e4, 0);
        }
    }

    @Test
    void lossAndGradientKeepTheirDigitsWhereTheRightClassIsCertain() {
        for (double boost : new double[] {8, 15, 30}) {
            check(9, 10, 0, boost);
            check(2, 2000, 0, boost);
        }
    }

    @Test
    void oneClassCostsNothing() {
        Result result = run(new float[] {3, -4}, 0, 0);
        assertEquals(0f, result.loss);
        assertArrayEquals(new float[2], result.gradient, 0f);
    }

    @Test
    void certaintyOverflowsNothing() {
        assertEquals(0f, run(new float[] {3e38f, -3e38f}, 0).loss);
        Result wrong = run(new float[] {1e6f, 0}, 1);
        assertEquals(1e6f, wrong.loss);
        assertArrayEquals(new float[] {0.75f, -0.75f}, wrong.gradient);
    }

    @Test
    void logitsOfMinusInfinityAreImpossibleClasses() {
        float never = Float.NEGATIVE_INFINITY;
        Result possible = run(new float[] {never, 1, never, 1}, 1);
        assertEquals((float) Math.log(2), possible.loss, 1e-7f);
        assertArrayEquals(new float[] {0, -0.375f, 0, 0.375f}, possible.gradient, 1e-7f);
        assertEquals(Float.POSITIVE_INFINITY, run(new float[] {never, 1}, 0).loss);
    }

    @Test
    void whatIsNotANumberOrNoClassMakesTheLossNaN() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int label : new int[] {0, 1}) {
                assertTrue(Float.isNaN(run(new float[] {0, bad, 1}, label).loss));
            }
        }
        for (int label : new int[] {-1, 3, Integer.MAX_VALUE}) {
            assertTrue(Float.isNaN(run(new float[] {0, 1, 2}, label).loss));
        }
    }

    @Test
    void accessIsCoalesced() {
        Result warps = check(16, 1024, 0, 0);
        assertTrue(warps.counters.sectorFactor("softmax_cross_entropy_warp") <= 1.1);
        Result blocks = check(4, 2048, 0, 0);
        assertTrue(blocks.counters.sectorFactor("softmax_cross_entropy_block") <= 1.1);
    }
}

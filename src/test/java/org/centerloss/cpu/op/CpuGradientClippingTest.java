package org.centerloss.cpu.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.GradientClipping;
import org.junit.jupiter.api.Test;

class CpuGradientClippingTest {
    private static final int SIZE = 20_003;

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        float[] start = Batch.normal(new Random(1), SIZE, 0, 1);
        float[] one = clipped(1, start, 1);
        assertArrayEquals(one, clipped(2, start, 1));
        assertArrayEquals(one, clipped(3, start, 1));
    }

    @Test
    void gradientsHaveTheLargestNormAfterwards() {
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        float[] clipped = clipped(2, ones, 1);
        assertEquals(1 / Math.sqrt(SIZE), clipped[0], 1e-7);
        assertEquals(clipped[0], clipped[SIZE - 1]);
        assertArrayEquals(ones, clipped(2, ones, Math.sqrt(SIZE) + 1e-3));
    }

    private static float[] clipped(int threads, float[] start, double maxNorm) {
        try (CpuDevice device = new CpuDevice(threads);
                GradientClipping op = device.gradientClipping(SIZE, maxNorm);
                Tensor gradients = Batch.tensor(device, start, SIZE);
                Tensor norm = device.tensor(1)) {
            op.clip(gradients, norm);
            return gradients.toFloats();
        }
    }
}

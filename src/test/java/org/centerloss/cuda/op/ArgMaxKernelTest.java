package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Batch;
import org.junit.jupiter.api.Test;

@VirtualGpu
class ArgMaxKernelTest {
    private static int[] run(int samples, float... logits) {
        int classes = logits.length / samples;
        try (CudaDevice device = new CudaDevice(0, false);
                ArgMax op = device.argMax(samples, classes);
                Tensor z = Batch.tensor(device, logits, samples, classes);
                IntTensor prediction = device.intTensor(samples)) {
            op.forward(z, prediction);
            return prediction.toInts();
        }
    }

    @Test
    void theLowestOfTheLargestIsFoundWhereverItIs() {
        for (int classes : new int[] {1, 2, 31, 33, 1024, 1025, 3000}) {
            Random random = new Random(classes);
            int samples = 17;
            float[] logits = Batch.normal(random, samples * classes, 0, 1);
            int[] expected = random.ints(samples, 0, classes).toArray();
            for (int i = 0; i < samples; i++) {
                logits[i * classes + expected[i]] = 100;
                logits[i * classes + expected[i] + random.nextInt(classes - expected[i])] = 100;
            }
            assertArrayEquals(expected, run(samples, logits), classes + " classes");
        }
    }

    @Test
    void aValueThatIsNotANumberIsNeverLarger() {
        float infinity = Float.POSITIVE_INFINITY;
        assertEquals(2, run(1, 3, Float.NaN, 7)[0]);
        assertEquals(0, run(1, Float.NaN, 5, 7)[0]);
        assertEquals(0, run(1, Float.NaN, infinity, Float.NaN)[0]);
        assertEquals(1, run(1, -infinity, infinity, Float.NaN)[0]);
        assertEquals(0, run(1, -infinity, Float.NaN, -infinity)[0]);
    }
}

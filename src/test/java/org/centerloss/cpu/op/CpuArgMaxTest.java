package org.centerloss.cpu.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Batch;
import org.junit.jupiter.api.Test;

class CpuArgMaxTest {
    private static int[] run(int samples, float... logits) {
        int classes = logits.length / samples;
        try (CpuDevice device = new CpuDevice(2);
                ArgMax op = device.argMax(samples, classes);
                Tensor z = Batch.tensor(device, logits, samples, classes);
                IntTensor prediction = device.intTensor(samples)) {
            op.forward(z, prediction);
            return prediction.toInts();
        }
    }

    @Test
    void theLargestIsFoundWhereverItIs() {
        for (int samples : Batch.AWKWARD) {
            for (int classes : Batch.AWKWARD) {
                Random random = new Random(samples * 1000L + classes);
                float[] logits = Batch.normal(random, samples * classes, 0, 1);
                int[] expected = random.ints(samples, 0, classes).toArray();
                for (int i = 0; i < samples; i++) {
                    logits[i * classes + expected[i]] = 100;
                }
                assertArrayEquals(expected, run(samples, logits));
            }
        }
    }

    @Test
    void theLowestIndexWinsAmongEquals() {
        assertArrayEquals(new int[] {1, 0}, run(2, 3, 7, 7, 2, 2, 2));
    }

    @Test
    void aValueThatIsNotANumberIsNeverLarger() {
        float infinity = Float.POSITIVE_INFINITY;
        assertEquals(2, run(1, 3, Float.NaN, 7)[0]);
        assertEquals(0, run(1, Float.NaN, Float.NaN, Float.NaN)[0]);
        assertEquals(1, run(1, -infinity, infinity, Float.NaN)[0]);
    }
}

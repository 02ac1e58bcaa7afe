package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.CenterSpread;
import org.junit.jupiter.api.Test;

@VirtualGpu
class CenterSpreadKernelTest {
    private record Result(float value, float[] gradient, KernelCounters counters) {}

    /** Adds to a gradient of ones. */
    private static Result run(float[] centers, int classes) {
        int features = centers.length / classes;
        float[] ones = new float[centers.length];
        Arrays.fill(ones, 1);
        try (CudaDevice device = new CudaDevice(0, false);
                CenterSpread op = device.centerSpread(classes, features);
                Tensor c = Batch.tensor(device, centers, classes, features);
                Tensor forward = device.tensor(1);
                Tensor value = device.tensor(1);
                Tensor dCenters = Batch.tensor(device, ones, classes, features)) {
            op.forward(c, forward);
            KernelCounters counters =
                    KernelCounters.of(device, () -> op.forwardBackward(c, 0.75, value, dCenters));
            assertEquals(forward.toFloats()[0], value.toFloats()[0], "forward alone differs");
            return new Result(value.toFloats()[0], dCenters.toFloats(), counters);
        }
    }

    @Test
    void oneClassHasNoSpread() {
        Result result = run(new float[] {1, 2}, 1);
        assertEquals(0f, result.value);
        assertArrayEquals(new float[] {1, 1}, result.gradient);
    }

    @Test
    void centersThatCoincideSpreadByMinusInfinity() {
        assertEquals(Float.NEGATIVE_INFINITY, run(new float[] {1, 2, 1, 2, 5, 6}, 3).value);
        assertEquals(Float.NEGATIVE_INFINITY, run(new float[3 * 20], 3).value);
    }

    @Test
    void memoryIsUsedInOrder() {
        for (int features : new int[] {16, 128}) {
            KernelCounters counters =
                    run(Batch.random(1, 1, features, 128, 0, 1).centers(), 128).counters;
            for (String kernel :
                    new String[] {"center_spread_d" + features, "center_spread_finish"}) {
                double sectors = counters.sectorFactor(kernel);
                assertTrue(sectors <= 1.1, kernel + " sectors: " + sectors);
                double banks = counters.bankConflictFactor(kernel);
                assertTrue(banks <= 1.1, kernel + " banks: " + banks);
            }
        }
    }
}

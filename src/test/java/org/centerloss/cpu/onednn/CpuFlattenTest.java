package org.centerloss.cpu.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Flatten;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuFlattenTest {
    /** Whatever was there: the numbers of padded channels would come into later sums. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 17, 33})
    void wayBackLeavesZerosInPaddedChannels(int channels) {
        double[] ones = IntStream.range(0, 2 * channels * 15).mapToDouble(i -> 1).toArray();
        try (CpuDevice device = new CpuDevice(2);
                Flatten flatten = device.flatten(2, channels, 3, 5);
                Tensor dx = device.activation(2, channels, 3, 5);
                Tensor dy = device.tensor(2, channels * 15)) {
            FloatBuffer stored = ((CpuTensor) dx).buffer();
            for (int i = 0; i < stored.capacity(); i++) {
                stored.put(i, Float.NaN);
            }
            dy.write(ones);
            flatten.backward(dy, dx);
            assertArrayEquals(ones, dx.toDoubles());
            double sum = 0;
            for (int i = 0; i < stored.capacity(); i++) {
                sum += stored.get(i);
            }
            assertEquals(ones.length, sum);
        }
    }
}

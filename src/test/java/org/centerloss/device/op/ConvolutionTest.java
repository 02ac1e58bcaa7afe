package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every device demands of a convolution's bias. */
class ConvolutionTest {
    private static final Convolution.Shape WITH_BIAS =
            new Convolution.Shape(1, 2, 3, 3, 4, 1, 1, 0);

    @Test
    @VirtualGpu
    void biasIsThereExactlyWhereTheShapeHasOneOnCuda() {
        biasIsThereExactlyWhereTheShapeHasOne("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void biasIsThereExactlyWhereTheShapeHasOne(String name) {
        try (Device device = Devices.open(name, 1);
                Convolution with = device.convolution(WITH_BIAS);
                Convolution without = device.convolution(WITH_BIAS.withoutBias());
                Tensor x = device.activation(1, 2, 3, 3);
                Tensor weight = device.tensor(4, 2, 1, 1);
                Tensor bias = device.tensor(4);
                Tensor y = device.activation(1, 4, 3, 3)) {
            float[] ones = new float[4 * 3 * 3];
            Arrays.fill(ones, 1);
            y.write(ones);
            assertRefused("bias: expected [4], found null", () -> with.forward(x, weight, null, y));
            assertRefused(
                    "bias: expected null, found [4]", () -> without.forward(x, weight, bias, y));
            assertRefused(
                    "dBias: expected [4], found null",
                    () -> with.backward(x, y, weight, x, weight, null));
            assertRefused(
                    "dBias: expected null, found [4]",
                    () -> without.backward(x, y, weight, x, weight, bias));
            assertEquals(1, y.toFloats()[0], "what is refused writes nothing");
        }
    }

    private static void assertRefused(String words, Runnable call) {
        String message = assertThrows(DeviceException.class, call::run).getMessage();
        assertTrue(message.endsWith(words), message);
        assertEquals(1, message.lines().count(), message);
    }
}

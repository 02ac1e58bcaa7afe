package org.centerloss.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.Prelu;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReferenceDeviceTest {
    private final Device device = Devices.open("reference", 0);

    @AfterEach
    void closeDevice() {
        device.close();
    }

    private Tensor tensor(double[] values, int... shape) {
        Tensor tensor = device.tensor(shape);
        tensor.write(values);
        return tensor;
    }

    @Test
    void convolutionOfAnImageWorkedOutByHand() {
        // One 3×3 image, one 2×2 window, no padding: each output is a·1 + b·2 + c·3 + d·4 + 0.5.
        try (Convolution convolution =
                        device.convolution(new Convolution.Shape(1, 1, 3, 3, 1, 2, 1, 0));
                Tensor x = device.activation(1, 1, 3, 3);
                Tensor weight = tensor(new double[] {1, 2, 3, 4}, 1, 1, 2, 2);
                Tensor bias = tensor(new double[] {0.5}, 1);
                Tensor y = device.activation(1, 1, 2, 2);
                Tensor dx = device.activation(1, 1, 3, 3);
                Tensor dWeight = device.tensor(1, 1, 2, 2);
                Tensor dBias = device.tensor(1)) {
            x.write(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
            convolution.forward(x, weight, bias, y);
            assertArrayEquals(new double[] {37.5, 47.5, 67.5, 77.5}, y.toDoubles());

            y.write(new double[] {1, 0, 0, 10});
            convolution.backward(x, y, weight, dx, dWeight, dBias);
            assertArrayEquals(new double[] {1, 2, 0, 3, 14, 20, 0, 30, 40}, dx.toDoubles());
            assertArrayEquals(new double[] {51, 62, 84, 95}, dWeight.toDoubles());
            assertArrayEquals(new double[] {11}, dBias.toDoubles());
        }
        assertEquals(0, device.liveBytes());
    }

    @Test
    void smallestPreActivationIsTheSmallestInputOfAnyReluSinceTheLastCall() {
        try (BatchNormalization relu =
                        device.batchNormalization(
                                new BatchNormalization.Shape(1, 1, 1, 2, Epilogue.RELU));
                BatchNormalization plain =
                        device.batchNormalization(
                                new BatchNormalization.Shape(1, 1, 1, 2, Epilogue.NONE));
                Tensor x = device.activation(1, 1, 1, 2);
                Tensor y = device.activation(1, 1, 1, 2);
                Tensor gamma = tensor(new double[] {2}, 1);
                Tensor beta = tensor(new double[] {1.5}, 1);
                Tensor mean = device.tensor(1);
                Tensor variance = device.tensor(1)) {
            x.write(new double[] {-1000, 1000});
            plain.forwardTraining(x, gamma, beta, mean, variance, null, y);
            assertTrue(device.smallestPreActivation().orElseThrow() > 1e300);

            // Normalised to −1 and 1, then 2·(±1) + 1.5: −0.5 and 3.5.
            relu.forwardTraining(x, gamma, beta, mean, variance, null, y);
            relu.forwardInference(x, gamma, beta, mean, variance, null, y);
            assertEquals(0.5, device.smallestPreActivation().orElseThrow(), 1e-9);
            assertTrue(device.smallestPreActivation().orElseThrow() > 1e300);
        }
    }

    @Test
    void gapInAWindowOfMaxPoolingCountsAsAPreActivation() {
        try (MaxPooling pooling =
                        device.maxPooling(new MaxPooling.Shape(1, 1, 2, 5, 2, 2, 0, true));
                Tensor x = device.activation(1, 1, 2, 5);
                Tensor y = device.activation(1, 1, 1, 2);
                Tensor dx = device.activation(1, 1, 2, 5)) {
            // The last column is in no window.
            x.write(new double[] {4, 4, 7, 7, 7.01, 3.5, 1, 7, 7, 7});
            pooling.forward(x, y);
            assertTrue(device.smallestPreActivation().orElseThrow() > 1e300);
            pooling.backward(x, y, y, dx);
            assertEquals(0.5, device.smallestPreActivation().orElseThrow());

            x.write(new double[] {4, 3.75, 7, 6, 7, 3.5, 1, 6, 6.5, 7});
            pooling.backward(x, y, y, dx);
            assertEquals(0.25, device.smallestPreActivation().orElseThrow());
        }
    }

    @Test
    void inputOfAPreluCountsOnItsWayBack() {
        try (Prelu prelu = device.prelu(1, 3);
                Tensor x = tensor(new double[] {4, -0.5, 0.75}, 1, 3);
                Tensor y = device.tensor(1, 3);
                Tensor slope = tensor(new double[] {0.25}, 1)) {
            prelu.forward(x, slope, y);
            assertTrue(device.smallestPreActivation().orElseThrow() > 1e300);
            prelu.backward(x, y, slope, y, slope);
            assertEquals(0.5, device.smallestPreActivation().orElseThrow());
        }
    }

    @Test
    void wrongShapeNamesOperationArgumentExpectedAndFound() {
        try (Linear linear = device.linear(2, 3, 4);
                Tensor x = device.tensor(2, 3);
                Tensor weight = device.tensor(3, 4);
                Tensor bias = device.tensor(4);
                Tensor y = device.tensor(2, 4)) {
            DeviceException failure =
                    assertThrows(DeviceException.class, () -> linear.forward(x, weight, bias, y));
            assertEquals(
                    "linear: weight: expected tensor [4, 3] of this device, found tensor [3, 4]",
                    failure.getMessage());
        }
    }

    @Test
    void useAfterCloseThrowsAndCloseIsIdempotent() {
        Tensor tensor = device.tensor(128);
        Tensor slice = tensor.slice(64, 8, 8);
        IntTensor integers = device.intTensor(3);
        Linear linear = device.linear(1, 1, 1);
        Program program = device.record(() -> {});
        assertEquals(8 * 128 + 4 * 3, device.liveBytes());
        for (int i = 0; i < 2; i++) {
            tensor.close();
            integers.close();
            linear.close();
            program.close();
        }
        assertEquals(0, device.liveBytes());
        assertThrows(DeviceException.class, tensor::toDoubles);
        assertThrows(DeviceException.class, slice::zero);
        assertThrows(DeviceException.class, () -> integers.write(new int[3]));
        assertThrows(DeviceException.class, program::run);
        try (Tensor one = device.tensor(1);
                Tensor matrix = device.tensor(1, 1)) {
            assertThrows(DeviceException.class, () -> linear.forward(matrix, matrix, one, matrix));
        }
        device.close();
        device.close();
        assertThrows(DeviceException.class, () -> device.tensor(1));
    }

    @Test
    void sliceSharesStorageAndCopyKeepsIt() {
        try (Tensor block = device.tensor(192);
                Tensor copy = device.tensor(2, 3)) {
            Tensor slice = block.slice(64, 2, 3);
            slice.write(new float[] {1, 2, 3, 4, 5, 6});
            copy.copyFrom(slice);
            block.zero();
            assertArrayEquals(new double[6], slice.toDoubles());
            assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, copy.toDoubles());
            assertThrows(DeviceException.class, () -> block.slice(1, 2));
            assertThrows(DeviceException.class, () -> block.slice(128, 65));
        }
    }
}

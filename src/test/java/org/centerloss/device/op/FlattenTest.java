package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlattenTest {
    @Test
    @VirtualGpu
    void rowsHoldTheElementsInTheirOrderOnTheGpu() {
        rowsHoldTheElementsInTheirOrder("cuda");
    }

    /** Few channels are stored plainly on the CPU, more in blocks. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void rowsHoldTheElementsInTheirOrder(String name) {
        try (Device device = Devices.open(name, 0)) {
            for (int channels : new int[] {1, 2, 5, 16, 17, 33}) {
                check(device, 2, channels, 3, 5);
                check(device, 1, channels, 4, 1);
            }
        }
    }

    /** Every element is its place in row-major order; one is not a number. */
    private static void check(Device device, int batch, int channels, int height, int width) {
        int features = channels * height * width;
        double[] x = IntStream.range(0, batch * features).asDoubleStream().toArray();
        x[x.length - 1] = Double.NaN;
        double[] dy = Arrays.stream(x).map(value -> -1 - value).toArray();
        try (Flatten flatten = device.flatten(batch, channels, height, width);
                Tensor activation = device.activation(batch, channels, height, width);
                Tensor rows = device.tensor(batch, features)) {
            activation.write(x);
            flatten.forward(activation, rows);
            assertArrayEquals(x, rows.toDoubles());
            rows.write(dy);
            flatten.backward(rows, activation);
            assertArrayEquals(dy, activation.toDoubles());
        }
    }

    @Test
    @VirtualGpu
    void argumentsOfAnotherShapeAreRefusedOnTheGpu() {
        argumentsOfAnotherShapeAreRefused("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void argumentsOfAnotherShapeAreRefused(String name) {
        try (Device device = Devices.open(name, 0);
                Flatten flatten = device.flatten(2, 3, 1, 2);
                Tensor activation = device.activation(2, 3, 1, 2);
                Tensor rows = device.tensor(2, 6);
                Tensor columns = device.tensor(6, 2)) {
            assertThrows(DeviceException.class, () -> flatten.forward(activation, activation));
            assertThrows(DeviceException.class, () -> flatten.forward(activation, columns));
            assertThrows(DeviceException.class, () -> flatten.forward(rows, rows));
            assertThrows(DeviceException.class, () -> flatten.backward(rows, rows));
            assertThrows(DeviceException.class, () -> flatten.backward(columns, activation));
        }
    }

    @Test
    @VirtualGpu
    void impossibleShapesAreRefusedOnTheGpu() {
        impossibleShapesAreRefused("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void impossibleShapesAreRefused(String name) {
        try (Device device = Devices.open(name, 0)) {
            assertEquals(
                    "flatten: expected sizes of at least 1, found 1×0×4×4",
                    message(() -> device.flatten(1, 0, 4, 4)));
            assertEquals(
                    "flatten: expected at most 2147483647 elements in a row, found 65536×65536×65536",
                    message(() -> device.flatten(1, 65536, 65536, 65536)));
            assertEquals(0, device.liveBytes());
        }
    }

    private static String message(Runnable body) {
        return assertThrows(IllegalArgumentException.class, body::run).getMessage();
    }
}

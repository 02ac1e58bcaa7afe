package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements worked out by hand as PyTorch's PReLU takes them, on every device. */
class PreluTest {
    private static final double NAN = Double.NaN;

    @Test
    @VirtualGpu
    void elementsByHandOnTheGpu() {
        elementsByHand("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void elementsByHand(String name) {
        double least = Float.MIN_VALUE;
        double most = Float.MAX_VALUE;
        double[] x = {-2, 0, 3, -0.5, least, most, -most, 0x1p-100, 4, -1};
        double[] dy = {1, 2, 3, 4, 5, 6, 0, -7, -8, 16};
        double[] y = {-0.5, 0, 3, -0.125, least, most, -most / 4, 0x1p-100, 4, -0.25};
        double[] dx = {0.25, 0.5, 3, 1, 5, 6, 0, -7, -8, 4};
        try (Device device = Devices.open(name, 0)) {
            double dSlope = -2 * 1 + 0 * 2 - 0.5 * 4 - 1 * 16;
            check(device, x, dy, y, dx, dSlope, 2, 5);
            check(device, x, dy, y, dx, dSlope, 1, 5, 1, 2);
            check(device, x, dy, y, dx, dSlope, 5, 1, 2, 1);
        }
    }

    /** With slope 0.25. */
    private static void check(
            Device device,
            double[] x,
            double[] dy,
            double[] y,
            double[] dx,
            double dSlope,
            int... shape) {
        try (Prelu prelu = device.prelu(shape);
                Tensor in = tensor(device, x, shape);
                Tensor out = tensor(device, dy, shape);
                Tensor slope = tensor(device, new double[] {0.25}, 1);
                Tensor slopeGradient = tensor(device, new double[] {9}, 1)) {
            prelu.backward(in, out, slope, out, slopeGradient);
            assertArrayEquals(dx, out.toDoubles());
            assertEquals(dSlope, slopeGradient.toDoubles()[0]);
            prelu.forward(in, slope, out);
            assertArrayEquals(y, out.toDoubles());
        }
    }

    private static Tensor tensor(Device device, double[] values, int... shape) {
        Tensor tensor =
                shape.length == 4
                        ? device.activation(shape[0], shape[1], shape[2], shape[3])
                        : device.tensor(shape);
        tensor.write(values);
        return tensor;
    }

    @Test
    @VirtualGpu
    void whatIsNotANumberStaysNoneOnTheGpu() {
        whatIsNotANumberStaysNone("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void whatIsNotANumberStaysNone(String name) {
        try (Device device = Devices.open(name, 0);
                Prelu prelu = device.prelu(1, 3);
                Tensor x = tensor(device, new double[] {1, NAN, -4}, 1, 3);
                Tensor dy = tensor(device, new double[] {1, 1, 1}, 1, 3);
                Tensor slope = tensor(device, new double[] {0.25}, 1);
                Tensor dSlope = device.tensor(1)) {
            prelu.backward(x, dy, slope, dy, dSlope);
            assertEquals(NAN, dSlope.toDoubles()[0]);
            prelu.forward(x, slope, x);
            assertArrayEquals(new double[] {1, NAN, -1}, x.toDoubles());
            slope.write(new double[] {NAN});
            prelu.forward(x, slope, x);
            assertEquals(NAN, x.toDoubles()[2]);
        }
    }

    @Test
    @VirtualGpu
    void otherShapesAreRefusedOnTheGpu() {
        otherShapesAreRefused("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void otherShapesAreRefused(String name) {
        try (Device device = Devices.open(name, 0)) {
            String expected =
                    "prelu: expected 2 sizes, or 4 for an activation, of at least 1, found ";
            assertEquals(expected + "[3]", message(() -> device.prelu(3)));
            assertEquals(expected + "[2, 3, 4]", message(() -> device.prelu(2, 3, 4)));
            assertEquals(expected + "[2, 0]", message(() -> device.prelu(2, 0)));
        }
    }

    private static String message(Runnable body) {
        return assertThrows(IllegalArgumentException.class, body::run).getMessage();
    }
}

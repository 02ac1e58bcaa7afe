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
import org.centerloss.device.op.MaxPooling.Shape;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planes worked out by hand as PyTorch pools them, on every device. */
class MaxPoolingTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** Few channels are stored plainly on the CPU, more in blocks. */
    private static final int[] CHANNELS = {1, 5, 17};

    @Test
    @VirtualGpu
    void planesByHandOnTheGpu() {
        planesByHand("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void planesByHand(String device) {
        try (Device opened = Devices.open(device, 0)) {
            theFirstOfEqualElementsGetsTheGradient(opened);
            everyWindowOfAFlatBackgroundHasItsOwnFirstElement(opened);
            sharesOfOverlappingWindowsAreAdded(opened);
            paddingIsSmallerThanEveryElement(opened);
            whatIsNotFiniteComesThrough(opened);
            everyWindowThatFitsIsTaken(opened);
        }
    }

    private void theFirstOfEqualElementsGetsTheGradient(Device device) {
        double[] x = {
            1, 1, 0, 2, 9,
            1, 0, 2, 2, 9,
            -3, -1, 5, 5, 9,
            -1, -1, 5, 5, 9
        };
        double[] dx = {
            1, 0, 0, 2, 0,
            0, 0, 0, 0, 0,
            0, 3, 4, 0, 0,
            0, 0, 0, 0, 0
        };
        check(device, new int[] {4, 5, 2, 2, 0}, x, new double[] {1, 2, -1, 5}, dx);
    }

    private void everyWindowOfAFlatBackgroundHasItsOwnFirstElement(Device device) {
        double[] dx = {
            1, 2, 0, 0,
            3, 4, 0, 0,
            0, 0, 0, 0,
            5, 6, 0, 0,
            0, 0, 0, 0
        };
        check(device, new int[] {5, 4, 3, 2, 1}, new double[20], new double[6], dx);
    }

    private void sharesOfOverlappingWindowsAreAdded(Device device) {
        double[] x = new double[25];
        x[6] = 5;
        double[] dx = {
            0, 0, 0, 3, 0,
            0, 1 + 2 + 4 + 5, 0, 6, 0,
            0, 0, 0, 0, 0,
            7, 8, 0, 9, 0,
            0, 0, 0, 0, 0
        };
        check(device, new int[] {5, 5, 3, 2, 1}, x, new double[] {5, 5, 0, 5, 5, 0, 0, 0, 0}, dx);
    }

    private void paddingIsSmallerThanEveryElement(Device device) {
        int[] one = {1, 1, 3, 2, 1};
        check(device, one, new double[] {-7}, new double[] {-7}, new double[] {1});
        double low = -0x1p127;
        double[] x = {low, low, low, low};
        check(device, new int[] {2, 2, 3, 2, 1}, x, new double[] {low}, new double[] {1, 0, 0, 0});
    }

    private void whatIsNotFiniteComesThrough(Device device) {
        double[] x = {
            1, NAN, 3, 4, -INFINITY, -INFINITY, 1, 2, NAN, NAN, INFINITY, INFINITY, 0, -INFINITY,
            -INFINITY, 4, 3, 1
        };
        double[] y = {NAN, INFINITY, -INFINITY, 4};
        check(device, new int[] {2, 9, 2, 2, 0}, x, y, null);
    }

    /** A stride larger than the window leaves pixels out, and the last window just fits. */
    private void everyWindowThatFitsIsTaken(Device device) {
        double[] x = {
            1, 2, 8, 3, 4,
            5, 6, 8, 0, 7
        };
        double[] dx = {
            0, 0, 0, 0, 0,
            0, 1, 0, 0, 2
        };
        check(device, new int[] {2, 5, 2, 3, 0}, x, new double[] {6, 7}, dx);
    }

    /**
     * Pools planes that are alike, with dy = 1, 2, 3, ….
     *
     * @param window height, width, kernel, stride, padding
     * @param dx null where it is not specified
     */
    private static void check(Device device, int[] window, double[] x, double[] y, double[] dx) {
        for (int channels : CHANNELS) {
            Shape shape =
                    new Shape(
                            2, channels, window[0], window[1], window[2], window[3], window[4],
                            true);
            int planes = 2 * channels;
            try (MaxPooling pooling = device.maxPooling(shape);
                    Tensor in = device.activation(2, channels, window[0], window[1]);
                    Tensor inGradient = device.activation(2, channels, window[0], window[1]);
                    Tensor out =
                            device.activation(2, channels, shape.outHeight(), shape.outWidth());
                    Tensor outGradient =
                            device.activation(2, channels, shape.outHeight(), shape.outWidth())) {
                in.write(repeat(planes, x));
                inGradient.write(repeat(planes, x));
                outGradient.write(
                        repeat(
                                planes,
                                IntStream.rangeClosed(1, y.length).asDoubleStream().toArray()));
                pooling.forward(in, out);
                pooling.backward(in, out, outGradient, inGradient);
                assertArrayEquals(repeat(planes, y), out.toDoubles());
                if (dx != null) {
                    assertArrayEquals(repeat(planes, dx), inGradient.toDoubles());
                }
            }
        }
    }

    private static double[] repeat(int times, double[] values) {
        return IntStream.range(0, times)
                .boxed()
                .flatMapToDouble(i -> Arrays.stream(values))
                .toArray();
    }

    @Test
    @VirtualGpu
    void inferenceHasNoWayBackOnTheGpu() {
        inferenceHasNoWayBack("cuda");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void inferenceHasNoWayBack(String name) {
        try (Device device = Devices.open(name, 0);
                MaxPooling pooling = device.maxPooling(new Shape(1, 1, 2, 2, 2, 2, 0, false));
                Tensor x = device.activation(1, 1, 2, 2);
                Tensor y = device.activation(1, 1, 1, 1)) {
            x.write(new double[] {1, 2, 3, 0});
            pooling.forward(x, y);
            assertArrayEquals(new double[] {3}, y.toDoubles());
            DeviceException failure =
                    assertThrows(DeviceException.class, () -> pooling.backward(x, y, y, x));
            assertEquals(
                    "max pooling: made for inference, expected training for backward",
                    failure.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0, 1, 4, 4, 2, 2, 0 | expected sizes of at least 1, found 0×1×4×4",
                "1, 1, 4, 0, 2, 2, 0 | expected sizes of at least 1, found 1×1×4×0",
                "1, 1, 4, 4, 0, 2, 0 | expected a kernel of 1 to 16 and a stride of at least 1, found 0 and 2",
                "1, 1, 40, 40, 17, 2, 0 | expected a kernel of 1 to 16 and a stride of at least 1, found 17 and 2",
                "1, 1, 4, 4, 2, 0, 0 | expected a kernel of 1 to 16 and a stride of at least 1, found 2 and 0",
                "1, 1, 4, 4, 2, 2, -1 | expected a padding of 0 to 1, half of the kernel, found -1",
                "1, 1, 4, 4, 3, 2, 2 | expected a padding of 0 to 1, half of the kernel, found 2",
                "1, 1, 4, 2, 3, 2, 0 | a 3×3 window does not fit into 4×2 with padding 0",
            })
    void impossibleShapeIsRefused(String sizes, String message) {
        int[] s = Arrays.stream(sizes.split(", ")).mapToInt(Integer::parseInt).toArray();
        IllegalArgumentException failure =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new Shape(s[0], s[1], s[2], s[3], s[4], s[5], s[6], true));
        assertEquals("max pooling: " + message, failure.getMessage());
    }
}

package org.centerloss.cuda.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@VirtualGpu
class CudaTensorTest {
    /** Numbers that one piece of the pinned memory holds, through which copies go. */
    private static final int PIECE = 1 << 18;

    private final CudaDevice device = new CudaDevice(0, false);

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, device.liveBytes());
        device.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1, 5 * PIECE})
    void numbersComeBackAsTheyWereWritten(int size) {
        float[] floats = new float[size];
        double[] doubles = new double[size];
        int[] ints = new int[size];
        for (int i = 0; i < size; i++) {
            floats[i] = i + 1;
            doubles[i] = i + 0.1;
            ints[i] = -i;
        }
        try (Tensor tensor = device.tensor(size);
                IntTensor integers = device.intTensor(size)) {
            assertEquals(8L * size, device.liveBytes());
            tensor.write(floats);
            assertArrayEquals(floats, tensor.toFloats());
            assertEquals(size, tensor.toDoubles()[size - 1]);
            tensor.write(doubles);
            assertEquals((double) (float) doubles[size - 1], tensor.toDoubles()[size - 1]);
            assertEquals((float) doubles[size / 2], tensor.toFloats()[size / 2]);
            integers.write(ints);
            assertArrayEquals(ints, integers.toInts());
        }
    }

    @Test
    void tensorsStartAtZero() {
        try (Tensor tensor = device.tensor(3, 7);
                Tensor activation = device.activation(2, 3, 4, 5);
                IntTensor integers = device.intTensor(9)) {
            assertArrayEquals(new float[21], tensor.toFloats());
            assertArrayEquals(new float[120], activation.toFloats());
            assertArrayEquals(new int[9], integers.toInts());
        }
    }

    @Test
    void slicesShareStorage() {
        try (Tensor whole = device.tensor(200);
                Tensor part = whole.slice(64, 2, 3);
                Tensor other = device.tensor(2, 3);
                Tensor activation = device.activation(1, 1, 8, 8)) {
            part.write(new float[] {1, 2, 3, 4, 5, 6});
            assertEquals(5, whole.toFloats()[68]);
            other.copyFrom(part);
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, other.toFloats());
            part.zero();
            assertArrayEquals(new float[200], whole.toFloats());
            assertThrows(DeviceException.class, () -> whole.slice(63, 2));
            assertThrows(DeviceException.class, () -> whole.slice(192, 9));
            assertThrows(DeviceException.class, () -> part.slice(0, 1));
            assertThrows(DeviceException.class, () -> activation.slice(0, 1));
            assertThrows(DeviceException.class, () -> other.copyFrom(whole));
        }
    }

    @Test
    void useAfterCloseThrows() {
        Tensor tensor = device.tensor(64);
        Tensor slice = tensor.slice(0, 2);
        IntTensor integers = device.intTensor(2);
        slice.close();
        assertThrows(DeviceException.class, slice::zero);
        Tensor other = tensor.slice(0, 2);
        tensor.close();
        tensor.close();
        integers.close();
        assertThrows(DeviceException.class, tensor::zero);
        assertThrows(DeviceException.class, tensor::toFloats);
        assertThrows(DeviceException.class, other::toFloats);
        assertThrows(DeviceException.class, () -> other.write(new float[2]));
        assertThrows(DeviceException.class, integers::toInts);
    }

    @Test
    void arraysOfAnotherLengthAreRefused() {
        try (Tensor tensor = device.tensor(2, 3);
                IntTensor integers = device.intTensor(3)) {
            assertThrows(DeviceException.class, () -> tensor.write(new float[5]));
            assertThrows(DeviceException.class, () -> tensor.write(new double[7]));
            assertThrows(DeviceException.class, () -> tensor.read(new float[7]));
            assertThrows(DeviceException.class, () -> integers.read(new int[2]));
        }
        assertThrows(DeviceException.class, () -> device.tensor(2, 0));
        assertThrows(DeviceException.class, () -> device.tensor(1 << 16, 1 << 16));
        assertThrows(DeviceException.class, () -> device.intTensor(0));
    }

    @Test
    void whatDoesNotFitIsToldAtOnceWithTheWholeNeedAndLaterFits() {
        Tensor large = device.tensor(1 << 15, 1 << 15);
        try (Tensor small = device.tensor(1 << 20);
                Tensor last = device.tensor(1 << 20)) {
            DeviceException e = assertThrows(DeviceException.class, small::zero);
            assertEquals(
                    "cuda: device memory: CUDA_ERROR_OUT_OF_MEMORY: 4,104.0 MiB are"
                            + " needed (4,096.0 MiB of it by tensor [32768, 32768]), 2,048.0 MiB of"
                            + " 2,048.0 MiB are free; use a smaller --batch-size or end other"
                            + " programs on the GPU",
                    e.getMessage());
            assertThrows(DeviceException.class, last::toFloats);
            large.close();
            assertArrayEquals(new float[1 << 20], last.toFloats());
            assertEquals(2 << 22, device.liveBytes());
        }
    }

    @Test
    void whatIsMadeTogetherIsAllocatedWhenTheFirstOfItIsUsed() {
        KernelCounters counters =
                KernelCounters.of(
                        device,
                        () -> {
                            device.tensor(3).close();
                            device.tensor(4).close();
                        });
        assertEquals(0, counters.api("allocations"));
        counters =
                KernelCounters.of(
                        device,
                        () -> {
                            try (Tensor a = device.tensor(3);
                                    Tensor b = device.tensor(4)) {
                                b.zero();
                                a.toFloats();
                            }
                        });
        assertEquals(2, counters.api("allocations"));
        assertEquals(2, counters.api("frees"));
    }
}

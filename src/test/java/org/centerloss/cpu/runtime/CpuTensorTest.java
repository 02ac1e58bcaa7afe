package org.centerloss.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuTensorTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33})
    void activationsCrossTheBorderInPlainOrder(int channels) {
        float[] values = new float[2 * channels * 3 * 5];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        try (CpuDevice device = new CpuDevice(1);
                Tensor activation = device.activation(2, channels, 3, 5)) {
            activation.write(values);
            assertArrayEquals(values, activation.toFloats());
            assertEquals(values[values.length - 1], activation.toDoubles()[values.length - 1]);
            CpuTensor inside = (CpuTensor) activation;
            assertEquals(
                    values[((channels + channels - 1) * 3 + 2) * 5 + 4],
                    inside.buffer().get(inside.offset(1, channels - 1, 2, 4)));
            double stored = 0;
            for (int i = 0; i < inside.buffer().capacity(); i++) {
                stored += inside.buffer().get(i);
            }
            assertEquals(values.length * (values.length + 1L) / 2.0, stored, "padding is not 0");
        }
    }

    @Test
    void tensorsStartAtZeroOnVectorBoundaries() {
        try (CpuDevice device = new CpuDevice(1);
                Tensor tensor = device.tensor(3, 7)) {
            assertArrayEquals(new float[21], tensor.toFloats());
            assertEquals(0, ((CpuTensor) tensor).pointer().address() % 64);
        }
    }

    /** Linux promises memory without an end, and ends the process that comes to use it. */
    @Test
    void tensorsThatTogetherNeedMoreThanIsFreeAreRefused() {
        List<Tensor> tensors = new ArrayList<>();
        try (CpuDevice device = new CpuDevice(1)) {
            DeviceException refusal =
                    assertThrows(
                            DeviceException.class,
                            () -> {
                                for (int i = 0; i < 4096; i++) {
                                    tensors.add(device.tensor(1 << 28));
                                }
                            });
            String asked = ": out of memory for %d bytes beside ".formatted(4L << 28);
            assertTrue(refusal.getMessage().contains(asked), refusal.getMessage());
            tensors.forEach(Tensor::close);
            device.tensor(1 << 20).close();
        }
    }

    @Test
    void slicesShareStorage() {
        try (CpuDevice device = new CpuDevice(1);
                Tensor whole = device.tensor(200);
                Tensor part = whole.slice(64, 2, 3)) {
            part.write(new float[] {1, 2, 3, 4, 5, 6});
            assertEquals(5, whole.toFloats()[68]);
            part.zero();
            assertArrayEquals(new float[200], whole.toFloats());
            assertThrows(DeviceException.class, () -> whole.slice(63, 2));
            assertThrows(DeviceException.class, () -> whole.slice(192, 9));
            assertThrows(DeviceException.class, () -> part.slice(0, 1));
        }
    }

    @Test
    void useAfterCloseThrows() {
        try (CpuDevice device = new CpuDevice(1)) {
            Tensor whole = device.tensor(128);
            Tensor part = whole.slice(64, 64);
            whole.close();
            whole.close();
            assertThrows(DeviceException.class, whole::toFloats);
            assertThrows(DeviceException.class, whole::zero);
            assertThrows(DeviceException.class, part::toFloats);
            IntTensor labels = device.intTensor(3);
            labels.close();
            assertThrows(DeviceException.class, labels::toInts);
        }
    }

    @Test
    void copyNeedsTheSameShapeAndLayout() {
        try (CpuDevice device = new CpuDevice(1);
                Tensor plain = device.tensor(1, 16, 2, 2);
                Tensor blocked = device.activation(1, 16, 2, 2);
                Tensor other = device.activation(1, 16, 2, 2)) {
            other.write(new float[64]);
            float[] values = new float[64];
            values[7] = 7;
            other.write(values);
            blocked.copyFrom(other);
            assertArrayEquals(values, blocked.toFloats());
            assertThrows(DeviceException.class, () -> plain.copyFrom(blocked));
        }
    }

    @Test
    void liveBytesCountWhatIsOpen() {
        CpuDevice device = new CpuDevice(1);
        Tensor tensor = device.tensor(100);
        IntTensor labels = device.intTensor(10);
        assertEquals(440, device.liveBytes());
        tensor.close();
        tensor.close();
        labels.close();
        assertEquals(0, device.liveBytes());
        device.close();
        assertThrows(DeviceException.class, () -> device.tensor(1));
    }

    @Test
    void closingADeviceWithOpenTensorsFreesThemAndThrows() {
        CpuDevice device = new CpuDevice(1);
        Tensor tensor = device.tensor(100);
        DeviceException thrown = assertThrows(DeviceException.class, device::close);
        assertTrue(thrown.getMessage().contains("400 bytes"), thrown.getMessage());
        assertEquals(0, device.liveBytes());
        assertThrows(DeviceException.class, tensor::toFloats);
        device.close();
    }

    @Test
    void emptyAndOversizedShapesAreRefused() {
        try (CpuDevice device = new CpuDevice(1)) {
            assertThrows(DeviceException.class, () -> device.tensor(0));
            assertThrows(DeviceException.class, () -> device.tensor(1 << 15, 1 << 14));
            assertEquals(0, device.liveBytes());
        }
    }
}

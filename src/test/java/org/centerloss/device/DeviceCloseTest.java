package org.centerloss.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.Linear;
import org.centerloss.devices.Devices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a device, alike on all of them. */
@VirtualGpu
class DeviceCloseTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void whatIsLeftOpenIsClosedAndTold(String name) {
        Device device = Devices.open(name, 1);
        Tensor tensor = device.tensor(2, 3);
        Tensor slice = tensor.slice(0, 3);
        IntTensor integers = device.intTensor(2);
        Linear linear = device.linear(2, 3, 1);
        ImageStore store = device.imageStore(new byte[2], new int[2], 1, 1, 1);
        device.imageBatches(store, 2, Augmentation.NONE, 0);
        Program program = device.record(tensor::zero);
        long bytes = device.liveBytes();
        assertTrue(bytes > 0);

        String message = assertThrows(DeviceException.class, device::close).getMessage();
        assertEquals(
                "%s: closed while 6 tensors or operations were open, %d bytes"
                        .formatted(name, bytes),
                message);
        assertEquals(0, device.liveBytes());
        device.close();
        for (AutoCloseable late : new AutoCloseable[] {slice, tensor, integers, linear, program}) {
            assertEquals(0, closing(late));
        }
        assertEquals(0, device.liveBytes());
        assertThrows(DeviceException.class, tensor::toFloats);
        assertThrows(DeviceException.class, () -> device.tensor(1));
    }

    private static int closing(AutoCloseable resource) {
        try {
            resource.close();
            return 0;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void nothingIsToldWhereAllWasClosed(String name) {
        Device device = Devices.open(name, 1);
        try (Tensor tensor = device.tensor(2, 3);
                Program program = device.record(tensor::zero)) {
            program.run();
            assertTrue(device.liveBytes() > 0);
        }
        assertEquals(0, device.liveBytes());
        device.close();
        assertEquals(0, device.liveBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void anOperationThatIsRefusedIsNotLeftOpen(String name) {
        try (Device device = Devices.open(name, 1);
                Device other = Devices.open("reference", 1);
                ImageStore foreign = other.imageStore(new byte[2], new int[2], 1, 1, 1)) {
            assertThrows(
                    DeviceException.class,
                    () -> device.imageBatches(foreign, 2, Augmentation.NONE, 0));
            assertThrows(DeviceException.class, () -> device.sgd(0, 0.9, 0, false));
            assertThrows(DeviceException.class, () -> device.lossMeter(0));
            assertThrows(DeviceException.class, () -> device.tensor(0));
        }
    }
}

package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@VirtualGpu
class StepTableTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void whatIsNoTableIsRefused(String name) {
        try (Device device = Devices.open(name, 1)) {
            long bytes = device.liveBytes();
            assertThrows(DeviceException.class, () -> device.stepTable(0, 3));
            assertThrows(DeviceException.class, () -> device.stepTable(3, 0));
            assertEquals(bytes, device.liveBytes());
            try (StepTable table = device.stepTable(2, 3);
                    Tensor row = device.tensor(3);
                    Tensor shorter = device.tensor(2)) {
                assertMessage("begin", () -> table.next(row));
                for (int length : new int[] {0, 1, 2, 4, 5, 7, 9}) {
                    assertMessage(
                            "1 to 2 rows of 3 values, found " + length + " values",
                            () -> table.begin(new double[length]));
                }
                table.begin(new double[] {1, 2, 3});
                assertThrows(DeviceException.class, () -> table.next(shorter));
                table.next(row);
                // What was refused has not moved the position.
                assertArrayEquals(new double[] {1, 2, 3}, row.toDoubles());
            }
        }
    }

    private static void assertMessage(String part, Runnable body) {
        String message = assertThrows(DeviceException.class, body::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}

package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many terms a meter has, alike on every device. */
class LossMeterTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void anotherNumberOfTermsIsRefused(String name) {
        try (Device device = Devices.open(name, 1)) {
            for (int terms : new int[] {0, LossMeter.MOST_TERMS + 1}) {
                assertEquals(
                        "loss meter: expected 1 to 8 terms, found " + terms,
                        assertThrows(DeviceException.class, () -> device.lossMeter(terms))
                                .getMessage());
            }
            try (LossMeter meter = device.lossMeter(2);
                    Tensor term = device.tensor(1)) {
                assertEquals(
                        "loss meter [2]: expected 2 terms, found 1",
                        assertThrows(DeviceException.class, () -> meter.add(term)).getMessage());
            }
            assertEquals(0, device.liveBytes());
        }
    }

    @Test
    @VirtualGpu
    void anotherNumberOfTermsIsRefusedOnAGpu() {
        anotherNumberOfTermsIsRefused("cuda");
    }
}

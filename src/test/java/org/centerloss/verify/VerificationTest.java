package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation and whole networks; {@link KernelVerificationTest} has the CUDA device. */
class VerificationTest {
    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void everyOperationOfTheDevicePasses(String name) {
        List<ResultRow> rows = new ArrayList<>();
        try (Device device = Devices.open(name, 0)) {
            Verification.run(device, SEED, rows::add);
        }
        List<String> failed =
                rows.stream().filter(row -> !row.pass()).map(Object::toString).toList();
        assertTrue(rows.size() > 100, "rows: " + rows.size());
        assertEquals(List.of(), failed, "seed " + SEED);
    }
}

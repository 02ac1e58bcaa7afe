package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.verify.op.OpCase;

/** Cases on a device whose kernels have a fault planted. */
final class FaultyKernels {
    private FaultyKernels() {}

    /** The quantities that fail with a fault planted. */
    static Set<String> failing(PlantedFault planted, List<OpCase> cases) {
        Set<String> failing = new TreeSet<>();
        List<ResultRow> rows = rows(planted, cases);
        rows.stream().filter(row -> !row.pass()).forEach(row -> failing.add(row.quantity()));
        assertTrue(rows.size() > cases.size(), "rows: " + rows.size());
        return failing;
    }

    /** Expects the virtual GPU to stop the kernel, and to say so in these words. */
    static void assertFaults(PlantedFault planted, List<OpCase> cases, String... words) {
        List<ResultRow> rows = rows(planted, cases);
        assertTrue(
                rows.stream()
                        .anyMatch(row -> row.detail().contains(DeviceException.class.getName())),
                "rows: " + rows);
        assertFault(words);
    }

    static void assertFault(String... words) {
        String fault = VirtualGpu.Controls.load().vgpuLastFault();
        for (String word : words) {
            assertTrue(fault.contains(word), fault);
        }
    }

    private static List<ResultRow> rows(PlantedFault planted, List<OpCase> cases) {
        List<ResultRow> rows = new ArrayList<>();
        try (Device device = planted.open()) {
            Verification.run(device, cases, 0, rows::add);
        } catch (DeviceException e) {
            // What a faulting kernel leaves behind cannot be closed cleanly.
            rows.add(ResultRow.failed("device", "closing", "all", e.toString()));
        }
        return rows;
    }
}

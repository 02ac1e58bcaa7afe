package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.cuda.driver.NativeLibraries;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceSettings;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which device {@code auto} takes. */
@VirtualGpu
class AutoDeviceTest {
    @TempDir private Path folder;

    /** Opens {@code auto} and prints what it says and its name. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            DeviceSettings settings =
                    new DeviceSettings(1, false, false, true, System.out::println, line -> {});
            try (Device device = Devices.open("auto", settings)) {
                System.out.println(device.name());
            }
        }
    }

    private List<String> openWith(String... libraries) throws Exception {
        for (String library : libraries) {
            Files.copy(
                    Path.of(System.getenv(NativeLibraries.DIRECTORY), library),
                    folder.resolve(library));
        }
        ChildJvm.Result result =
                ChildJvm.run(Opener.class, Map.of(NativeLibraries.DIRECTORY, folder.toString()));
        assertEquals(0, result.status(), result.err());
        return result.out().lines().toList();
    }

    @Test
    void aGpuThatWorksIsTakenAndNamed() {
        List<String> notes = new ArrayList<>();
        DeviceSettings settings = new DeviceSettings(1, false, false, true, notes::add, line -> {});
        try (Device device = Devices.open("auto", settings)) {
            assertEquals("cuda:0", device.name());
            assertEquals(0, device.liveBytes());
        }
        assertEquals(List.of("auto takes the GPU cuda:0, which works"), notes);
    }

    @Test
    void withoutADriverTheCpuIsTakenAndTheReasonToldInOneLine() throws Exception {
        List<String> lines = openWith();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(
                lines.get(0)
                        .startsWith("auto takes the CPU: no NVIDIA driver found (see 'devices')"),
                lines.get(0));
        assertEquals("cpu", lines.get(1));
    }

    @Test
    void aGpuWithoutCudnnIsNotTaken() throws Exception {
        assumeFalse(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libcudnn.so.9")),
                "cuDNN is installed");
        List<String> lines = openWith("libcuda.so.1", "libcublas.so.12");
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(
                lines.get(0).startsWith("auto takes the CPU: no cuDNN 9 found (see 'devices')"),
                lines.get(0));
        assertEquals("cpu", lines.get(1));
    }
}

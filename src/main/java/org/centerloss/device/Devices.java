package org.centerloss.device;

import java.util.List;
import org.centerloss.device.cpu.CpuDevice;
import org.centerloss.device.reference.ReferenceDevice;

/** Opens devices by name; the only way to one. */
public final class Devices {
    /** Every name that {@link #open} takes. */
    public static final List<String> NAMES = List.of("auto", "cpu", "reference");

    private Devices() {}

    /**
     * Opens a device.
     *
     * @param name one of {@link #NAMES}; {@code auto} is the fastest device that works here
     * @param threads worker threads of the CPU device; 0 for one per available processor
     */
    public static Device open(String name, int threads) {
        return switch (name) {
            case "auto", "cpu" -> new CpuDevice(threads);
            case "reference" -> new ReferenceDevice();
            default -> throw new DeviceException("unknown device '" + name + "'");
        };
    }
}

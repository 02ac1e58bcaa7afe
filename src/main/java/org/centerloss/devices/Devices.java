package org.centerloss.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.base.Columns;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceListing;
import org.centerloss.device.DeviceSettings;
import org.centerloss.reference.ReferenceDevice;

/** Opens devices by name; the only way to one. */
public final class Devices {
    /** Every name that {@link #open} takes, but for the numbers of GPUs: {@code cuda:1}. */
    public static final List<String> NAMES = List.of("auto", "cpu", "cuda", "reference");

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

    /** What is left of a line of a terminal for the reason why auto does not take a GPU. */
    private static final int BRIEF = 26;

    private Devices() {}

    /** Whether {@link #open} knows the name; the device itself need not be there. */
    public static boolean isName(String name) {
        return NAMES.contains(name) || CUDA.matcher(name).matches();
    }

    /** Opens a device that computes as usual, with so many threads if it is the CPU. */
    public static Device open(String name, int threads) {
        return open(name, DeviceSettings.USUAL.withThreads(threads));
    }

    /**
     * Opens a device.
     *
     * @param name one of {@link #NAMES}, or {@code cuda:N} for the N-th GPU, from 0; {@code cuda}
     *     is the first; {@code auto} is the first GPU if everything works that it needs, else the
     *     CPU
     */
    public static Device open(String name, DeviceSettings settings) {
        Matcher cuda = CUDA.matcher(name);
        if (cuda.matches()) {
            String ordinal = cuda.group(1);
            return new CudaDevice(ordinal == null ? 0 : Integer.parseInt(ordinal), settings);
        }
        return switch (name) {
            case "auto" -> choose(settings);
            case "cpu" -> new CpuDevice(settings.threads());
            case "reference" -> new ReferenceDevice();
            default -> throw new DeviceException("unknown device '" + name + "'");
        };
    }

    private static Device choose(DeviceSettings settings) {
        try {
            Device gpu = CudaDevice.openComplete(settings);
            settings.notes().accept("auto takes the GPU %s, which works".formatted(gpu.name()));
            return gpu;
        } catch (DeviceException e) {
            String reason = e.getMessage().replaceFirst("^cuda: ", "");
            String brief = Columns.shortened(reason.replaceFirst("(?s)( \\(|; ).*", ""), BRIEF);
            settings.notes().accept("auto takes the CPU: %s (see 'devices')".formatted(brief));
            settings.details().accept(e.getMessage());
            return new CpuDevice(settings.threads());
        }
    }

    /** Every device, each GPU on its own; what keeps GPUs from working has one entry each. */
    public static List<DeviceListing> list() {
        List<DeviceListing> listings = new ArrayList<>();
        for (String name : NAMES) {
            if (name.equals("cuda")) {
                listings.addAll(CudaDevice.list());
            } else {
                listings.add(listing(name));
            }
        }
        return listings;
    }

    private static DeviceListing listing(String name) {
        try (Device device = open(name, 0)) {
            String chosen = name.equals(device.name()) ? "" : device.name() + ": ";
            return new DeviceListing(name, true, chosen + device.description());
        } catch (DeviceException e) {
            return new DeviceListing(name, false, e.getMessage());
        }
    }
}

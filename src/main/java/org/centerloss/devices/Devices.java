package org.centerloss.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.base.Columns;
import org.centerloss.baseline.ComposedOps;
import org.centerloss.baseline.Variant;
import org.centerloss.baseline.VariantDevice;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.baseline.CpuMatrixOps;
import org.centerloss.cpu.baseline.CpuNaive;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.baseline.CudaMatrixOps;
import org.centerloss.cuda.baseline.CudaNaive;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceListing;
import org.centerloss.device.DeviceSettings;
import org.centerloss.device.op.ComparedOps;
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

    /**
     * A view of a device that computes the compared operations in that way, and all else as the
     * device does; see {@link VariantDevice} for who closes what. The device itself for {@link
     * Variant#FUSED}.
     *
     * @param device one that {@link #open} gave
     * @throws DeviceException if the device knows no such way
     */
    public static Device variant(Device device, Variant variant) {
        if (variant == Variant.FUSED) {
            return device;
        }
        ComparedOps compared =
                device instanceof CpuDevice cpu
                        ? variant(cpu, variant)
                        : device instanceof CudaDevice cuda ? variant(cuda, variant) : null;
        if (compared == null) {
            throw new DeviceException(
                    "%s: there is no %s variant, only fused"
                            .formatted(device.name(), variant.key()));
        }
        return new VariantDevice(device, variant, compared);
    }

    private static ComparedOps variant(CpuDevice cpu, Variant variant) {
        return switch (variant) {
            case FUSED -> cpu;
            case COMPOSED ->
                    new ComposedOps(
                            cpu,
                            (name, rows, columns, features) ->
                                    new CpuMatrixOps(cpu, name, rows, columns, features));
            case NAIVE -> new CpuNaive(cpu);
        };
    }

    private static ComparedOps variant(CudaDevice cuda, Variant variant) {
        return switch (variant) {
            case FUSED -> cuda;
            case COMPOSED ->
                    new ComposedOps(
                            cuda,
                            (name, rows, columns, features) ->
                                    new CudaMatrixOps(cuda, name, rows, columns, features));
            case NAIVE -> new CudaNaive(cuda);
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

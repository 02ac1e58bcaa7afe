package org.centerloss.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.library.MathLibraries;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceListing;

/** What there is of GPUs, driver, libraries and PTX, each tried out. */
public final class Inventory {
    private final List<DeviceListing> gpus = new ArrayList<>();
    private final List<DeviceListing> troubles = new ArrayList<>();

    private Inventory() {}

    /** Each GPU, and what keeps GPUs from working, one entry each. */
    public static List<DeviceListing> list() {
        Inventory inventory = new Inventory();
        boolean driver = inventory.attempt("cuda", Gpu::count);
        inventory.attempt("cuda", NativeLibraries::loadCublas);
        inventory.attempt("cuda", NativeLibraries::loadCudnn);
        inventory.attempt("cuda", KernelSource::requirePtx);
        if (driver) {
            inventory.listGpus();
        }
        inventory.gpus.addAll(inventory.troubles);
        return inventory.gpus;
    }

    /** Whether it succeeded; what it says where it did not is listed once. */
    private boolean attempt(String name, Runnable body) {
        try {
            body.run();
            return true;
        } catch (DeviceException e) {
            DeviceListing trouble = new DeviceListing(name, false, e.getMessage());
            if (!troubles.contains(trouble)) {
                troubles.add(trouble);
            }
            return false;
        }
    }

    private void listGpus() {
        boolean complete = troubles.isEmpty();
        int count = Gpu.count();
        for (int i = 0; i < count; i++) {
            Gpu gpu = Gpu.open(i);
            boolean works = complete && attempt(gpu.deviceName(), () -> tryKernel(gpu));
            gpus.add(
                    new DeviceListing(
                            gpu.deviceName(),
                            works,
                            gpu.description() + (complete ? "; " + versions() : "")));
        }
    }

    /** Throws where the GPU's context cannot be opened, or where its driver refuses the PTX. */
    private static void tryKernel(Gpu gpu) {
        try (CudaDevice device = new CudaDevice(gpu.ordinal(), false)) {
            device.kernel(KernelFunction.SUM_PARTIALS);
        }
    }

    private static String versions() {
        return "%s, NVRTC %s, PTX %s"
                .formatted(
                        MathLibraries.versions(),
                        NativeLibraries.loadCompiler() ? RuntimeCompiler.version() : "none",
                        KernelSource.version(
                                KernelSource.ptx(KernelFunction.SUM_PARTIALS.module())));
    }
}

package org.centerloss.cuda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernels did on the virtual GPU while something ran. */
public final class KernelCounters {
    private final JsonNode api;
    private final JsonNode kernels;

    private KernelCounters(JsonNode counters) {
        api = counters.path("api");
        kernels = counters.path("kernels");
    }

    /** Counts what {@code body} launches on {@code device}. */
    public static KernelCounters of(CudaDevice device, Runnable body) {
        VirtualGpu.Controls controls = VirtualGpu.Controls.load();
        device.synchronize();
        controls.vgpuResetCounters();
        body.run();
        device.synchronize();
        try {
            Path file = Files.createTempFile("counters", ".json");
            controls.vgpuWriteCounters(file.toString());
            JsonNode counters = new ObjectMapper().readTree(file.toFile());
            Files.delete(file);
            return new KernelCounters(counters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One counter of one kernel, by the names in the JSON. */
    public long of(String kernel, String counter) {
        return number(kernels.path(kernel), counter);
    }

    private static long number(JsonNode counters, String counter) {
        JsonNode value = counters.path(counter);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("there is no counter " + counter);
        }
        return value.asLong();
    }

    /** How often the driver was called for something, by the names in the JSON. */
    public long api(String counter) {
        return number(api, counter);
    }

    /** One counter, summed over all kernels. */
    public long total(String counter) {
        long sum = 0;
        for (String kernel : (Iterable<String>) kernels::fieldNames) {
            sum += of(kernel, counter);
        }
        return sum;
    }

    /** Instructions of warps, of all classes and kernels. */
    public long instructions() {
        long sum = 0;
        for (JsonNode kernel : kernels) {
            for (JsonNode count : kernel.path("instructions")) {
                sum += count.asLong();
            }
        }
        return sum;
    }

    /** Bytes that kernels read from and wrote to global memory. */
    public long globalBytes() {
        return total("globalBytesRead") + total("globalBytesWritten");
    }

    /** 32-byte sectors of global memory over the fewest that would hold a kernel's bytes. */
    public double sectorFactor(String kernel) {
        double sectors = of(kernel, "globalSectorsRead") + of(kernel, "globalSectorsWritten");
        return sectors
                / (of(kernel, "globalIdealSectorsRead") + of(kernel, "globalIdealSectorsWritten"));
    }

    /** Cycles of shared memory over those without bank conflicts; 1 where it is not used. */
    public double bankConflictFactor(String kernel) {
        long ideal = of(kernel, "sharedIdealCycles");
        return ideal == 0 ? 1 : (double) of(kernel, "sharedCycles") / ideal;
    }
}

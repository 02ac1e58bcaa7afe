package org.centerloss.cuda.driver;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device's kernels, each loaded when it is first asked for. */
public final class Kernels implements AutoCloseable {
    private final Gpu gpu;
    private final CudaStream stream;
    private final Map<String, KernelModule> modules = new LinkedHashMap<>();
    private final Map<KernelFunction, Kernel> kernels = new EnumMap<>(KernelFunction.class);

    public Kernels(Gpu gpu, CudaStream stream) {
        this.gpu = gpu;
        this.stream = stream;
    }

    public Kernel get(KernelFunction function) {
        return kernels.computeIfAbsent(function, this::load);
    }

    private Kernel load(KernelFunction function) {
        KernelModule module =
                modules.computeIfAbsent(function.module(), name -> new KernelModule(name, gpu));
        return new Kernel(function, module.function(function.entry()), stream);
    }

    /** Takes a source file's kernels from {@code ptx} and not from this build; before their use. */
    public void replace(String module, String ptx) {
        modules.put(module, new KernelModule(module, ptx, gpu));
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        List<KernelModule> loaded = new ArrayList<>(modules.values());
        for (int i = loaded.size() - 1; i >= 0; i--) {
            closing.close(loaded.get(i));
        }
        closing.rethrow();
    }
}

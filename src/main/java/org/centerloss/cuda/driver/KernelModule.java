package org.centerloss.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;
import org.centerloss.device.DeviceException;

/** The kernels of one source file, compiled by the driver for its GPU. */
public final class KernelModule implements AutoCloseable {
    private static final int LOG_BYTES = 8192;

    private final String name;
    private final CUmodule module = new CUmodule();

    /**
     * @param name the source file's, without its ending
     */
    public KernelModule(String name, Gpu gpu) {
        this(name, KernelSource.ptx(name), gpu);
    }

    public KernelModule(String name, String ptx, Gpu gpu) {
        this.name = name;
        if (!load(ptx)) {
            if (!NativeLibraries.loadCompiler()) {
                throw tooNew(ptx, gpu, "");
            }
            String compiled = RuntimeCompiler.compile(name, gpu);
            if (!load(compiled)) {
                throw tooNew(compiled, gpu, ", compiled by NVRTC");
            }
        }
    }

    /** Whether the driver knows the version of the PTX; any other trouble throws. */
    private boolean load(String ptx) {
        JITOptions options = new JITOptions();
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
        byte[] text = ptx.getBytes(StandardCharsets.UTF_8);
        // The driver wants text that ends with a zero.
        Pointer terminated = Pointer.to(Arrays.copyOf(text, text.length + 1));
        try {
            Cuda.check(JCudaDriver.cuModuleLoadDataJIT(module, terminated, options));
            return true;
        } catch (CudaException e) {
            if (e.getMessage().equals("CUDA_ERROR_UNSUPPORTED_PTX_VERSION")) {
                return false;
            }
            String log =
                    options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER)
                            .strip()
                            .replaceAll("\\s*\n\\s*", "; ");
            throw Cuda.failure(
                    "compile kernels/" + name + ".cu", e, "the driver's compiler says: " + log);
        }
    }

    private DeviceException tooNew(String ptx, Gpu gpu, String origin) {
        return new DeviceException(
                "cuda: compile kernels/%s.cu: CUDA_ERROR_UNSUPPORTED_PTX_VERSION: the driver (for CUDA %s) is too old for PTX %s%s; update it, %s, or build with an nvcc as old"
                        .formatted(
                                name,
                                gpu.driverCuda(),
                                KernelSource.version(ptx),
                                origin,
                                origin.isEmpty()
                                        ? "run make cuda-libs, which brings NVRTC"
                                        : "install libnvrtc.so.12 of CUDA "
                                                + gpu.driverCuda()
                                                + " or older"));
    }

    public CUfunction function(String entry) {
        CUfunction function = new CUfunction();
        Cuda.call(
                "find kernel " + entry + " in kernels/" + name + ".cu",
                () -> JCudaDriver.cuModuleGetFunction(function, module, entry));
        return function;
    }

    @Override
    public void close() {
        Cuda.call("unload kernels/" + name + ".cu", () -> JCudaDriver.cuModuleUnload(module));
    }
}

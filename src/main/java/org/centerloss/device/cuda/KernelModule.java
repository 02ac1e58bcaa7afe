package org.centerloss.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
final class KernelModule implements AutoCloseable {
    private static final int LOG_BYTES = 8192;

    private final String name;
    private final CUmodule module = new CUmodule();

    /**
     * @param name the source file's, without its ending
     */
    KernelModule(String name) {
        this.name = name;
        load(ptx(name));
    }

    /** Throws where this build lacks the PTX of any kernel. */
    static void requirePtx() {
        for (KernelFunction function : KernelFunction.values()) {
            if (KernelModule.class.getResource(resource(function.module())) == null) {
                throw new DeviceException(
                        "cuda: this build does not hold the PTX of kernels/%s.cu; install NVIDIA's CUDA toolkit (nvcc) and run make build"
                                .formatted(function.module()));
            }
        }
    }

    private static String resource(String name) {
        return "ptx/" + name + ".ptx";
    }

    private static byte[] ptx(String name) {
        try (InputStream in = KernelModule.class.getResourceAsStream(resource(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(byte[] ptx) {
        byte[] log = new byte[LOG_BYTES];
        JITOptions options = new JITOptions();
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, log);
        // The driver wants text that ends with a zero.
        Pointer text = Pointer.to(Arrays.copyOf(ptx, ptx.length + 1));
        try {
            JCudaDriver.cuModuleLoadDataJIT(module, text, options);
        } catch (CudaException e) {
            throw Cuda.failure(
                    "compile kernels " + name,
                    e,
                    options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER));
        }
    }

    CUfunction function(String entry) {
        CUfunction function = new CUfunction();
        Cuda.call(
                "find kernel " + entry + " in " + name,
                () -> JCudaDriver.cuModuleGetFunction(function, module, entry));
        return function;
    }

    @Override
    public void close() {
        Cuda.call("unload kernels " + name, () -> JCudaDriver.cuModuleUnload(module));
    }
}

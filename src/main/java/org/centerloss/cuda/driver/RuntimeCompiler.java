package org.centerloss.cuda.driver;

import java.util.Map;
import jcuda.CudaException;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import org.centerloss.device.DeviceException;

/** NVRTC: compiles kernel sources where the driver is too old for the PTX that was built. */
final class RuntimeCompiler {
    private RuntimeCompiler() {}

    /** Such as 12.6; to be called when {@link NativeLibraries#loadCompiler} has found it. */
    static String version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        JNvrtc.setExceptionsEnabled(true);
        JNvrtc.nvrtcVersion(major, minor);
        return major[0] + "." + minor[0];
    }

    /**
     * PTX of a source file in {@code kernels/}, in the version of the NVRTC that is installed. To
     * be called when {@link NativeLibraries#loadCompiler} has found it.
     */
    static String compile(String module, Gpu gpu) {
        String source = KernelSource.source(module);
        Map<String, String> headers = KernelSource.headers(source);
        nvrtcProgram program = new nvrtcProgram();
        JNvrtc.setExceptionsEnabled(true);
        JNvrtc.nvrtcCreateProgram(
                program,
                source,
                "kernels/" + module + ".cu",
                headers.size(),
                headers.values().toArray(String[]::new),
                headers.keySet().toArray(String[]::new));
        try {
            String[] options = {
                "--gpu-architecture=compute_" + architecture(gpu),
                "--std=c++17",
                "--generate-line-info"
            };
            JNvrtc.nvrtcCompileProgram(program, options.length, options);
            String[] ptx = new String[1];
            JNvrtc.nvrtcGetPTX(program, ptx);
            return ptx[0];
        } catch (CudaException e) {
            String[] log = new String[1];
            JNvrtc.nvrtcGetProgramLog(program, log);
            throw new DeviceException(
                    "cuda: compile kernels/%s.cu with NVRTC: %s: %s"
                            .formatted(
                                    module,
                                    e.getMessage(),
                                    log[0].strip().replaceAll("\\s*\n\\s*", "; ")),
                    e);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    /** The GPU's own architecture, or the newest that this NVRTC knows below it. */
    private static int architecture(Gpu gpu) {
        int[] count = new int[1];
        JNvrtc.nvrtcGetNumSupportedArchs(count);
        int[] supported = new int[count[0]];
        JNvrtc.nvrtcGetSupportedArchs(supported);
        int best = supported[0];
        for (int architecture : supported) {
            if (architecture <= gpu.capability()) {
                best = Math.max(best, architecture);
            }
        }
        return best;
    }
}

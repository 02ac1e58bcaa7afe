package org.centerloss.cuda;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.cuda.driver.KernelSource;
import org.centerloss.cuda.driver.NativeLibraries;
import org.centerloss.device.DeviceException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that runs kernels on the virtual GPU. Where that or the kernels' PTX was not built, the
 * test is skipped; in CI it fails.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(VirtualGpu.Condition.class)
public @interface VirtualGpu {
    /** What the virtual GPU's library offers beside the driver API. */
    interface Controls extends Library {
        /** Chooses the order of whatever CUDA leaves open: blocks, warps, independent work. */
        void vgpuSetSeed(long seed);

        void vgpuResetCounters();

        /** Writes what the kernels have done since the counters were reset, as JSON. */
        void vgpuWriteCounters(String path);

        /** The full line of the last fault: kernel, PTX line, block, thread, and what was wrong. */
        String vgpuLastFault();

        /** The library that the device under test has loaded as its driver. */
        static Controls load() {
            Cuda.initialize();
            return Native.load(Condition.library().toString(), Controls.class);
        }

        /** Loads cuBLAS and cuDNN, for calls of JCuda's that go round the device. */
        static void loadMathLibraries() {
            NativeLibraries.loadCublas();
            NativeLibraries.loadCudnn();
        }
    }

    final class Condition implements ExecutionCondition {
        /** The virtual GPU's driver; its other libraries lie beside it. */
        public static Path library() {
            String folder = System.getenv(NativeLibraries.DIRECTORY);
            return Path.of(folder == null ? "target/vgpu" : folder, "libcuda.so.1")
                    .toAbsolutePath();
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String missing = missing();
            if (missing == null) {
                return ConditionEvaluationResult.enabled("the virtual GPU is built");
            }
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(missing);
            }
            return ConditionEvaluationResult.disabled(missing);
        }

        /** What was not built, or null. */
        private static String missing() {
            if (!Files.exists(library())) {
                return library() + " is missing: run make vgpu";
            }
            try {
                KernelSource.requirePtx();
                return null;
            } catch (DeviceException e) {
                return e.getMessage();
            }
        }
    }
}

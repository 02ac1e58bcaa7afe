package org.centerloss.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.centerloss.cuda.ChildJvm;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@VirtualGpu
class KernelTest {
    /** Adds with a size that is far too large, and prints what the device makes of it. */
    static final class Guilty {
        private Guilty() {}

        public static void main(String[] arguments) {
            CudaDevice device = new CudaDevice(0, Boolean.parseBoolean(arguments[0]));
            Tensor tensor = device.tensor(64);
            try {
                device.kernel(KernelFunction.ADDITION_FORWARD)
                        .launch(Grid.of(1024, 256), tensor, tensor, tensor, 1 << 20);
                System.out.println("launched");
                device.synchronize();
            } catch (DeviceException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** Loads a kernel, and prints what comes of it. */
    static final class Loader {
        private Loader() {}

        public static void main(String[] arguments) {
            try (CudaDevice device = new CudaDevice(0, false)) {
                device.kernel(KernelFunction.ADDITION_FORWARD);
                System.out.println("loaded");
            } catch (DeviceException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void synchronousUseNamesTheGuiltyKernel() throws Exception {
        String message = ChildJvm.run(Guilty.class, Map.of(), "true").out().strip();
        assertTrue(message.startsWith("cuda: kernel addition_forward: CUDA_ERROR_"), message);
        assertTrue(message.contains("this call is the one"), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void asynchronousUsePointsToSync() throws Exception {
        String message = ChildJvm.run(Guilty.class, Map.of(), "false").out().strip();
        assertTrue(message.startsWith("launched\ncuda: synchronise: CUDA_ERROR_"), message);
        assertTrue(message.contains("--sync"), message);
        assertEquals(2, message.lines().count(), message);
    }

    @Test
    void aDriverThatIsTooOldForThePtxIsExplained(@TempDir Path cache) throws Exception {
        String message =
                ChildJvm.run(
                                Loader.class,
                                Map.of(
                                        "CENTERLOSS_VGPU_MAX_PTX",
                                        "6.0",
                                        "XDG_CACHE_HOME",
                                        cache.toString()))
                        .out()
                        .strip();
        assertTrue(
                message.startsWith(
                        "cuda: compile kernels/addition.cu: CUDA_ERROR_UNSUPPORTED_PTX_VERSION"),
                message);
        assertTrue(message.contains("too old for PTX "), message);
        assertTrue(message.contains("run make cuda-libs, which brings NVRTC"), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    @EnabledIf("org.centerloss.cuda.RealCudnnTest#librariesAreUnpacked")
    void nvrtcCompilesWhatTheDriverCannotRead() throws Exception {
        assertEquals(
                "loaded",
                ChildJvm.run(Loader.class, Map.of("CENTERLOSS_VGPU_MAX_PTX", "8.5")).out().strip());
        String message =
                ChildJvm.run(Loader.class, Map.of("CENTERLOSS_VGPU_MAX_PTX", "6.0")).out().strip();
        assertTrue(message.contains(", compiled by NVRTC; update it, "), message);
        assertTrue(message.contains("install libnvrtc.so.12 of CUDA "), message);
    }

    @Test
    void theDriversCompilerIsQuoted() {
        try (CudaDevice device = new CudaDevice(0, false)) {
            String ptx =
                    ".version 6.3\n.target sm_75\n.address_size 64\n"
                            + ".visible .entry addition_forward()\n{\n\tfoo.bar;\n\tret;\n}\n";
            DeviceException e =
                    assertThrows(DeviceException.class, () -> device.replace("addition", ptx));
            assertTrue(
                    e.getMessage()
                            .startsWith(
                                    "cuda: compile kernels/addition.cu: CUDA_ERROR_INVALID_PTX"),
                    e.getMessage());
            assertTrue(e.getMessage().contains("foo.bar"), e.getMessage());
        }
    }

    @Test
    void argumentsOfAnotherNumberOrTypeAreRefused() {
        try (CudaDevice device = new CudaDevice(0, false);
                Tensor tensor = device.tensor(4)) {
            Kernel kernel = device.kernel(KernelFunction.ADDITION_FORWARD);
            Grid grid = Grid.of(1, 32);
            for (Object[] arguments :
                    new Object[][] {
                        {},
                        {tensor, tensor, tensor},
                        {tensor, tensor, tensor, 4L},
                        {tensor, tensor, 4, 4},
                        {tensor, tensor, "text", 4},
                        {tensor, tensor, tensor, null}
                    }) {
                DeviceException e =
                        assertThrows(DeviceException.class, () -> kernel.launch(grid, arguments));
                assertTrue(e.getMessage().contains("addition_forward"), e.getMessage());
            }
            tensor.write(new float[] {1, 2, 3, 4});
            kernel.launch(grid, tensor, tensor, tensor, 4);
            assertArrayEquals(new float[] {2, 4, 6, 8}, tensor.toFloats());
        }
    }
}

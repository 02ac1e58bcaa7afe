package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the driver refuses at the call: shapes of launches, wrong handles, too much memory. */
@VirtualGpu
class LaunchesTest {
    private static final String INVALID = "CUDA_ERROR_INVALID_VALUE";
    private static final PtxProgram EMPTY = PtxProgram.of("", "");

    private VirtualContext gpu;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,1, 32,1,1, 0, 'grid (0,1,1)'",
        "1,65536,1, 32,1,1, 0, 'grid (1,65536,1)'",
        "1,1,70000, 32,1,1, 0, 'grid (1,1,70000)'",
        "1,1,1, 0,1,1, 0, 'block (0,1,1)'",
        "1,1,1, 1,1,65, 0, 'block (1,1,65)'",
        "1,1,1, 1025,1,1, 0, 'block (1025,1,1)'",
        "1,1,1, 64,32,1, 0, '2048 threads in a block'",
        "1,1,1, 32,1,1, 49153, '49153 bytes of dynamic shared memory'"
    })
    void shapesBeyondTheLimits(
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes,
            String words) {
        CUfunction function = gpu.load(EMPTY);
        int[] grid = {gridX, gridY, gridZ};
        int[] block = {blockX, blockY, blockZ};
        VirtualContext.fault(() -> gpu.launch(function, grid, block, sharedBytes, null))
                .assertIs(INVALID, "kernel 'kernel'", words);
        // A refused launch does not break the context.
        gpu.launch(function, 1, 32);
        VirtualContext.synchronize();
    }

    @Test
    void aBlockLargerThanTheKernelDeclares() {
        String text = EMPTY.text().replace(")\n{", ")\n.maxntid 64, 1, 1\n{");
        CUfunction function = gpu.load(text, "kernel");
        gpu.launch(function, 1, 64);
        VirtualContext.fault(() -> gpu.launch(function, 1, 65))
                .assertIs(INVALID, "65 threads in a block");
    }

    @Test
    void aMissingParameter() {
        CUfunction function = gpu.load(PtxProgram.of("u32 a, u32 b", ""));
        Pointer parameters = Pointer.to(Pointer.to(new int[1]), new Pointer());
        VirtualContext.fault(
                        () ->
                                JCudaDriver.cuLaunchKernel(
                                        function, 1, 1, 1, 1, 1, 1, 0, null, parameters, null))
                .assertIs(INVALID, "parameter 1 is a null pointer");
    }

    @Test
    void handlesThatAreNotOrNoLonger() {
        CUfunction function = gpu.load(EMPTY);
        CUstream stream = new CUstream();
        JCudaDriver.cuStreamCreate(stream, 0);
        JCudaDriver.cuStreamDestroy(stream);
        int[] one = {1, 1, 1};
        String invalid = "CUDA_ERROR_INVALID_HANDLE";
        VirtualContext.fault(() -> gpu.launch(function, one, one, 0, stream))
                .assertIs(invalid, "stream");
        VirtualContext.fault(() -> gpu.launch(new CUfunction(), 1, 1))
                .assertIs(invalid, "function");
    }

    @Test
    void aFunctionThatIsNotInTheModule() {
        CUmodule module = gpu.module(EMPTY.text());
        VirtualContext.fault(
                        () -> JCudaDriver.cuModuleGetFunction(new CUfunction(), module, "other"))
                .assertIs("CUDA_ERROR_NOT_FOUND", "'other'");
        JCudaDriver.cuModuleUnload(module);
        VirtualContext.fault(
                        () -> JCudaDriver.cuModuleGetFunction(new CUfunction(), module, "kernel"))
                .assertIs("CUDA_ERROR_INVALID_HANDLE", "module");
    }

    @Test
    void withoutAContextThereIsNoMemory() throws InterruptedException {
        String[] status = new String[1];
        Thread other = new Thread(() -> status[0] = VirtualContext.status(() -> gpu.allocate(4)));
        other.start();
        other.join();
        assertEquals("CUDA_ERROR_INVALID_CONTEXT", status[0]);
    }

    @Test
    void moreMemoryThanThereIs() {
        long[] before = memory();
        VirtualContext.fault(() -> gpu.allocate(before[0] + 1))
                .assertIs("CUDA_ERROR_OUT_OF_MEMORY", "bytes free");
        VirtualContext.fault(() -> gpu.allocate(0)).assertIs(INVALID);
        CUdeviceptr memory = gpu.allocate(1 << 20);
        assertEquals(before[0] - (1 << 20), memory()[0]);
        JCudaDriver.cuMemFree(memory);
        assertEquals(before[0], memory()[0]);
        assertTrue(before[0] <= before[1]);
    }

    private static long[] memory() {
        long[] free = new long[1];
        long[] total = new long[1];
        JCudaDriver.cuMemGetInfo(free, total);
        return new long[] {free[0], total[0]};
    }

    @Test
    void freeingTwiceOrInTheMiddle() {
        CUdeviceptr memory = gpu.allocate(1024);
        VirtualContext.fault(() -> JCudaDriver.cuMemFree(memory.withByteOffset(256)))
                .assertIs(INVALID, "no allocation starts there");
        JCudaDriver.cuMemFree(memory);
        VirtualContext.fault(() -> JCudaDriver.cuMemFree(memory))
                .assertIs(INVALID, "which was freed");
    }

    @Test
    void copiesOutsideOfAnAllocation() {
        CUdeviceptr memory = gpu.allocate(16);
        int[] host = new int[8];
        VirtualContext.fault(() -> JCudaDriver.cuMemcpyHtoD(memory, Pointer.to(host), 32))
                .assertIs(INVALID, "reach over the end of the allocation of 16 bytes");
        VirtualContext.fault(() -> JCudaDriver.cuMemcpyDtoH(Pointer.to(host), memory, 17))
                .assertIs(INVALID, "reach over the end");
        VirtualContext.fault(() -> JCudaDriver.cuMemsetD8(memory, (byte) 0, 17))
                .assertIs(INVALID, "reach over the end");
        VirtualContext.fault(() -> JCudaDriver.cuMemcpyDtoH(memory, memory, 16))
                .assertIs(INVALID, "the host pointer is a device address");
    }

    @Test
    void freshMemoryReadsAsNaN() {
        float[] fresh = gpu.floats(gpu.allocate(64), 16);
        for (float value : fresh) {
            assertTrue(Float.isNaN(value));
        }
    }
}

package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;

/**
 * A context of its own on the virtual GPU, reached through JCuda's unchanged calls. After a fault a
 * context is broken, so every program gets a new one.
 */
public final class VirtualContext implements AutoCloseable {
    private static final VirtualGpu.Controls CONTROLS = VirtualGpu.Controls.load();

    private final CUcontext context = new CUcontext();

    public VirtualContext() {
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuCtxCreate(context, 0, device);
        seed(0);
    }

    /** What a call was refused with: the driver's status and the virtual GPU's own words. */
    public record Fault(String status, String words) {
        void assertIs(String expectedStatus, String... expectedWords) {
            assertEquals(expectedStatus, status, words);
            for (String expected : expectedWords) {
                assertTrue(words.contains(expected), () -> expected + " not in: " + words);
            }
        }
    }

    /** Runs a kernel to its end. */
    public void run(PtxProgram program, int blocks, int threads, Object... arguments) {
        launch(load(program), blocks, threads, arguments);
        synchronize();
    }

    /** Runs a kernel that is expected to fail. */
    public Fault faultOf(PtxProgram program, int blocks, int threads, Object... arguments) {
        return fault(() -> run(program, blocks, threads, arguments));
    }

    public static Fault fault(Runnable calls) {
        String status = assertThrows(CudaException.class, calls::run).getMessage();
        return new Fault(status, CONTROLS.vgpuLastFault());
    }

    /** The name of the status with which the driver refuses the calls. */
    public static String status(Runnable calls) {
        return assertThrows(CudaException.class, calls::run).getMessage();
    }

    /** Chooses the order of streams, blocks and warps from now on. */
    public static void seed(long seed) {
        CONTROLS.vgpuSetSeed(seed);
    }

    public static void resetCounters() {
        CONTROLS.vgpuResetCounters();
    }

    public static void writeCounters(Path file) {
        CONTROLS.vgpuWriteCounters(file.toString());
    }

    public CUfunction load(PtxProgram program) {
        return load(program.text(), "kernel");
    }

    public CUfunction load(String ptx, String name) {
        CUfunction function = new CUfunction();
        JCudaDriver.cuModuleGetFunction(function, module(ptx), name);
        return function;
    }

    public CUmodule module(String ptx) {
        CUmodule module = new CUmodule();
        byte[] text = (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
        JCudaDriver.cuModuleLoadData(module, text);
        return module;
    }

    public CUdeviceptr allocate(long bytes) {
        CUdeviceptr memory = new CUdeviceptr();
        JCudaDriver.cuMemAlloc(memory, bytes);
        return memory;
    }

    public CUdeviceptr zeros(long bytes) {
        CUdeviceptr memory = allocate(bytes);
        JCudaDriver.cuMemsetD8(memory, (byte) 0, bytes);
        return memory;
    }

    public CUdeviceptr upload(int... values) {
        return upload(Pointer.to(values), values.length * 4L);
    }

    public CUdeviceptr upload(float... values) {
        return upload(Pointer.to(values), values.length * 4L);
    }

    public CUdeviceptr upload(long... values) {
        return upload(Pointer.to(values), values.length * 8L);
    }

    private CUdeviceptr upload(Pointer values, long bytes) {
        CUdeviceptr memory = allocate(bytes);
        JCudaDriver.cuMemcpyHtoD(memory, values, bytes);
        return memory;
    }

    public int[] ints(CUdeviceptr memory, int count) {
        int[] values = new int[count];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), memory, count * 4L);
        return values;
    }

    public float[] floats(CUdeviceptr memory, int count) {
        float[] values = new float[count];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), memory, count * 4L);
        return values;
    }

    public double[] doubles(CUdeviceptr memory, int count) {
        double[] values = new double[count];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), memory, count * 8L);
        return values;
    }

    public long[] longs(CUdeviceptr memory, int count) {
        long[] values = new long[count];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), memory, count * 8L);
        return values;
    }

    /** Queues a launch on the default stream. */
    public void launch(CUfunction function, int blocks, int threads, Object... arguments) {
        launch(function, new int[] {blocks, 1, 1}, new int[] {threads, 1, 1}, 0, null, arguments);
    }

    void launch(
            CUfunction function,
            int[] grid,
            int[] block,
            int sharedBytes,
            CUstream stream,
            Object... arguments) {
        Pointer parameters = parameters(arguments);
        JCudaDriver.cuLaunchKernel(
                function,
                grid[0],
                grid[1],
                grid[2],
                block[0],
                block[1],
                block[2],
                sharedBytes,
                stream,
                parameters,
                null);
    }

    public static Pointer parameters(Object... arguments) {
        List<Pointer> cells = new ArrayList<>();
        for (Object argument : arguments) {
            cells.add(cell(argument));
        }
        return Pointer.to(cells.toArray(Pointer[]::new));
    }

    private static Pointer cell(Object argument) {
        if (argument instanceof CUdeviceptr pointer) {
            return Pointer.to(pointer);
        } else if (argument instanceof Integer value) {
            return Pointer.to(new int[] {value});
        } else if (argument instanceof Long value) {
            return Pointer.to(new long[] {value});
        } else if (argument instanceof Float value) {
            return Pointer.to(new float[] {value});
        } else if (argument instanceof Double value) {
            return Pointer.to(new double[] {value});
        } else if (argument instanceof Short value) {
            return Pointer.to(new short[] {value});
        }
        return Pointer.to(new byte[] {(Byte) argument});
    }

    public static void synchronize() {
        JCudaDriver.cuCtxSynchronize();
    }

    @Override
    public void close() {
        JCudaDriver.cuCtxDestroy(context);
    }
}

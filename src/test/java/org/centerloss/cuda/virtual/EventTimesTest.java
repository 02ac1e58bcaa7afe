package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The modelled time between events, against the datasheet's figures in {@code timing.h}. */
@VirtualGpu
class EventTimesTest {
    private static final double LAUNCH_SECONDS = 2e-6;
    private static final int THREADS = 256;

    /** Writes 16 bytes to every thread's own place, stride bytes apart. */
    private static final PtxProgram STORE =
            PtxProgram.of(
                    "u64 memory, u32 stride",
                    """
                    mul.wide.u32 %l0, %i, %stride;
                    add.s64 %l0, %memory, %l0;
                    st.global.v4.f32 [%l0], {0f00000000, 0f00000000, 0f00000000, 0f00000000};
                    """);

    /** Multiply-adds, 1024 of them after each other. */
    private static final PtxProgram MULTIPLY_ADD =
            PtxProgram.of(
                    "",
                    "mov.f32 %f0, 0f00000000;\n" + "fma.rn.f32 %f0, %f0, %f0, %f0;\n".repeat(1024));

    private VirtualContext gpu;
    private CUstream stream;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
        stream = stream();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private static CUstream stream() {
        CUstream made = new CUstream();
        JCudaDriver.cuStreamCreate(made, CUstream_flags.CU_STREAM_NON_BLOCKING);
        return made;
    }

    private double seconds(Runnable work) {
        CUevent start = new CUevent();
        CUevent stop = new CUevent();
        JCudaDriver.cuEventCreate(start, CUevent_flags.CU_EVENT_DEFAULT);
        JCudaDriver.cuEventCreate(stop, CUevent_flags.CU_EVENT_DEFAULT);
        JCudaDriver.cuEventRecord(start, stream);
        work.run();
        JCudaDriver.cuEventRecord(stop, stream);
        JCudaDriver.cuEventSynchronize(stop);
        float[] milliseconds = new float[1];
        JCudaDriver.cuEventElapsedTime(milliseconds, start, stop);
        return milliseconds[0] / 1e3;
    }

    private void launch(CUfunction function, int blocks, CUstream on, Object... arguments) {
        int[] grid = {blocks, 1, 1};
        gpu.launch(function, grid, new int[] {THREADS, 1, 1}, 0, on, arguments);
    }

    @ParameterizedTest
    @CsvSource({
        // Bytes between the places of two threads; bytes of the sectors that a thread touches.
        "16, 16",
        "64, 32"
    })
    void storesTakeTheMemorysTimeForTheirSectors(int stride, int sectorBytes) {
        int blocks = 1024;
        CUfunction store = gpu.load(STORE);
        CUdeviceptr memory = gpu.allocate((long) stride * blocks * THREADS);
        double expected = LAUNCH_SECONDS + (double) sectorBytes * blocks * THREADS / 3.35e12;
        double found = seconds(() -> launch(store, blocks, stream, memory, stride));
        assertEquals(expected, found, 1e-3 * expected);
    }

    @Test
    void computationTakesTheTimeOfTheMultiprocessorsThatHaveBlocks() {
        CUfunction multiplyAdd = gpu.load(MULTIPLY_ADD);
        double one = seconds(() -> launch(multiplyAdd, 1, stream));
        double all = seconds(() -> launch(multiplyAdd, 132, stream));
        double twice = seconds(() -> launch(multiplyAdd, 264, stream));
        assertEquals(one, all, 1e-3 * one);
        assertEquals(2, (twice - LAUNCH_SECONDS) / (all - LAUNCH_SECONDS), 1e-3);
        double flops = 2.0 * 1024 * THREADS * 132;
        // Some instructions are not multiply-adds.
        assertEquals(67e12, flops / (all - LAUNCH_SECONDS), 0.02 * 67e12);
    }

    @Test
    void anotherStreamsWorkTakesNoneOfThisOnesTime() {
        CUfunction multiplyAdd = gpu.load(MULTIPLY_ADD);
        CUstream other = stream();
        double alone = seconds(() -> launch(multiplyAdd, 132, stream));
        double beside =
                seconds(
                        () -> {
                            launch(multiplyAdd, 1320, other);
                            launch(multiplyAdd, 132, stream);
                        });
        assertEquals(alone, beside, 1e-3 * alone);
    }

    @Test
    void whatAStreamWaitsForDelaysIt() {
        CUfunction multiplyAdd = gpu.load(MULTIPLY_ADD);
        CUstream other = stream();
        CUevent done = new CUevent();
        JCudaDriver.cuEventCreate(done, CUevent_flags.CU_EVENT_DISABLE_TIMING);
        double alone = seconds(() -> launch(multiplyAdd, 132, stream));
        double behind =
                seconds(
                        () -> {
                            launch(multiplyAdd, 1320, other);
                            JCudaDriver.cuEventRecord(done, other);
                            JCudaDriver.cuStreamWaitEvent(stream, done, 0);
                            launch(multiplyAdd, 132, stream);
                        });
        assertTrue(behind > 2 * alone, behind + " and " + alone);
    }
}

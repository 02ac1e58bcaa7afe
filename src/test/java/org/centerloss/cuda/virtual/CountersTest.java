package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import jcuda.driver.CUdeviceptr;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counters of small kernels, to the last byte, sector and cycle. */
@VirtualGpu
class CountersTest {
    @TempDir Path folder;

    /** What a kernel did in the launches since {@link VirtualContext#resetCounters}. */
    private JsonNode counters() throws IOException {
        Path file = folder.resolve("counters.json");
        VirtualContext.writeCounters(file);
        return new ObjectMapper().readTree(file.toFile());
    }

    private JsonNode run(PtxProgram program, int blocks, int threads, long bytes)
            throws IOException {
        try (VirtualContext gpu = new VirtualContext()) {
            CUdeviceptr memory = bytes == 0 ? null : gpu.zeros(bytes);
            VirtualContext.synchronize();
            VirtualContext.resetCounters();
            if (memory == null) {
                gpu.run(program, blocks, threads);
            } else {
                gpu.run(program, blocks, threads, memory);
            }
            return counters().get("kernels").get("kernel");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Stride in words; sectors of 32 bytes that 4 warps touch when they read 128 words.
        "1, 16",
        "2, 32",
        "3, 48",
        "8, 128",
        "32, 128",
        "0, 4"
    })
    void sectorsFollowTheStride(int stride, int sectors) throws IOException {
        PtxProgram program =
                PtxProgram.of(
                        "u64 memory",
                        """
                        mul.lo.u32 %%r0, %%i, %d;
                        mul.wide.u32 %%l0, %%r0, 4;
                        add.s64 %%l0, %%memory, %%l0;
                        ld.global.f32 %%f0, [%%l0];
                        """
                                .formatted(stride));
        JsonNode counters = run(program, 2, 64, 4L * 128 * 32);
        assertEquals(2, counters.get("blocks").asInt());
        assertEquals(1, counters.get("launches").asInt());
        assertEquals(128 * 4, counters.get("globalBytesRead").asInt());
        assertEquals(sectors, counters.get("globalSectorsRead").asInt());
        // Distinct bytes side by side: 128 bytes a warp, or one word for all.
        assertEquals(stride == 0 ? 4 : 16, counters.get("globalIdealSectorsRead").asInt());
        assertEquals(0, counters.get("globalBytesWritten").asInt());
        assertEquals(0, counters.get("globalSectorsWritten").asInt());
    }

    @Test
    void offsetWarpsTouchOneSectorMore() throws IOException {
        PtxProgram program =
                PtxProgram.of(
                        "u64 memory",
                        """
                        mul.wide.u32 %l0, %i, 4;
                        add.s64 %l0, %memory, %l0;
                        st.global.f32 [%l0+4], 0f00000000;
                        """);
        JsonNode counters = run(program, 1, 32, 256);
        assertEquals(128, counters.get("globalBytesWritten").asInt());
        assertEquals(5, counters.get("globalSectorsWritten").asInt());
        assertEquals(4, counters.get("globalIdealSectorsWritten").asInt());
    }

    @Test
    void vectorsCountTheirBytes() throws IOException {
        PtxProgram program =
                PtxProgram.of(
                        "u64 memory",
                        """
                        mul.wide.u32 %l0, %i, 16;
                        add.s64 %l0, %memory, %l0;
                        ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%l0];
                        st.global.v2.f32 [%l0], {%f0, %f1};
                        """);
        JsonNode counters = run(program, 1, 32, 512);
        assertEquals(512, counters.get("globalBytesRead").asInt());
        assertEquals(16, counters.get("globalSectorsRead").asInt());
        assertEquals(256, counters.get("globalBytesWritten").asInt());
        assertEquals(16, counters.get("globalSectorsWritten").asInt());
        assertEquals(8, counters.get("globalIdealSectorsWritten").asInt());
    }

    @ParameterizedTest
    @CsvSource({
        // Words between neighbouring lanes; cycles of a warp's read.
        "0, 1",
        "1, 1",
        "2, 2",
        "4, 4",
        "8, 8",
        "16, 16",
        "32, 32",
        "33, 1",
        "3, 1"
    })
    void bankConflictsFollowTheStride(int stride, int cycles) throws IOException {
        JsonNode counters = shared("ld.shared.f32 %f0, [%r1];", 4 * stride);
        assertEquals(cycles, counters.get("sharedCycles").asInt());
        assertEquals(1, counters.get("sharedIdealCycles").asInt());
        assertEquals(128, counters.get("sharedBytesRead").asInt());
    }

    @ParameterizedTest
    @CsvSource({
        // Vectors go by half-warps or quarter-warps: side by side they are free of conflicts.
        "'ld.shared.v2.f32 {%f0, %f1}, [%r1];', 8, 2, 2",
        "'ld.shared.v4.f32 {%f0, %f1, %f2, %f3}, [%r1];', 16, 4, 4",
        "'ld.shared.f64 %d0, [%r1];', 8, 2, 2",
        "'ld.shared.v4.f32 {%f0, %f1, %f2, %f3}, [%r1];', 128, 32, 4",
        "'ld.shared.v4.f32 {%f0, %f1, %f2, %f3}, [%r1];', 144, 4, 4",
        "'ld.shared.v2.f32 {%f0, %f1}, [%r1];', 128, 32, 2"
    })
    void wideAccessesTakeSeveralCycles(String load, int bytes, int cycles, int ideal)
            throws IOException {
        JsonNode counters = shared(load, bytes);
        assertEquals(cycles, counters.get("sharedCycles").asInt());
        assertEquals(ideal, counters.get("sharedIdealCycles").asInt());
    }

    /** One warp whose lanes load {@code bytes} apart; the words are written beforehand. */
    private JsonNode shared(String load, int bytes) throws IOException {
        PtxProgram fill =
                PtxProgram.of(
                        "",
                        """
                        .shared .align 16 .b8 tile[5120];
                        mov.u32 %%r0, tile;
                        mad.lo.u32 %%r1, %%t, 4, %%r0;
                        mov.u32 %%r2, 0;
                        FILL:
                        st.shared.u32 [%%r1], 0;
                        add.u32 %%r1, %%r1, 128;
                        add.u32 %%r2, %%r2, 1;
                        setp.lt.u32 %%p0, %%r2, 40;
                        @%%p0 bra FILL;
                        bar.warp.sync 0xffffffff;
                        mad.lo.u32 %%r1, %%t, %d, %%r0;
                        %s
                        """
                                .formatted(bytes, load));
        JsonNode with = run(fill, 1, 32, 0);
        // The fill itself: 40 stores of a word by each lane, one cycle each.
        ObjectNode rest = with.deepCopy();
        for (String cycles : new String[] {"sharedCycles", "sharedIdealCycles"}) {
            rest.put(cycles, with.get(cycles).asInt() - 40);
        }
        assertEquals(40 * 128, with.get("sharedBytesWritten").asInt());
        return rest;
    }

    @Test
    void instructionsAreCountedByClassWarpAndLane() throws IOException {
        PtxProgram program =
                PtxProgram.of(
                        "u64 memory",
                        """
                        mov.f32 %f0, 0f3F800000;
                        fma.rn.f32 %f0, %f0, %f0, %f0;
                        add.f32 %f0, %f0, %f0;
                        ex2.approx.f32 %f1, %f0;
                        cvt.f64.f32 %d0, %f0;
                        add.f64 %d0, %d0, %d0;
                        bar.sync 0;
                        red.global.add.u32 [%memory], 1;
                        """);
        JsonNode counters = run(program, 1, 48, 4);
        JsonNode warps = counters.get("instructions");
        JsonNode lanes = counters.get("lanes");
        assertEquals(2 * 2, warps.get("float32").asInt());
        assertEquals(2 * 48, lanes.get("float32").asInt());
        assertEquals(2, warps.get("float64").asInt());
        assertEquals(48, lanes.get("float64").asInt());
        assertEquals(2, warps.get("special").asInt());
        assertEquals(2, warps.get("conversion").asInt());
        assertEquals(1, counters.get("barriers").asInt(), "of a block");
        assertEquals(48, counters.get("atomics").asInt(), "of lanes");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "16, 1", "32, 0", "40, 1", "64, 0"})
    void divergenceCountsBranchesThatSplitAWarp(int below, int divergent) throws IOException {
        PtxProgram program =
                PtxProgram.of(
                        "",
                        """
                        setp.lt.u32 %%p0, %%t, %d;
                        @%%p0 bra SKIP;
                        mov.u32 %%r0, 1;
                        SKIP:
                        """
                                .formatted(below));
        JsonNode counters = run(program, 1, 64, 0);
        assertEquals(2, counters.get("branches").asInt());
        assertEquals(divergent, counters.get("divergentBranches").asInt());
    }

    @Test
    void callsOfTheDriverAreCounted() throws IOException {
        try (VirtualContext gpu = new VirtualContext()) {
            VirtualContext.resetCounters();
            PtxProgram program = PtxProgram.of("u64 at", "st.global.u32 [%at], 1;");
            CUdeviceptr memory = gpu.upload(new int[100]);
            gpu.run(program, 1, 1, memory);
            gpu.run(program, 1, 1, memory);
            gpu.ints(memory, 50);
            JsonNode all = counters();
            JsonNode api = all.get("api");
            assertEquals(1, api.get("allocations").asInt());
            assertEquals(400, api.get("bytesHostToDevice").asInt());
            assertEquals(200, api.get("bytesDeviceToHost").asInt());
            assertEquals(2, api.get("kernelLaunches").asInt());
            assertEquals(0, api.get("graphLaunches").asInt());
            assertEquals(2, all.get("kernels").get("kernel").get("launches").asInt());
        }
    }
}

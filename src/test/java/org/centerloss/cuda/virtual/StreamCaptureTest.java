package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work that is recorded as a graph instead of run, and what must not be called meanwhile. */
@VirtualGpu
class StreamCaptureTest {
    private static final int[] ONE = {1, 1, 1};
    private static final PtxProgram APPEND =
            PtxProgram.of(
                    "u64 value, u64 digit, u32 factor",
                    """
                    ld.global.u32 %r0, [%value];
                    ld.global.u32 %r1, [%digit];
                    mad.lo.u32 %r0, %r0, %factor, %r1;
                    st.global.u32 [%value], %r0;
                    """);

    private VirtualContext gpu;
    private CUstream stream;
    private CUfunction append;
    private CUdeviceptr value;
    private CUdeviceptr digit;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
        stream = stream();
        append = gpu.load(APPEND);
        value = gpu.zeros(4);
        digit = gpu.upload(3);
        VirtualContext.synchronize();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private static CUstream stream() {
        CUstream stream = new CUstream();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        return stream;
    }

    private void begin() {
        JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL);
    }

    private static CUgraph end(CUstream stream) {
        CUgraph graph = new CUgraph();
        JCudaDriver.cuStreamEndCapture(stream, graph);
        return graph;
    }

    private CUgraphExec instantiate(CUgraph graph) {
        CUgraphExec exec = new CUgraphExec();
        JCudaDriver.cuGraphInstantiate(exec, graph, 0);
        JCudaDriver.cuGraphDestroy(graph);
        return exec;
    }

    private void launch(int factor) {
        gpu.launch(append, ONE, ONE, 0, stream, value, digit, factor);
    }

    @Test
    void capturedWorkDoesNotRun() {
        begin();
        launch(10);
        CUgraph graph = end(stream);
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(0, gpu.ints(value, 1)[0]);
        long[] nodes = new long[1];
        JCudaDriver.cuGraphGetNodes(graph, (CUgraphNode[]) null, nodes);
        assertEquals(1, nodes[0]);
        JCudaDriver.cuGraphDestroy(graph);
    }

    @Test
    void aReplayReadsMemoryAfreshAndKeepsParametersByValue() {
        int[] factor = {10};
        begin();
        Pointer parameters = Pointer.to(Pointer.to(value), Pointer.to(digit), Pointer.to(factor));
        JCudaDriver.cuLaunchKernel(append, 1, 1, 1, 1, 1, 1, 0, stream, parameters, null);
        CUgraphExec exec = instantiate(end(stream));
        factor[0] = 1000;
        JCudaDriver.cuGraphLaunch(exec, stream);
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(3, gpu.ints(value, 1)[0]);
        JCudaDriver.cuMemcpyHtoD(digit, Pointer.to(new int[] {7}), 4);
        // The bytes are staged when the copy returns; other streams may still be ahead of it.
        VirtualContext.synchronize();
        JCudaDriver.cuGraphLaunch(exec, stream);
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(37, gpu.ints(value, 1)[0]);
        JCudaDriver.cuGraphExecDestroy(exec);
    }

    @Test
    void copiesAndMemsetsAreCaptured() {
        CUdeviceptr copy = gpu.zeros(4);
        try (PinnedCopy host = new PinnedCopy(1)) {
            begin();
            JCudaDriver.cuMemsetD32Async(value, 8, 1, stream);
            launch(10);
            JCudaDriver.cuMemcpyDtoDAsync(copy, value, 4, stream);
            host.copyFrom(copy, stream);
            CUgraphExec exec = instantiate(end(stream));
            host.values.put(0, -1);
            for (int run = 0; run < 2; run++) {
                JCudaDriver.cuGraphLaunch(exec, stream);
                JCudaDriver.cuStreamSynchronize(stream);
                assertEquals(83, host.values.get(0));
            }
            JCudaDriver.cuGraphExecDestroy(exec);
        }
    }

    @Test
    void launchesOfAGraphKeepTheirOrder() {
        begin();
        launch(10);
        launch(2);
        CUgraphExec exec = instantiate(end(stream));
        JCudaDriver.cuGraphLaunch(exec, stream);
        JCudaDriver.cuGraphLaunch(exec, stream);
        // ((0·10 + 3)·2 + 3) = 9; ((9·10 + 3)·2 + 3) = 189.
        assertEquals(189, afterSynchronising());
        JCudaDriver.cuGraphExecDestroy(exec);
    }

    private int afterSynchronising() {
        JCudaDriver.cuStreamSynchronize(stream);
        return gpu.ints(value, 1)[0];
    }

    /** A second stream joins by an event; its work runs beside, in either order. */
    @Test
    void branchesOfAGraphRunInAnyOrder() {
        CUstream branch = stream();
        CUevent fork = new CUevent();
        CUevent join = new CUevent();
        JCudaDriver.cuEventCreate(fork, 0);
        JCudaDriver.cuEventCreate(join, 0);
        begin();
        JCudaDriver.cuMemsetD32Async(value, 1, 1, stream);
        JCudaDriver.cuEventRecord(fork, stream);
        JCudaDriver.cuStreamWaitEvent(branch, fork, 0);
        launch(10);
        gpu.launch(append, ONE, ONE, 0, branch, value, digit, 2);
        JCudaDriver.cuEventRecord(join, branch);
        JCudaDriver.cuStreamWaitEvent(stream, join, 0);
        CUgraphExec exec = instantiate(end(stream));
        Set<Integer> results = new HashSet<>();
        for (int seed = 0; seed < 30; seed++) {
            VirtualContext.seed(seed);
            JCudaDriver.cuGraphLaunch(exec, stream);
            results.add(afterSynchronising());
        }
        // (1·10 + 3)·2 + 3 and (1·2 + 3)·10 + 3.
        assertEquals(Set.of(29, 53), results);
        JCudaDriver.cuGraphExecDestroy(exec);
    }

    record Illegal(String name, String status, Consumer<StreamCaptureTest> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Illegal> illegal() {
        String unsupported = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
        return Stream.of(
                new Illegal(
                        "cuStreamSynchronize",
                        unsupported,
                        t -> JCudaDriver.cuStreamSynchronize(t.stream)),
                new Illegal("cuCtxSynchronize", unsupported, t -> JCudaDriver.cuCtxSynchronize()),
                new Illegal("cuStreamQuery", unsupported, t -> JCudaDriver.cuStreamQuery(t.stream)),
                new Illegal("cuMemAlloc", unsupported, t -> t.gpu.allocate(4)),
                new Illegal("cuMemFree", unsupported, t -> JCudaDriver.cuMemFree(t.digit)),
                new Illegal("cuMemcpyDtoH", unsupported, t -> t.gpu.ints(t.value, 1)),
                new Illegal("cuMemHostAlloc", unsupported, t -> new PinnedCopy(1)),
                new Illegal(
                        "cuMemcpyHtoDAsync of pageable memory",
                        unsupported,
                        t ->
                                JCudaDriver.cuMemcpyHtoDAsync(
                                        t.value, Pointer.to(new int[1]), 4, t.stream)));
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void aCallThatIsIllegalWhileCapturingBreaksTheCapture(Illegal illegal) {
        begin();
        launch(10);
        assertEquals(illegal.status, VirtualContext.status(() -> illegal.call.accept(this)));
        int[] status = new int[1];
        JCudaDriver.cuStreamIsCapturing(stream, status);
        assertEquals(2, status[0], "invalidated");
        assertEquals(
                "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", VirtualContext.status(() -> launch(10)));
        assertEquals(
                "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", VirtualContext.status(() -> end(stream)));
        // The stream works again.
        launch(10);
        assertEquals(3, afterSynchronising());
    }

    @Test
    void capturesMustBeginAndEndInPairs() {
        CUstream other = stream();
        Map<String, Runnable> calls =
                Map.of(
                        "CUDA_ERROR_ILLEGAL_STATE", () -> end(stream),
                        "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> beginOnDefaultStream());
        calls.forEach((status, call) -> assertEquals(status, VirtualContext.status(call)));
        begin();
        assertEquals("CUDA_ERROR_ILLEGAL_STATE", VirtualContext.status(() -> end(other)));
        assertEquals("CUDA_ERROR_ILLEGAL_STATE", VirtualContext.status(this::begin));
        end(stream);
    }

    private static void beginOnDefaultStream() {
        JCudaDriver.cuStreamBeginCapture(
                new CUstream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL);
    }

    @Test
    void workOfAStreamThatDidNotJoinAgainIsRefused() {
        CUstream branch = stream();
        CUevent fork = new CUevent();
        JCudaDriver.cuEventCreate(fork, 0);
        begin();
        JCudaDriver.cuEventRecord(fork, stream);
        JCudaDriver.cuStreamWaitEvent(branch, fork, 0);
        gpu.launch(append, ONE, ONE, 0, branch, value, digit, 2);
        assertEquals(
                "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", VirtualContext.status(() -> end(stream)));
    }

    @Test
    void anEventOutsideOfTheCaptureIsRefused() {
        CUevent outside = new CUevent();
        JCudaDriver.cuEventCreate(outside, 0);
        JCudaDriver.cuEventRecord(outside, stream());
        begin();
        assertEquals(
                "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
                VirtualContext.status(() -> JCudaDriver.cuStreamWaitEvent(stream, outside, 0)));
    }

    @Test
    void aFaultOfAGraphNamesItsKernel() {
        begin();
        gpu.launch(append, ONE, ONE, 0, stream, 0L, digit, 2);
        CUgraphExec exec = instantiate(end(stream));
        JCudaDriver.cuGraphLaunch(exec, stream);
        VirtualContext.Fault fault =
                VirtualContext.fault(() -> JCudaDriver.cuStreamSynchronize(stream));
        fault.assertIs("CUDA_ERROR_ILLEGAL_ADDRESS", "kernel 'kernel'");
        assertTrue(fault.words().contains("null pointer"));
    }
}

package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import jcuda.CudaException;
import jcuda.Pointer;
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

/** Work that is queued and late, so that a missing synchronisation shows. */
@VirtualGpu
class StreamsTest {
    private static final int[] ONE = {1, 1, 1};

    /** value = 10 · value + digit, so the final value tells the order of launches. */
    private static final PtxProgram APPEND =
            PtxProgram.of(
                    "u64 value, u32 digit",
                    """
                    ld.global.u32 %r0, [%value];
                    mad.lo.u32 %r0, %r0, 10, %digit;
                    st.global.u32 [%value], %r0;
                    """);

    private VirtualContext gpu;

    @BeforeEach
    void open() {
        gpu = new VirtualContext();
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

    private static CUevent event() {
        CUevent event = new CUevent();
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING);
        return event;
    }

    @Test
    void aPinnedBufferThatIsReusedTooEarlyGivesTheLaterValue() {
        CUstream stream = stream();
        CUdeviceptr device = gpu.zeros(4);
        VirtualContext.synchronize();
        try (PinnedCopy host = new PinnedCopy(1)) {
            host.values.put(0, 1);
            host.copyTo(device, stream);
            host.values.put(0, 2);
            JCudaDriver.cuStreamSynchronize(stream);
            assertEquals(2, gpu.ints(device, 1)[0]);
        }
    }

    @Test
    void pageableMemoryIsStagedAtTheCall() {
        CUstream stream = stream();
        CUdeviceptr device = gpu.zeros(4);
        int[] host = {1};
        JCudaDriver.cuMemcpyHtoDAsync(device, Pointer.to(host), 4, stream);
        host[0] = 2;
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(1, gpu.ints(device, 1)[0]);
    }

    @Test
    void pinnedResultsAreOldBeforeSynchronising() {
        CUstream stream = stream();
        CUdeviceptr device = gpu.upload(7);
        VirtualContext.synchronize();
        try (PinnedCopy host = new PinnedCopy(1)) {
            host.values.put(0, -1);
            host.copyFrom(device, stream);
            assertEquals(-1, host.values.get(0));
            JCudaDriver.cuStreamSynchronize(stream);
            assertEquals(7, host.values.get(0));
        }
    }

    @Test
    void pinnedMemoryFreedUnderACopyIsAFault() {
        CUstream stream = stream();
        CUdeviceptr device = gpu.upload(7);
        PinnedCopy host = new PinnedCopy(1);
        host.copyFrom(device, stream);
        host.close();
        VirtualContext.fault(() -> JCudaDriver.cuStreamSynchronize(stream))
                .assertIs("CUDA_ERROR_ILLEGAL_ADDRESS", "freed before the copy ran");
    }

    @Test
    void aKernelFaultsAtTheNextSynchronisationAndNotAtTheLaunch() {
        CUstream stream = stream();
        CUfunction append = gpu.load(APPEND);
        gpu.launch(append, ONE, ONE, 0, stream, 0L, 1);
        VirtualContext.fault(() -> JCudaDriver.cuStreamSynchronize(stream))
                .assertIs("CUDA_ERROR_ILLEGAL_ADDRESS", "null pointer");
    }

    @Test
    void aStreamKeepsItsOrder() {
        CUstream stream = stream();
        CUfunction append = gpu.load(APPEND);
        CUdeviceptr value = gpu.zeros(4);
        VirtualContext.synchronize();
        for (int digit = 1; digit <= 5; digit++) {
            gpu.launch(append, ONE, ONE, 0, stream, value, digit);
        }
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(12345, gpu.ints(value, 1)[0]);
    }

    @Test
    void queriesEndInTheEnd() {
        CUstream stream = stream();
        CUevent event = event();
        CUdeviceptr value = gpu.zeros(4);
        VirtualContext.synchronize();
        gpu.launch(gpu.load(APPEND), ONE, ONE, 0, stream, value, 1);
        JCudaDriver.cuEventRecord(event, stream);
        assertEquals(
                "CUDA_ERROR_NOT_READY",
                VirtualContext.status(() -> JCudaDriver.cuEventQuery(event)));
        int queries = 1;
        while (!isDone(event)) {
            queries++;
            assertTrue(queries < 100);
        }
        JCudaDriver.cuStreamQuery(stream);
        assertEquals(1, gpu.ints(value, 1)[0]);
    }

    private static boolean isDone(CUevent event) {
        try {
            JCudaDriver.cuEventQuery(event);
            return true;
        } catch (CudaException e) {
            assertEquals("CUDA_ERROR_NOT_READY", e.getMessage());
            return false;
        }
    }

    /** Three streams append digits; with all events the order is one, whatever the seed. */
    @Test
    void eventsOrderStreamsForEverySeed() {
        assertEquals(Set.of(123), resultsOverSeeds(true, true));
    }

    @Test
    void aMissingEventShowsForSomeSeed() {
        Set<Integer> results = resultsOverSeeds(true, false);
        assertTrue(results.contains(123) && results.size() > 1, results::toString);
    }

    @Test
    void withoutEventsEveryOrderComesUp() {
        assertEquals(Set.of(123, 132, 213, 231, 312, 321), resultsOverSeeds(false, false));
    }

    private Set<Integer> resultsOverSeeds(boolean firstEvent, boolean secondEvent) {
        CUstream[] streams = {stream(), stream(), stream()};
        CUfunction append = gpu.load(APPEND);
        CUdeviceptr value = gpu.zeros(4);
        Set<Integer> results = new HashSet<>();
        for (int seed = 0; seed < 60; seed++) {
            VirtualContext.seed(seed);
            JCudaDriver.cuMemsetD32(value, 0, 1);
            VirtualContext.synchronize();
            gpu.launch(append, ONE, ONE, 0, streams[0], value, 1);
            if (firstEvent) {
                order(streams[0], streams[1]);
            }
            gpu.launch(append, ONE, ONE, 0, streams[1], value, 2);
            if (secondEvent) {
                order(streams[1], streams[2]);
            }
            gpu.launch(append, ONE, ONE, 0, streams[2], value, 3);
            VirtualContext.synchronize();
            results.add(gpu.ints(value, 1)[0]);
        }
        return results;
    }

    private static void order(CUstream earlier, CUstream later) {
        CUevent event = event();
        JCudaDriver.cuEventRecord(event, earlier);
        JCudaDriver.cuStreamWaitEvent(later, event, 0);
        JCudaDriver.cuEventDestroy(event);
    }

    /** What one stream waits for need not be all that was queued elsewhere. */
    @Test
    void synchronisingOneStreamMayLeaveAnotherBehind() {
        Set<Integer> seen = new HashSet<>();
        CUstream first = stream();
        CUstream second = stream();
        CUfunction append = gpu.load(APPEND);
        CUdeviceptr value = gpu.zeros(4);
        try (PinnedCopy host = new PinnedCopy(1)) {
            for (int seed = 0; seed < 30; seed++) {
                VirtualContext.seed(seed);
                VirtualContext.synchronize();
                JCudaDriver.cuMemsetD32(value, 0, 1);
                VirtualContext.synchronize();
                gpu.launch(append, ONE, ONE, 0, first, value, 1);
                host.copyFrom(value, second);
                JCudaDriver.cuStreamSynchronize(second);
                seen.add(host.values.get(0));
            }
        }
        assertEquals(Set.of(0, 1), seen);
    }

    @Test
    void parametersAreCopiedAtTheLaunch() {
        CUstream stream = stream();
        CUdeviceptr value = gpu.zeros(4);
        VirtualContext.synchronize();
        int[] digit = {3};
        Pointer parameters = Pointer.to(Pointer.to(value), Pointer.to(digit));
        JCudaDriver.cuLaunchKernel(gpu.load(APPEND), 1, 1, 1, 1, 1, 1, 0, stream, parameters, null);
        digit[0] = 4;
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(3, gpu.ints(value, 1)[0]);
    }
}

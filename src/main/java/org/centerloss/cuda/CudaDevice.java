package org.centerloss.cuda;

import java.util.List;
import java.util.OptionalDouble;
import org.centerloss.cuda.driver.Closing;
import org.centerloss.cuda.driver.CudaContext;
import org.centerloss.cuda.driver.CudaStopwatch;
import org.centerloss.cuda.driver.CudaStream;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Gpu;
import org.centerloss.cuda.driver.Inventory;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.driver.KernelSource;
import org.centerloss.cuda.driver.Kernels;
import org.centerloss.cuda.driver.MemoryPlan;
import org.centerloss.cuda.driver.Staging;
import org.centerloss.cuda.library.MathLibraries;
import org.centerloss.cuda.runtime.CudaCacheFlush;
import org.centerloss.cuda.runtime.CudaPeaks;
import org.centerloss.cuda.runtime.CudaProgram;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceListing;
import org.centerloss.device.DeviceSettings;
import org.centerloss.device.OpenResources;
import org.centerloss.device.Program;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;

/** An NVIDIA GPU: everything runs asynchronously on one stream of its primary context. */
public final class CudaDevice extends CudaOperations {
    private final DeviceSettings settings;
    private final Gpu gpu;
    private final CudaContext context;
    private final CudaStream stream;
    private final Staging staging;
    private final Kernels kernels;
    private final MathLibraries libraries;
    private final MemoryPlan plan;
    private final OpenResources open = new OpenResources("cuda");
    private boolean closed;

    /** A device that computes as usual. */
    public CudaDevice(int ordinal, boolean synchronous) {
        this(ordinal, DeviceSettings.USUAL.withSynchronous(synchronous));
    }

    /**
     * @param ordinal which GPU, counted from 0 as the driver does
     */
    public CudaDevice(int ordinal, DeviceSettings settings) {
        this.settings = settings;
        gpu = Gpu.open(ordinal);
        KernelSource.requirePtx();
        MathLibraries.load();
        CudaContext newContext = null;
        CudaStream newStream = null;
        Staging newStaging = null;
        try {
            newContext = new CudaContext(gpu.handle());
            newStream = new CudaStream(settings.synchronous());
            newStaging = new Staging(newStream);
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(newStream);
            closing.close(newContext);
            throw e;
        }
        context = newContext;
        stream = newStream;
        staging = newStaging;
        kernels = new Kernels(gpu, stream);
        plan = new MemoryPlan(stream);
        libraries = new MathLibraries(stream, settings.tf32());
    }

    /** Each GPU, and what keeps GPUs from working, one entry each. */
    public static List<DeviceListing> list() {
        return Inventory.list();
    }

    /**
     * The first GPU, with everything that training needs: kernels that its driver takes, cuBLAS and
     * cuDNN.
     *
     * @throws DeviceException if some of that is missing or does not work
     */
    public static CudaDevice openComplete(DeviceSettings settings) {
        CudaDevice device = new CudaDevice(0, settings);
        try {
            device.kernel(KernelFunction.SGD_STEP);
            device.libraries.cublas();
            device.libraries.cudnn();
            return device;
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(device);
            throw e;
        }
    }

    public DeviceSettings settings() {
        return settings;
    }

    public CudaStream stream() {
        return stream;
    }

    /** Copies to and from Java arrays. */
    public Staging staging() {
        checkOpen();
        return staging;
    }

    /** The kernel, loaded once for this device. */
    public Kernel kernel(KernelFunction function) {
        checkOpen();
        return kernels.get(function);
    }

    /** Takes a source file's kernels from {@code ptx} and not from this build; before their use. */
    public void replace(String module, String ptx) {
        kernels.replace(module, ptx);
    }

    /** cuBLAS and cuDNN, bound to {@link #stream}. */
    public MathLibraries libraries() {
        checkOpen();
        return libraries;
    }

    /** Memory that is allocated with all that is planned when any of it is used; not counted. */
    public DeviceMemory memory(String owner, long bytes, DeviceMemory.Content content) {
        checkOpen();
        stream.checkNotRecording("memory of " + owner);
        return new DeviceMemory(plan, owner, bytes, content);
    }

    /** Notes something that must be closed before the device. */
    public void opened(AutoCloseable resource, long bytes) {
        checkOpen();
        open.add(resource, bytes);
    }

    public void holds(long moreBytes) {
        open.grow(moreBytes);
    }

    public void closed(AutoCloseable resource, long bytes) {
        open.remove(resource, bytes);
    }

    public void checkOpen() {
        if (closed) {
            throw new DeviceException("the cuda device was closed");
        }
        checkThread();
    }

    public void checkThread() {
        context.use();
    }

    @Override
    public String name() {
        return gpu.deviceName();
    }

    @Override
    public String description() {
        return gpu.description()
                + "; "
                + MathLibraries.versions()
                + (settings.tf32() ? ", TF32" : "")
                + (settings.deterministic() ? "" : ", sums in any order");
    }

    @Override
    public boolean doublePrecision() {
        return false;
    }

    @Override
    public long liveBytes() {
        return open.bytes();
    }

    @Override
    public long freeBytes() {
        checkOpen();
        return Gpu.freeBytes();
    }

    @Override
    public void synchronize() {
        checkOpen();
        stream.checkNotRecording("synchronise");
        stream.synchronize("synchronise");
    }

    @Override
    public Program record(Runnable body) {
        checkOpen();
        // While a program is being recorded, the driver allocates nothing.
        plan.carryOut();
        return new CudaProgram(this, body);
    }

    @Override
    public Stopwatch stopwatch() {
        checkOpen();
        return new CudaStopwatch(this);
    }

    @Override
    public CacheFlush cacheFlush() {
        return new CudaCacheFlush(this, gpu.cacheBytes());
    }

    @Override
    public Peaks peaks() {
        checkOpen();
        return CudaPeaks.measure(this);
    }

    @Override
    public OptionalDouble smallestPreActivation() {
        return OptionalDouble.empty();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        checkThread();
        Closing closing = new Closing();
        open.close().ifPresent(closing::failed);
        closed = true;
        closing.close(libraries);
        closing.close(kernels);
        closing.close(staging);
        closing.close(stream);
        closing.close(context);
        closing.rethrow();
    }
}

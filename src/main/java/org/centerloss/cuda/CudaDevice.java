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
import org.centerloss.cuda.library.CublasLinear;
import org.centerloss.cuda.library.CudnnBatchNormalization;
import org.centerloss.cuda.library.CudnnConvolution;
import org.centerloss.cuda.library.MathLibraries;
import org.centerloss.cuda.op.AdditionKernel;
import org.centerloss.cuda.op.ArgMaxKernel;
import org.centerloss.cuda.op.CenterLossKernel;
import org.centerloss.cuda.op.CenterSpreadKernel;
import org.centerloss.cuda.op.CenterUpdateKernel;
import org.centerloss.cuda.op.ComposedKernels;
import org.centerloss.cuda.op.GlobalAveragePoolingKernel;
import org.centerloss.cuda.op.ImageBatchesKernel;
import org.centerloss.cuda.op.LossMeterKernel;
import org.centerloss.cuda.op.MaxPoolingKernel;
import org.centerloss.cuda.op.NaiveKernels;
import org.centerloss.cuda.op.NearestCenterKernel;
import org.centerloss.cuda.op.PairwiseRepulsionKernel;
import org.centerloss.cuda.op.PreluKernel;
import org.centerloss.cuda.op.SoftmaxCrossEntropyKernel;
import org.centerloss.cuda.optim.AdamWKernel;
import org.centerloss.cuda.optim.GradientClippingKernel;
import org.centerloss.cuda.optim.SgdKernel;
import org.centerloss.cuda.optim.StepTableKernel;
import org.centerloss.cuda.runtime.CudaCacheFlush;
import org.centerloss.cuda.runtime.CudaFlatten;
import org.centerloss.cuda.runtime.CudaImageStore;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaPeaks;
import org.centerloss.cuda.runtime.CudaProgram;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceListing;
import org.centerloss.device.DeviceSettings;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.OpenResources;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.device.op.AdamW;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Flatten;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.LossKernels;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.Prelu;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.device.op.StepTable;
import org.centerloss.device.op.Variant;

/** An NVIDIA GPU: everything runs asynchronously on one stream of its primary context. */
public final class CudaDevice implements Device {
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
    public Tensor tensor(int... shape) {
        return new CudaTensor(this, TensorForm.plain(this, shape));
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return new CudaTensor(this, TensorForm.activation(this, batch, channels, height, width));
    }

    @Override
    public IntTensor intTensor(int size) {
        return new CudaIntTensor(this, size);
    }

    @Override
    public ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width) {
        return new CudaImageStore(this, pixels, labels, channels, height, width);
    }

    @Override
    public ImageBatches imageBatches(
            ImageStore store, int batch, Augmentation augmentation, long seed) {
        return new ImageBatchesKernel(this, store, batch, augmentation, seed);
    }

    @Override
    public Convolution convolution(Convolution.Shape shape) {
        return new CudnnConvolution(this, shape);
    }

    @Override
    public BatchNormalization batchNormalization(BatchNormalization.Shape shape) {
        return new CudnnBatchNormalization(this, shape);
    }

    @Override
    public Addition addition(int batch, int channels, int height, int width) {
        return new AdditionKernel(this, batch, channels, height, width);
    }

    @Override
    public GlobalAveragePooling globalAveragePooling(
            int batch, int channels, int height, int width) {
        return new GlobalAveragePoolingKernel(this, batch, channels, height, width);
    }

    @Override
    public Flatten flatten(int batch, int channels, int height, int width) {
        return new CudaFlatten(this, batch, channels, height, width);
    }

    @Override
    public MaxPooling maxPooling(MaxPooling.Shape shape) {
        return new MaxPoolingKernel(this, shape);
    }

    @Override
    public Prelu prelu(int... shape) {
        return new PreluKernel(this, shape);
    }

    @Override
    public Linear linear(int samples, int inFeatures, int outFeatures) {
        return new CublasLinear(this, samples, inFeatures, outFeatures);
    }

    @Override
    public SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes) {
        return new SoftmaxCrossEntropyKernel(this, samples, classes);
    }

    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CenterLossKernel(this, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new PairwiseRepulsionKernel(this, samples, features, potential);
    }

    @Override
    public CenterSpread centerSpread(int classes, int features) {
        return new CenterSpreadKernel(this, classes, features);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CenterUpdateKernel(this, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new NearestCenterKernel(this, samples, features, classes);
    }

    @Override
    public ArgMax argMax(int samples, int classes) {
        return new ArgMaxKernel(this, samples, classes);
    }

    @Override
    public Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov) {
        return new SgdKernel(this, size, momentum, weightDecay, nesterov);
    }

    @Override
    public AdamW adamW(int size, AdamW.Hyperparameters hyperparameters) {
        return new AdamWKernel(this, size, hyperparameters);
    }

    @Override
    public GradientClipping gradientClipping(int size, double maxNorm) {
        return new GradientClippingKernel(this, size, maxNorm);
    }

    @Override
    public LossMeter lossMeter(int terms) {
        return new LossMeterKernel(this, terms);
    }

    @Override
    public StepTable stepTable(int capacity, int values) {
        return new StepTableKernel(this, capacity, values);
    }

    @Override
    public Program record(Runnable body) {
        checkOpen();
        // While a program is being recorded, the driver allocates nothing.
        plan.carryOut();
        return new CudaProgram(this, body);
    }

    @Override
    public LossKernels variant(Variant variant) {
        checkOpen();
        return switch (variant) {
            case FUSED -> this;
            case COMPOSED -> new ComposedKernels(this);
            case NAIVE -> new NaiveKernels(this);
        };
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

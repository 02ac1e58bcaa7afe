package org.centerloss.cpu;

import java.util.Optional;
import java.util.OptionalDouble;
import org.centerloss.cpu.distance.CpuCenterLoss;
import org.centerloss.cpu.distance.CpuCenterSpread;
import org.centerloss.cpu.distance.CpuCenterUpdate;
import org.centerloss.cpu.distance.CpuComposedKernels;
import org.centerloss.cpu.distance.CpuNaiveKernels;
import org.centerloss.cpu.distance.CpuNearestCenter;
import org.centerloss.cpu.distance.CpuPairwiseRepulsion;
import org.centerloss.cpu.onednn.CpuBatchNormalization;
import org.centerloss.cpu.onednn.CpuConvolution;
import org.centerloss.cpu.onednn.CpuFlatten;
import org.centerloss.cpu.onednn.CpuGlobalAveragePooling;
import org.centerloss.cpu.onednn.CpuLinear;
import org.centerloss.cpu.onednn.OneDnn;
import org.centerloss.cpu.op.CpuAdamW;
import org.centerloss.cpu.op.CpuAddition;
import org.centerloss.cpu.op.CpuArgMax;
import org.centerloss.cpu.op.CpuGradientClipping;
import org.centerloss.cpu.op.CpuImageBatches;
import org.centerloss.cpu.op.CpuLossMeter;
import org.centerloss.cpu.op.CpuMaxPooling;
import org.centerloss.cpu.op.CpuPrelu;
import org.centerloss.cpu.op.CpuSgd;
import org.centerloss.cpu.op.CpuSoftmaxCrossEntropy;
import org.centerloss.cpu.op.CpuStepTable;
import org.centerloss.cpu.runtime.CpuCacheFlush;
import org.centerloss.cpu.runtime.CpuImageStore;
import org.centerloss.cpu.runtime.CpuIntTensor;
import org.centerloss.cpu.runtime.CpuPeaks;
import org.centerloss.cpu.runtime.CpuProgram;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.CpuThreads;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.OpenResources;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.device.instrument.WallClock;
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

/** This machine's processor: oneDNN for the network's layers, parallel Java for the rest. */
public final class CpuDevice implements Device {
    private final CpuThreads threads;
    private final OneDnn oneDnn;

    private final OpenResources open = new OpenResources("cpu");
    private boolean closed;

    /**
     * @param threads how many threads work at a time; 0 for one per available processor
     */
    public CpuDevice(int threads) {
        if (threads < 0) {
            throw new DeviceException("cpu: threads must not be negative: " + threads);
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        oneDnn = new OneDnn(count);
        this.threads = new CpuThreads(count);
    }

    public CpuThreads threads() {
        return threads;
    }

    public OneDnn oneDnn() {
        return oneDnn;
    }

    /**
     * How many neighbouring channels of an activation are stored together. Images of up to 4
     * channels stay plain: padding them to a block would multiply their bytes.
     */
    public int channelBlock(int channels) {
        return channels <= 4 ? 1 : oneDnn.channelBlock();
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
            throw new DeviceException("the cpu device was closed");
        }
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return oneDnn.description()
                + ", "
                + threads.count()
                + (threads.count() == 1 ? " thread" : " threads");
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
        return NativeMemory.freeBytes();
    }

    @Override
    public void synchronize() {
        checkOpen();
    }

    @Override
    public Tensor tensor(int... shape) {
        return new CpuTensor(this, TensorForm.plain(this, shape));
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return new CpuTensor(this, TensorForm.activation(this, batch, channels, height, width));
    }

    @Override
    public IntTensor intTensor(int size) {
        return new CpuIntTensor(this, size);
    }

    @Override
    public ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width) {
        return new CpuImageStore(this, pixels, labels, channels, height, width);
    }

    @Override
    public ImageBatches imageBatches(
            ImageStore store, int batch, Augmentation augmentation, long seed) {
        return new CpuImageBatches(this, store, batch, augmentation, seed);
    }

    @Override
    public Convolution convolution(Convolution.Shape shape) {
        return new CpuConvolution(this, shape);
    }

    @Override
    public BatchNormalization batchNormalization(BatchNormalization.Shape shape) {
        return new CpuBatchNormalization(this, shape);
    }

    @Override
    public Addition addition(int batch, int channels, int height, int width) {
        return new CpuAddition(this, batch, channels, height, width);
    }

    @Override
    public GlobalAveragePooling globalAveragePooling(
            int batch, int channels, int height, int width) {
        return new CpuGlobalAveragePooling(this, batch, channels, height, width);
    }

    @Override
    public Flatten flatten(int batch, int channels, int height, int width) {
        return new CpuFlatten(this, batch, channels, height, width);
    }

    @Override
    public MaxPooling maxPooling(MaxPooling.Shape shape) {
        return new CpuMaxPooling(this, shape);
    }

    @Override
    public Prelu prelu(int... shape) {
        return new CpuPrelu(this, shape);
    }

    @Override
    public Linear linear(int samples, int inFeatures, int outFeatures) {
        return new CpuLinear(this, samples, inFeatures, outFeatures);
    }

    @Override
    public SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes) {
        return new CpuSoftmaxCrossEntropy(this, samples, classes);
    }

    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CpuCenterLoss(this, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new CpuPairwiseRepulsion(this, samples, features, potential);
    }

    @Override
    public CenterSpread centerSpread(int classes, int features) {
        return new CpuCenterSpread(this, classes, features);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CpuCenterUpdate(this, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new CpuNearestCenter(this, samples, features, classes);
    }

    @Override
    public ArgMax argMax(int samples, int classes) {
        return new CpuArgMax(this, samples, classes);
    }

    @Override
    public Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov) {
        return new CpuSgd(this, size, momentum, weightDecay, nesterov);
    }

    @Override
    public AdamW adamW(int size, AdamW.Hyperparameters hyperparameters) {
        return new CpuAdamW(this, size, hyperparameters);
    }

    @Override
    public GradientClipping gradientClipping(int size, double maxNorm) {
        return new CpuGradientClipping(this, size, maxNorm);
    }

    @Override
    public LossMeter lossMeter(int terms) {
        return new CpuLossMeter(this, terms);
    }

    @Override
    public StepTable stepTable(int capacity, int values) {
        return new CpuStepTable(this, capacity, values);
    }

    @Override
    public Program record(Runnable body) {
        checkOpen();
        return new CpuProgram(this, body);
    }

    @Override
    public LossKernels variant(Variant variant) {
        checkOpen();
        return switch (variant) {
            case FUSED -> this;
            case COMPOSED -> new CpuComposedKernels(this);
            case NAIVE -> new CpuNaiveKernels(this);
        };
    }

    @Override
    public Stopwatch stopwatch() {
        checkOpen();
        return new WallClock();
    }

    @Override
    public CacheFlush cacheFlush() {
        return new CpuCacheFlush(this);
    }

    @Override
    public Peaks peaks() {
        checkOpen();
        return CpuPeaks.measure(this);
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
        Optional<DeviceException> failure = open.close();
        closed = true;
        threads.close();
        oneDnn.close();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}

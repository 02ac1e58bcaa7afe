package org.centerloss.device.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.centerloss.device.AdamW;
import org.centerloss.device.Addition;
import org.centerloss.device.ArgMax;
import org.centerloss.device.Augmentation;
import org.centerloss.device.BatchNormalization;
import org.centerloss.device.CacheFlush;
import org.centerloss.device.CenterLoss;
import org.centerloss.device.CenterSpread;
import org.centerloss.device.CenterUpdate;
import org.centerloss.device.Convolution;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.GlobalAveragePooling;
import org.centerloss.device.ImageBatches;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Linear;
import org.centerloss.device.LossKernels;
import org.centerloss.device.LossMeter;
import org.centerloss.device.MaxPooling;
import org.centerloss.device.NearestCenter;
import org.centerloss.device.PairwiseRepulsion;
import org.centerloss.device.Peaks;
import org.centerloss.device.Prelu;
import org.centerloss.device.Program;
import org.centerloss.device.Sgd;
import org.centerloss.device.SoftmaxCrossEntropy;
import org.centerloss.device.StepTable;
import org.centerloss.device.Stopwatch;
import org.centerloss.device.Tensor;
import org.centerloss.device.Variant;
import org.centerloss.device.WallClock;

/** This machine's processor: oneDNN for the network's layers, parallel Java for the rest. */
public final class CpuDevice implements Device {
    private final CpuThreads threads;
    private final OneDnn oneDnn;

    /** What was made and not closed, in the order of making, with its bytes. */
    private final Map<AutoCloseable, Boolean> open = new LinkedHashMap<>();

    private long liveBytes;
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

    CpuThreads threads() {
        return threads;
    }

    OneDnn oneDnn() {
        return oneDnn;
    }

    /**
     * How many neighbouring channels of an activation are stored together. Images of up to 4
     * channels stay plain: padding them to a block would multiply their bytes.
     */
    int channelBlock(int channels) {
        return channels <= 4 ? 1 : oneDnn.channelBlock();
    }

    /** Notes something that must be closed before the device. */
    void opened(AutoCloseable resource, long bytes) {
        checkOpen();
        open.put(resource, Boolean.TRUE);
        liveBytes += bytes;
    }

    void holds(long moreBytes) {
        liveBytes += moreBytes;
    }

    void closed(AutoCloseable resource, long bytes) {
        open.remove(resource);
        liveBytes -= bytes;
    }

    void checkOpen() {
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
        return liveBytes;
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
        return new CpuTensor(this, 1, shape);
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return new CpuTensor(this, channelBlock(channels), batch, channels, height, width);
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

    /**
     * Frees everything, and throws where something had been left open, since its owner would go on
     * to use it.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        List<AutoCloseable> left = new ArrayList<>(open.keySet());
        DeviceException failure =
                left.isEmpty()
                        ? null
                        : new DeviceException(
                                "cpu: closed while %d tensors or operations were open, %d bytes"
                                        .formatted(left.size(), liveBytes));
        for (int i = left.size() - 1; i >= 0; i--) {
            try {
                left.get(i).close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        closed = true;
        threads.close();
        oneDnn.close();
        if (failure != null) {
            throw failure;
        }
    }
}

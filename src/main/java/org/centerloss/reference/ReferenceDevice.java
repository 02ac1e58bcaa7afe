package org.centerloss.reference;

import java.util.Optional;
import java.util.OptionalDouble;
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
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.Prelu;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.device.op.StepTable;

/** The float64 device that the others are measured against: plain Java, everything runs at once. */
public final class ReferenceDevice implements Device {
    private final OpenResources open = new OpenResources("reference");
    private double smallestPreActivation = Double.POSITIVE_INFINITY;
    private boolean closed;

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "reference: float64, plain Java loops, Java " + Runtime.version();
    }

    @Override
    public boolean doublePrecision() {
        return true;
    }

    @Override
    public long liveBytes() {
        return open.bytes();
    }

    @Override
    public long freeBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    @Override
    public void synchronize() {
        checkOpen();
    }

    @Override
    public Tensor tensor(int... shape) {
        return new ReferenceTensor(this, TensorForm.plain(this, shape));
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return new ReferenceTensor(
                this, TensorForm.activation(this, batch, channels, height, width));
    }

    @Override
    public IntTensor intTensor(int size) {
        return new ReferenceIntTensor(this, size);
    }

    @Override
    public ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width) {
        return new ReferenceImageStore(this, pixels, labels, channels, height, width);
    }

    @Override
    public ImageBatches imageBatches(
            ImageStore store, int batch, Augmentation augmentation, long seed) {
        return new ImageBatchesReference(this, store, batch, augmentation, seed);
    }

    @Override
    public Convolution convolution(Convolution.Shape shape) {
        return new ConvolutionReference(this, shape);
    }

    @Override
    public BatchNormalization batchNormalization(BatchNormalization.Shape shape) {
        return new BatchNormalizationReference(this, shape);
    }

    @Override
    public Addition addition(int batch, int channels, int height, int width) {
        return new AdditionReference(this, batch, channels, height, width);
    }

    @Override
    public GlobalAveragePooling globalAveragePooling(
            int batch, int channels, int height, int width) {
        return new GlobalAveragePoolingReference(this, batch, channels, height, width);
    }

    @Override
    public Flatten flatten(int batch, int channels, int height, int width) {
        return new FlattenReference(this, batch, channels, height, width);
    }

    @Override
    public MaxPooling maxPooling(MaxPooling.Shape shape) {
        return new MaxPoolingReference(this, shape);
    }

    @Override
    public Prelu prelu(int... shape) {
        return new PreluReference(this, shape);
    }

    @Override
    public Linear linear(int samples, int inFeatures, int outFeatures) {
        return new LinearReference(this, samples, inFeatures, outFeatures);
    }

    @Override
    public SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes) {
        return new SoftmaxCrossEntropyReference(this, samples, classes);
    }

    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CenterLossReference(this, samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new PairwiseRepulsionReference(this, samples, features, potential);
    }

    @Override
    public CenterSpread centerSpread(int classes, int features) {
        return new CenterSpreadReference(this, classes, features);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CenterUpdateReference(this, samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new NearestCenterReference(this, samples, features, classes);
    }

    @Override
    public ArgMax argMax(int samples, int classes) {
        return new ArgMaxReference(this, samples, classes);
    }

    @Override
    public Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov) {
        return new SgdReference(this, size, momentum, weightDecay, nesterov);
    }

    @Override
    public AdamW adamW(int size, AdamW.Hyperparameters hyperparameters) {
        return new AdamWReference(this, size, hyperparameters);
    }

    @Override
    public GradientClipping gradientClipping(int size, double maxNorm) {
        return new GradientClippingReference(this, size, maxNorm);
    }

    @Override
    public LossMeter lossMeter(int terms) {
        return new LossMeterReference(this, terms);
    }

    @Override
    public StepTable stepTable(int capacity, int values) {
        return new StepTableReference(this, capacity, values);
    }

    @Override
    public Program record(Runnable body) {
        return new ReferenceProgram(this, body);
    }

    @Override
    public Stopwatch stopwatch() {
        checkOpen();
        return new WallClock();
    }

    @Override
    public CacheFlush cacheFlush() {
        throw new DeviceException(name() + ": caches are not flushed");
    }

    @Override
    public Peaks peaks() {
        throw new DeviceException(name() + ": its loops are written to be read, and have no peaks");
    }

    /** Positive infinity where no ReLU has run since the last call. */
    @Override
    public OptionalDouble smallestPreActivation() {
        checkOpen();
        double smallest = smallestPreActivation;
        smallestPreActivation = Double.POSITIVE_INFINITY;
        return OptionalDouble.of(smallest);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        Optional<DeviceException> failure = open.close();
        closed = true;
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    void checkOpen() {
        if (closed) {
            throw new DeviceException("the reference device was closed");
        }
    }

    /** Notes something that must be closed before the device. */
    void opened(AutoCloseable resource, long bytes) {
        checkOpen();
        open.add(resource, bytes);
    }

    void closed(AutoCloseable resource, long bytes) {
        open.remove(resource, bytes);
    }

    void notePreActivation(double magnitude) {
        smallestPreActivation = Math.min(smallestPreActivation, magnitude);
    }
}

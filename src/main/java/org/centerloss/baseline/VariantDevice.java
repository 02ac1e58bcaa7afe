package org.centerloss.baseline;

import java.util.OptionalDouble;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
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
import org.centerloss.device.op.ComparedOps;
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

/**
 * A view of a device that computes the compared operations in another way, and all else as the
 * device does. Tensors and operations belong to the device, whichever of the two made them, and may
 * be used with both.
 *
 * <p>A view owns nothing and need not be closed where the device is. Closing it closes the device.
 */
public final class VariantDevice implements Device {
    private final Device device;
    private final Variant variant;
    private final ComparedOps compared;

    /**
     * @param compared of the device, in that way
     */
    public VariantDevice(Device device, Variant variant, ComparedOps compared) {
        this.device = device;
        this.variant = variant;
        this.compared = compared;
    }

    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return compared.centerLoss(samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return compared.pairwiseRepulsion(samples, features, potential);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return compared.centerUpdate(samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return compared.nearestCenter(samples, features, classes);
    }

    @Override
    public String description() {
        return device.description() + ", " + variant.key();
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public boolean doublePrecision() {
        return device.doublePrecision();
    }

    @Override
    public long liveBytes() {
        return device.liveBytes();
    }

    @Override
    public long freeBytes() {
        return device.freeBytes();
    }

    @Override
    public void synchronize() {
        device.synchronize();
    }

    @Override
    public Tensor tensor(int... shape) {
        return device.tensor(shape);
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return device.activation(batch, channels, height, width);
    }

    @Override
    public IntTensor intTensor(int size) {
        return device.intTensor(size);
    }

    @Override
    public ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width) {
        return device.imageStore(pixels, labels, channels, height, width);
    }

    @Override
    public ImageBatches imageBatches(
            ImageStore store, int batch, Augmentation augmentation, long seed) {
        return device.imageBatches(store, batch, augmentation, seed);
    }

    @Override
    public Convolution convolution(Convolution.Shape shape) {
        return device.convolution(shape);
    }

    @Override
    public BatchNormalization batchNormalization(BatchNormalization.Shape shape) {
        return device.batchNormalization(shape);
    }

    @Override
    public Addition addition(int batch, int channels, int height, int width) {
        return device.addition(batch, channels, height, width);
    }

    @Override
    public GlobalAveragePooling globalAveragePooling(
            int batch, int channels, int height, int width) {
        return device.globalAveragePooling(batch, channels, height, width);
    }

    @Override
    public Flatten flatten(int batch, int channels, int height, int width) {
        return device.flatten(batch, channels, height, width);
    }

    @Override
    public MaxPooling maxPooling(MaxPooling.Shape shape) {
        return device.maxPooling(shape);
    }

    @Override
    public Prelu prelu(int... shape) {
        return device.prelu(shape);
    }

    @Override
    public Linear linear(int samples, int inFeatures, int outFeatures) {
        return device.linear(samples, inFeatures, outFeatures);
    }

    @Override
    public SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes) {
        return device.softmaxCrossEntropy(samples, classes);
    }

    @Override
    public CenterSpread centerSpread(int classes, int features) {
        return device.centerSpread(classes, features);
    }

    @Override
    public ArgMax argMax(int samples, int classes) {
        return device.argMax(samples, classes);
    }

    @Override
    public Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov) {
        return device.sgd(size, momentum, weightDecay, nesterov);
    }

    @Override
    public AdamW adamW(int size, AdamW.Hyperparameters hyperparameters) {
        return device.adamW(size, hyperparameters);
    }

    @Override
    public GradientClipping gradientClipping(int size, double maxNorm) {
        return device.gradientClipping(size, maxNorm);
    }

    @Override
    public LossMeter lossMeter(int terms) {
        return device.lossMeter(terms);
    }

    @Override
    public StepTable stepTable(int capacity, int values) {
        return device.stepTable(capacity, values);
    }

    @Override
    public Program record(Runnable body) {
        return device.record(body);
    }

    @Override
    public Stopwatch stopwatch() {
        return device.stopwatch();
    }

    @Override
    public CacheFlush cacheFlush() {
        return device.cacheFlush();
    }

    @Override
    public Peaks peaks() {
        return device.peaks();
    }

    @Override
    public OptionalDouble smallestPreActivation() {
        return device.smallestPreActivation();
    }

    @Override
    public void close() {
        device.close();
    }
}

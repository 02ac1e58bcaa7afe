package org.centerloss.device;

import java.util.OptionalDouble;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.device.op.AdamW;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.device.op.ComparedOps;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Flatten;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.Prelu;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.device.op.StepTable;
import org.centerloss.devices.Devices;

/**
 * A place where tensors live and operations run: the program's one seam between what is computed
 * and where.
 *
 * <p>A device is a factory. Shapes are fixed when an operation is made, because cuDNN, oneDNN and
 * CUDA graphs all want that. It is driven by one thread. Tensors, operations and programs must be
 * closed before the device.
 */
public interface Device extends ComparedOps, AutoCloseable {
    /** Slices of a tensor start at multiples of this many elements. */
    int ALIGNMENT = 64;

    /** The name by which {@link Devices#open} found it: {@code cpu}, {@code reference}. */
    String name();

    /** One line for a person: library, version, instruction set, threads. */
    String description();

    /** Whether tensors hold float64 (the reference) or float32. */
    boolean doublePrecision();

    /** Bytes held by tensors, stores and operations that were made and not closed; never throws. */
    long liveBytes();

    /** Bytes that could be had now; other programs take their part at any time. */
    long freeBytes();

    /** Waits until everything queued has run. */
    void synchronize();

    /** A tensor in plain row-major layout, zeroed. */
    Tensor tensor(int... shape);

    /**
     * A tensor of images or feature maps in the layout that the device's convolutions like, zeroed.
     */
    Tensor activation(int batch, int channels, int height, int width);

    /** A vector of integers, zeroed. */
    IntTensor intTensor(int size);

    /**
     * Images resident on the device. The arrays are not changed and may be used in place.
     *
     * @param pixels [count, channels, height, width] unsigned bytes
     * @param labels [count]
     */
    ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width);

    ImageBatches imageBatches(ImageStore store, int batch, Augmentation augmentation, long seed);

    Convolution convolution(Convolution.Shape shape);

    BatchNormalization batchNormalization(BatchNormalization.Shape shape);

    Addition addition(int batch, int channels, int height, int width);

    GlobalAveragePooling globalAveragePooling(int batch, int channels, int height, int width);

    Flatten flatten(int batch, int channels, int height, int width);

    MaxPooling maxPooling(MaxPooling.Shape shape);

    /** For x of this shape: 4 sizes for an activation, 2 for a plain tensor. */
    Prelu prelu(int... shape);

    Linear linear(int samples, int inFeatures, int outFeatures);

    SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes);

    CenterSpread centerSpread(int classes, int features);

    ArgMax argMax(int samples, int classes);

    Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov);

    AdamW adamW(int size, AdamW.Hyperparameters hyperparameters);

    GradientClipping gradientClipping(int size, double maxNorm);

    /**
     * @param terms 1 to {@link LossMeter#MOST_TERMS}
     */
    LossMeter lossMeter(int terms);

    /**
     * A table of values that change from step to step.
     *
     * @param capacity the most rows that it can hold, such as the steps of an epoch
     * @param values values of a row
     */
    StepTable stepTable(int capacity, int values);

    /**
     * Records what {@code body} runs on this device, for running it again with the same tensors.
     * Recording runs nothing; the body may hold operations, {@link Tensor#zero} and {@link
     * Tensor#copyFrom}, and no transfer to or from the host.
     */
    Program record(Runnable body);

    /** Times this device's work. To be closed before the device. */
    Stopwatch stopwatch();

    /** Empties this device's caches. */
    CacheFlush cacheFlush();

    /**
     * Measures what this device can do at most; takes a second or two. Throws {@link
     * DeviceException} where speed means nothing, as on the reference.
     */
    Peaks peaks();

    /**
     * The smallest magnitude that any ReLU of a training pass has seen at its input since the last
     * call: how far float32 and float64 are from disagreeing about a sign. Max pooling counts as
     * one, max(a, b) = b + relu(a − b), whose input is the gap between a window's largest element
     * and the largest that is smaller; equal ones are no danger, since all devices take the first.
     * Empty where the device does not keep track; only the reference does.
     */
    OptionalDouble smallestPreActivation();

    /**
     * Frees everything, and ends the device; idempotent. What was made on it and not closed is
     * closed with it, the newest first, so that {@link #liveBytes} is 0 afterwards, and then {@link
     * DeviceException} is thrown, which says how many there were, since their owner would go on to
     * use them.
     */
    @Override
    void close();
}

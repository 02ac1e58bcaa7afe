package org.centerloss.cuda.op;

import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;

/**
 * Samples in the order of their labels, and how kernels share out the classes: {@code
 * kernels/class_order.cu} and {@code kernels/class_chunks.cuh}.
 */
final class SamplesByClass {
    private static final int THREADS = 256;
    private static final int WARP_SIZE = 32;
    private static final int WARPS = THREADS / WARP_SIZE;
    private static final int SAMPLES_PER_BLOCK = 32;

    /** Features of one lane. */
    private static final int COLUMNS = 4;

    /** Smaller ones spread a class over more warps, larger ones move fewer sums. */
    private static final int SMALLEST_CHUNK = 8;

    private static final int ENTRY_BYTES = 4 * Integer.BYTES;

    private final Kernel classOrder;
    private final int samples;
    private final int features;
    private final int width;
    private final int chunk;
    private final DeviceMemory order;
    private final DeviceMemory sums;

    /**
     * @param op owns the memory
     */
    SamplesByClass(CudaOp op, int samples, int features) {
        this.samples = samples;
        this.features = features;
        width = features >= WARP_SIZE ? WARP_SIZE : powerOfTwoFrom(features);
        chunk = Math.max(SMALLEST_CHUNK, WARP_SIZE / width);
        classOrder = op.kernel(KernelFunction.CLASS_ORDER);
        order = op.workspace((long) ENTRY_BYTES * samples);
        sums =
                severalChunks()
                        ? op.workspace(2L * Grid.blocks(samples, chunk) * features * Float.BYTES)
                        : null;
    }

    private static int powerOfTwoFrom(int number) {
        return number == 1 ? 1 : 2 * Integer.highestOneBit(number - 1);
    }

    /** Sorts; the kernels that use the order come after. */
    void sort(CudaIntTensor labels) {
        classOrder.launch(
                Grid.of(Grid.blocks(samples, SAMPLES_PER_BLOCK), THREADS), labels, samples, order);
    }

    /** For each position of the order: sample, first position and end of its class, label. */
    DeviceMemory order() {
        return order;
    }

    /** A row for each chunk of classes that have several; null where no class can. */
    DeviceMemory sums() {
        return sums;
    }

    /** Lanes along the features. */
    int width() {
        return width;
    }

    /** The most samples that one warp adds up. */
    int chunk() {
        return chunk;
    }

    /** Whether a class may have several chunks, whose sums a second kernel must add. */
    boolean severalChunks() {
        return samples > chunk;
    }

    /** Groups of features that warps take one after the other or side by side. */
    int slices() {
        return Grid.blocks(features, COLUMNS * width);
    }

    /** A warp for each position and for each of {@code slices}. */
    Grid chunks(int slices) {
        return Grid.of(Grid.blocks(samples, WARPS), slices, THREADS);
    }

    /** For the kernels that add the sums of chunks. */
    Grid classSums() {
        return Grid.of(Grid.blocks(samples, chunk), Grid.blocks(features, WARP_SIZE), THREADS);
    }
}

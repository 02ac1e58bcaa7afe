package org.centerloss.cpu.runtime;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.CpuProduct;
import org.centerloss.device.instrument.Peaks;

/**
 * Measures what the processor can do at most, on all threads: a copy by the C library, and oneDNN's
 * product of two matrices that stay in the cache, which is as near to the rate of multiply-adds as
 * code comes that was not written for this processor.
 */
public final class CpuPeaks extends CpuOp {
    private static final int SIDE = 1024;

    /** 512 MB with source and target, which no cache holds. */
    private static final int COPIED_BYTES = 1 << 28;

    private static final int TASKS_PER_THREAD = 4;
    private static final int RUNS = 8;
    private static final double NANOSECONDS_PER_SECOND = 1e9;

    private final NativeMemory from = memory(COPIED_BYTES);
    private final NativeMemory to = memory(COPIED_BYTES);
    private final CpuProduct product = new CpuProduct(this, SIDE, SIDE, SIDE, false, false);
    private final int tasks;
    private final IntConsumer copyPart = this::copyPart;

    private CpuPeaks(CpuDevice device) {
        super(device, "peaks");
        tasks = TASKS_PER_THREAD * device.threads().count();
    }

    public static Peaks measure(CpuDevice device) {
        try (CpuPeaks peaks = new CpuPeaks(device)) {
            return new Peaks(peaks.bytesPerSecond(), peaks.flopsPerSecond());
        }
    }

    private double bytesPerSecond() {
        return 2.0 * COPIED_BYTES / fastestSeconds(() -> device.threads().run(tasks, copyPart));
    }

    private void copyPart(int task) {
        long numbers = COPIED_BYTES / Float.BYTES;
        long start = task * numbers / tasks;
        long end = (task + 1) * numbers / tasks;
        try (Pointer source = new FloatPointer(from.pointer()).position(start);
                Pointer target = new FloatPointer(to.pointer()).position(start)) {
            Pointer.memcpy(target, source, Float.BYTES * (end - start));
        }
    }

    private double flopsPerSecond() {
        float[] ones = new float[2 * SIDE * SIDE];
        Arrays.fill(ones, 1f);
        from.floats().put(0, ones);
        FloatPointer b = new FloatPointer(from.pointer()).position(SIDE * SIDE);
        double seconds = fastestSeconds(() -> product.run(from.pointer(), b, to.pointer()));
        return 2.0 * SIDE * SIDE * SIDE / seconds;
    }

    /** Of several, the first of which finds the memory untouched and the code cold. */
    private static double fastestSeconds(Runnable work) {
        double fastest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            work.run();
            fastest = Math.min(fastest, (System.nanoTime() - start) / NANOSECONDS_PER_SECOND);
        }
        return fastest;
    }
}

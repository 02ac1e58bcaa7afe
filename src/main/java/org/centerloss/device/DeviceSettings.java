package org.centerloss.device;

import java.util.function.Consumer;

/**
 * How a device computes.
 *
 * @param threads worker threads of the CPU device; 0 for one per available processor
 * @param synchronous whether a GPU waits for and checks every call, so that a failure names its
 *     kernel; slow
 * @param tf32 whether a GPU may round the factors of products and convolutions to TF32, which keeps
 *     10 bits of a fraction
 * @param deterministic whether a GPU adds in a fixed order, so that the same seed gives the same
 *     bits
 * @param notes gets lines for a person: which device {@code auto} took and, in a few words, why
 * @param details gets more such lines: all that keeps {@code auto} from a GPU, which algorithm each
 *     convolution runs with
 */
public record DeviceSettings(
        int threads,
        boolean synchronous,
        boolean tf32,
        boolean deterministic,
        Consumer<String> notes,
        Consumer<String> details) {
    /** Exact and silent, on every processor. */
    public static final DeviceSettings USUAL =
            new DeviceSettings(0, false, false, true, line -> {}, line -> {});

    public DeviceSettings withThreads(int count) {
        return new DeviceSettings(count, synchronous, tf32, deterministic, notes, details);
    }

    public DeviceSettings withSynchronous(boolean wait) {
        return new DeviceSettings(threads, wait, tf32, deterministic, notes, details);
    }
}

package org.centerloss.device.instrument;

/** The stopwatch of a device on which work has run when its call returns. */
public final class WallClock implements Stopwatch {
    private static final double NANOSECONDS_PER_MILLISECOND = 1e6;

    private long start;
    private long stop;

    @Override
    public void start() {
        start = System.nanoTime();
    }

    @Override
    public void stop() {
        stop = System.nanoTime();
    }

    @Override
    public double milliseconds() {
        return (stop - start) / NANOSECONDS_PER_MILLISECOND;
    }

    @Override
    public void close() {}
}

package org.centerloss.device.instrument;

/**
 * Times what a device runs between two moments: with events in its stream on a GPU, with the wall
 * clock elsewhere. It can be started again.
 */
public interface Stopwatch extends AutoCloseable {
    /** Marks the beginning: after what is queued now. */
    void start();

    /** Marks the end: after what is queued now. */
    void stop();

    /** Waits until the end is reached; the milliseconds from {@link #start} to there. */
    double milliseconds();

    @Override
    void close();
}

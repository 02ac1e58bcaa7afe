package org.centerloss.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.centerloss.base.ShutdownHook;

/**
 * Turns Ctrl-C (SIGINT), a polite kill (SIGTERM) and an output that nobody reads any more into a
 * request that the training loop polls, and holds the JVM's shutdown back until the loop has saved.
 * The JVM then exits with 130, 143 or {@link StandardStream#READER_GONE}.
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final ShutdownHook hook = new ShutdownHook(this::holdShutdown);
    private volatile boolean requested = ShutdownHook.hasBegun();

    private void holdShutdown() {
        requested = true;
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    /** Lets a shutdown go on: everything is saved. */
    @Override
    public void close() {
        done.countDown();
        hook.close();
    }
}

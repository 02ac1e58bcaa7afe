package org.centerloss.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C (SIGINT), a polite kill (SIGTERM) and an output that nobody reads any more into a
 * request that the training loop polls, and holds the JVM's shutdown back until the loop has saved.
 * The JVM then exits with 130, 143 or {@link StandardStream#READER_GONE}.
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::holdShutdown, "stop-signal");
    private volatile boolean requested;

    public StopSignal() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun before.
            requested = true;
        }
    }

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
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The shutdown has just begun; the hook ends by itself.
                requested = true;
            }
        }
    }
}

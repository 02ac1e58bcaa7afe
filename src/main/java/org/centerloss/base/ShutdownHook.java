package org.centerloss.base;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Work for the end of the JVM, which a signal may bring about: of several, what was asked for last
 * is done first, one after the other. Once the end has begun, nothing more is asked for.
 */
public final class ShutdownHook implements AutoCloseable {
    private static final Deque<ShutdownHook> HOOKS = new ArrayDeque<>();
    private static boolean begun;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(ShutdownHook::runAll, "shutdown"));
        } catch (IllegalStateException e) {
            begun = true;
        }
    }

    private final Runnable work;

    public ShutdownHook(Runnable work) {
        this.work = work;
        synchronized (HOOKS) {
            if (!begun) {
                HOOKS.push(this);
            }
        }
    }

    /** Whether the end of the JVM has begun. */
    public static boolean hasBegun() {
        synchronized (HOOKS) {
            return begun;
        }
    }

    private static ShutdownHook next() {
        synchronized (HOOKS) {
            begun = true;
            return HOOKS.poll();
        }
    }

    private static void runAll() {
        for (ShutdownHook next = next(); next != null; next = next()) {
            next.work.run();
        }
    }

    /** Lets the JVM end without this work. */
    @Override
    public void close() {
        synchronized (HOOKS) {
            HOOKS.remove(this);
        }
    }
}

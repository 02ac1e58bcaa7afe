package org.centerloss.cpu.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed set of threads that run numbered tasks together with the caller. Running allocates
 * nothing.
 *
 * <p>Which thread takes which task varies. Results are the same bits in every run as long as a task
 * writes only what belongs to its number, and sums over tasks are taken in order afterwards.
 */
public final class CpuThreads implements AutoCloseable {
    private static final int SPINS = 1000;

    /** Operations of about 20 µs, which is what it takes to wake a thread. */
    private static final long WORTHWHILE = 1 << 15;

    private final Thread[] workers;

    /**
     * The round in the upper half, the number of tasks not yet taken in the lower half. The body is
     * replaced only when a round's tasks have all ended, so a thread that takes a task by comparing
     * and setting this word has the body of the task's own round.
     */
    private final AtomicLong ticket = new AtomicLong();

    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile IntConsumer body;
    private volatile Throwable failure;
    private volatile boolean closed;

    /**
     * @param threads how many threads work on a round, the caller included
     */
    public CpuThreads(int threads) {
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Thread(this::work, "cpu-device-" + (i + 1));
            workers[i].setDaemon(true);
            workers[i].start();
        }
    }

    public int count() {
        return workers.length + 1;
    }

    /**
     * How many tasks a piece of work is worth: a few for each thread, but none so small that
     * handing it over takes longer than doing it.
     *
     * @param most the number of parts that the work can be cut into
     * @param operations an estimate of its arithmetic operations, loads and stores
     */
    public int tasks(int most, long operations) {
        return (int) Math.max(1, Math.min(Math.min(most, 4L * count()), operations / WORTHWHILE));
    }

    /** Runs body(0) … body(tasks − 1), in any order, and returns when all have ended. */
    public void run(int tasks, IntConsumer newBody) {
        if (workers.length == 0 || tasks <= 1) {
            for (int i = 0; i < tasks; i++) {
                newBody.accept(i);
            }
            return;
        }
        body = newBody;
        failure = null;
        unfinished.set(tasks);
        long round = (ticket.get() >>> 32) + 1;
        ticket.set(round << 32 | tasks);
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        takeTasks();
        for (int spins = 0; unfinished.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        body = null;
        if (failure instanceof Error) {
            throw (Error) failure;
        }
        if (failure instanceof RuntimeException) {
            throw (RuntimeException) failure;
        }
    }

    private void takeTasks() {
        while (true) {
            long seen = ticket.get();
            IntConsumer seenBody = body;
            int left = (int) seen;
            if (left == 0) {
                return;
            }
            if (ticket.compareAndSet(seen, seen - 1)) {
                try {
                    seenBody.accept(left - 1);
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    unfinished.decrementAndGet();
                }
            }
        }
    }

    private void work() {
        while (!closed) {
            takeTasks();
            if ((int) ticket.get() == 0 && !closed) {
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }
}

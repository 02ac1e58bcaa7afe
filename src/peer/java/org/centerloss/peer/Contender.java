package org.centerloss.peer;

import java.util.Map;

/** An implementation that takes part. Its constructor takes the number of threads. */
interface Contender extends AutoCloseable {
    /** Allocates and plans {@code workload}. */
    Task plan(Workload workload);

    @Override
    void close();

    /** A planned workload. */
    interface Task extends AutoCloseable {
        /** Does it once and waits for the result. */
        void run();

        /** Numbers that every contender must agree on, after {@link #run}. */
        Map<String, Double> results();

        @Override
        void close();
    }

    /** The Euclidean length of a gradient. */
    static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}

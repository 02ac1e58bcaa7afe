package org.centerloss.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.StatUtils;

/**
 * One contender's figures for one workload, taken in a process of its own.
 *
 * @param seconds median time of a run
 * @param bytes how far resident memory rose above the idle program's in the first runs, libraries
 *     loaded and warm
 * @param results what every contender must agree on
 */
record Measurement(double seconds, long bytes, Map<String, Double> results) {
    private static final int SMALL_BATCH = 16;
    private static final int FEWEST_RUNS = 10;
    private static final long WARM_UP_NANOSECONDS = 500_000_000L;
    private static final long MEASURED_NANOSECONDS = 2_000_000_000L;

    /** Arguments: contender's class, threads, kind, batch, features. Prints one line of JSON. */
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        Workload workload =
                new Workload(
                        Workload.Kind.valueOf(args[2]),
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]));
        Constructor<?> constructor = Class.forName(args[0]).getDeclaredConstructor(int.class);
        try (Contender contender = (Contender) constructor.newInstance(Integer.parseInt(args[1]))) {
            Measurement measurement =
                    of(contender, workload, WARM_UP_NANOSECONDS, MEASURED_NANOSECONDS);
            System.out.println(new ObjectMapper().writeValueAsString(measurement));
        }
    }

    /** Warms up on a small batch, so that libraries and code are in place, then measures. */
    static Measurement of(
            Contender contender, Workload workload, long warmUpNanoseconds, long nanoseconds) {
        try (Contender.Task small =
                contender.plan(workload.withBatch(Math.min(SMALL_BATCH, workload.batch())))) {
            repeat(small, warmUpNanoseconds);
        }
        ResidentMemory memory = new ResidentMemory();
        try (Contender.Task task = contender.plan(workload)) {
            repeat(task, 0);
            // Before the virtual machine's compiler and heap grow with the number of runs.
            long bytes = memory.peak();
            repeat(task, warmUpNanoseconds);
            double[] seconds = repeat(task, nanoseconds);
            return new Measurement(StatUtils.percentile(seconds, 50), bytes, task.results());
        }
    }

    /** Runs for so long, and often enough for a median; the seconds of each run. */
    private static double[] repeat(Contender.Task task, long nanoseconds) {
        DoubleStream.Builder seconds = DoubleStream.builder();
        long start = System.nanoTime();
        long begin = start;
        for (int runs = 0; runs < FEWEST_RUNS || begin - start < nanoseconds; runs++) {
            task.run();
            long end = System.nanoTime();
            seconds.add((end - begin) / 1e9);
            begin = end;
        }
        return seconds.build().toArray();
    }
}

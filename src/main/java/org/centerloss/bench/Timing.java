package org.centerloss.bench;

import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Repeated times of the same thing, in one process or in several.
 *
 * @param median in seconds, as are p20 and p80, the bounds of the middle three fifths; of several
 *     processes the median of each
 * @param processMedians the median of each process
 */
public record Timing(
        double median, double p20, double p80, int repetitions, List<Double> processMedians) {
    public Timing {
        processMedians = List.copyOf(processMedians);
    }

    public static Timing of(double[] seconds) {
        double median = StatUtils.percentile(seconds, 50);
        return new Timing(
                median,
                StatUtils.percentile(seconds, 20),
                StatUtils.percentile(seconds, 80),
                seconds.length,
                List.of(median));
    }

    /** One timing from those of several processes. */
    public static Timing of(List<Timing> processes) {
        List<Double> medians =
                processes.stream().flatMap(one -> one.processMedians().stream()).toList();
        return new Timing(
                StatUtils.percentile(medians.stream().mapToDouble(m -> m).toArray(), 50),
                median(processes, Timing::p20),
                median(processes, Timing::p80),
                processes.stream().mapToInt(Timing::repetitions).sum(),
                medians);
    }

    private static double median(List<Timing> processes, ToDoubleFunction<Timing> value) {
        return StatUtils.percentile(processes.stream().mapToDouble(value).toArray(), 50);
    }

    /**
     * How far times spread, relative to the median: the middle three fifths within a process, or
     * the medians of the processes, whichever is more.
     */
    public double noise() {
        double between = Collections.max(processMedians) - Collections.min(processMedians);
        return Math.max(p80 - p20, between) / median;
    }
}

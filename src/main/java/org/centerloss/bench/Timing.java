package org.centerloss.bench;

import org.apache.commons.math3.stat.StatUtils;

/**
 * Repeated times of the same thing.
 *
 * @param median in seconds, as are p20 and p80, the bounds of the middle three fifths
 */
public record Timing(double median, double p20, double p80, int repetitions) {
    static Timing of(double[] seconds) {
        return new Timing(
                StatUtils.percentile(seconds, 50),
                StatUtils.percentile(seconds, 20),
                StatUtils.percentile(seconds, 80),
                seconds.length);
    }

    /** How far the middle three fifths spread, relative to the median. */
    public double noise() {
        return (p80 - p20) / median;
    }
}

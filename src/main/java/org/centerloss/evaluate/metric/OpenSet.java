package org.centerloss.evaluate.metric;

import java.util.Arrays;

/** How well a score tells samples of known classes from samples of classes never seen. */
public final class OpenSet {
    private OpenSet() {}

    /**
     * The area under the ROC: the probability that a known sample scores lower than an unknown one,
     * where a tie counts one half.
     *
     * @param known scores of samples of known classes, at least one, none of them NaN
     * @param unknown scores of samples of other classes, likewise
     */
    public static double areaUnderRoc(double[] known, double[] unknown) {
        double[] low = known.clone();
        double[] high = unknown.clone();
        Arrays.sort(low);
        Arrays.sort(high);
        return new RocWalk(low, high).areaUnderRoc();
    }
}

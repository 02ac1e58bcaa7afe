package org.centerloss.evaluate.metric;

import java.util.List;

/**
 * How well the distance of two samples tells whether they are of one class: a pair is accepted
 * where its Euclidean distance is at most a threshold. The false accept rate (FAR) is the share of
 * accepted pairs among those of two classes, the true accept rate (TAR) among those of one; the ROC
 * is TAR over FAR for every threshold, with a slanting segment where pairs of both kinds lie at the
 * same distance.
 *
 * @param samePairs number of pairs of one class
 * @param differentPairs number of pairs of two classes
 * @param sameMeasured how many of these were measured: all, or a seeded sample
 * @param differentMeasured likewise
 * @param areaUnderRoc the probability that a pair of one class lies nearer than a pair of two,
 *     where a tie counts one half
 * @param equalErrorRate FAR where the ROC meets FAR = 1 − TAR
 * @param trueAcceptRates for each false accept rate asked for
 * @param roc the ROC from (0, 0) to (1, 1), thinned to points that are at least 0.002 apart in FAR
 *     and TAR together
 */
public record PairVerification(
        long samePairs,
        long differentPairs,
        int sameMeasured,
        int differentMeasured,
        double areaUnderRoc,
        double equalErrorRate,
        List<TarAtFar> trueAcceptRates,
        List<RocPoint> roc) {

    /** So many pairs are measured one and all: those of 10,000 samples. They take 400 MB. */
    public static final int MOST_PAIRS = 50_000_000;

    /** The false accept rates at which the true accept rate is told. */
    public static final List<Double> FALSE_ACCEPT_RATES = List.of(0.1, 0.01, 0.001, 0.0001);

    /**
     * The highest true accept rate of all thresholds whose false accept rate is at most {@code
     * falseAcceptRate}; null where there are not enough pairs of two classes for a single false
     * accept at that rate.
     */
    public record TarAtFar(double falseAcceptRate, Double trueAcceptRate) {}

    /**
     * A threshold with its rates; of the first point, which accepts nothing, the threshold is 0.
     */
    public record RocPoint(double distance, double falseAcceptRate, double trueAcceptRate) {}

    /**
     * Measures it over all pairs, or a seeded sample of more than {@link #MOST_PAIRS}; null where
     * there are no pairs of one class, or none of two.
     */
    public static PairVerification of(Samples samples, long seed) {
        return of(PairDistances.of(samples, MOST_PAIRS, seed));
    }

    static PairVerification of(PairDistances pairs) {
        if (pairs.same().length == 0 || pairs.different().length == 0) {
            return null;
        }
        RocWalk walk = new RocWalk(pairs.same(), pairs.different());
        return new PairVerification(
                pairs.samePairs(),
                pairs.differentPairs(),
                pairs.same().length,
                pairs.different().length,
                walk.areaUnderRoc(),
                walk.equalErrorRate(),
                walk.trueAcceptRates(),
                walk.points());
    }
}

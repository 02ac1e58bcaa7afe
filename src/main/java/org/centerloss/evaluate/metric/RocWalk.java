package org.centerloss.evaluate.metric;

import static org.centerloss.evaluate.metric.PairVerification.FALSE_ACCEPT_RATES;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.evaluate.metric.PairVerification.RocPoint;
import org.centerloss.evaluate.metric.PairVerification.TarAtFar;

/** Goes along the ROC from the strictest threshold to the loosest, and takes its figures. */
final class RocWalk {
    private static final double STEP = 0.002;

    private final double[] same;
    private final double[] different;
    private final long[] trueAcceptsAtRate = new long[FALSE_ACCEPT_RATES.size()];
    private final List<RocPoint> points = new ArrayList<>();

    /** Over all pairs of pairs: 2 where that of one class is nearer, 1 for a tie. */
    private long inOrder;

    private double equalErrorRate;

    /**
     * @param same squared distances of pairs of one class, ascending, at least one
     * @param different squared distances of pairs of two classes, ascending, at least one
     */
    RocWalk(double[] same, double[] different) {
        this.same = same;
        this.different = different;
        points.add(new RocPoint(0, 0, 0));
        int s = 0;
        int d = 0;
        while (s < same.length || d < different.length) {
            double squared = Math.min(at(same, s), at(different, d));
            int sEnd = end(same, s, squared);
            int dEnd = end(different, d, squared);
            inOrder += (dEnd - d) * ((long) s + sEnd);
            accept(sEnd, dEnd);
            crossEqualErrors(s, d, sEnd, dEnd);
            RocPoint last = points.get(points.size() - 1);
            double way = far(dEnd) - last.falseAcceptRate() + tar(sEnd) - last.trueAcceptRate();
            s = sEnd;
            d = dEnd;
            if (way >= STEP || s == same.length && d == different.length) {
                points.add(new RocPoint(Math.sqrt(squared), far(d), tar(s)));
            }
        }
    }

    private double far(int accepted) {
        return (double) accepted / different.length;
    }

    private double tar(int accepted) {
        return (double) accepted / same.length;
    }

    private void accept(int trueAccepts, int falseAccepts) {
        for (int rate = 0; rate < trueAcceptsAtRate.length; rate++) {
            if (falseAccepts * pairsToAnAccept(rate) <= different.length) {
                trueAcceptsAtRate[rate] = trueAccepts;
            }
        }
    }

    /** A false accept rate as a whole number of pairs, with which counts compare exactly. */
    private static long pairsToAnAccept(int rate) {
        return Math.round(1 / FALSE_ACCEPT_RATES.get(rate));
    }

    /** Where the segment of the ROC meets FAR = 1 − TAR, if it does so first. */
    private void crossEqualErrors(int s, int d, int sEnd, int dEnd) {
        double before = far(d) + tar(s);
        double after = far(dEnd) + tar(sEnd);
        if (before < 1 && after >= 1) {
            double way = (1 - before) / (after - before);
            equalErrorRate = far(d) + way * (far(dEnd) - far(d));
        }
    }

    private static double at(double[] sorted, int index) {
        return index < sorted.length ? sorted[index] : Double.POSITIVE_INFINITY;
    }

    /** The index after the last of the values from {@code start} on that equal {@code value}. */
    private static int end(double[] sorted, int start, double value) {
        int end = start;
        while (end < sorted.length && sorted[end] == value) {
            end++;
        }
        return end;
    }

    double areaUnderRoc() {
        return inOrder / (2.0 * same.length * different.length);
    }

    double equalErrorRate() {
        return equalErrorRate;
    }

    List<TarAtFar> trueAcceptRates() {
        List<TarAtFar> rates = new ArrayList<>();
        for (int rate = 0; rate < trueAcceptsAtRate.length; rate++) {
            boolean measurable = different.length >= pairsToAnAccept(rate);
            double tar = (double) trueAcceptsAtRate[rate] / same.length;
            rates.add(new TarAtFar(FALSE_ACCEPT_RATES.get(rate), measurable ? tar : null));
        }
        return rates;
    }

    List<RocPoint> points() {
        return List.copyOf(points);
    }
}

package org.centerloss.evaluate.metric;

import java.util.Arrays;

/**
 * How compact and how far apart the classes are: the mean silhouette over the samples. The
 * silhouette of a sample is (b − a) / max(a, b), with a its mean Euclidean distance to the others
 * of its class and b the smallest mean distance to another class; 0 for a sample that is alone in
 * its class, and where a and b are both 0. Between −1 and 1.
 *
 * <p>Source: Rousseeuw: Silhouettes, Journal of Computational and Applied Mathematics 20 (1987).
 */
public final class Silhouette {
    private Silhouette() {}

    /**
     * Measures it in O(n² · dimension); null where there are fewer than two classes, or no class
     * with two samples.
     */
    public static Double of(Samples samples) {
        if (samples.classCount() < 2 || samples.classCount() == samples.count()) {
            return null;
        }
        double[] silhouettes = new double[samples.count()];
        new DistanceRows(samples)
                .forEach(
                        () -> {
                            double[] sums = new double[samples.classCount()];
                            return (i, squared) -> silhouettes[i] = of(samples, i, squared, sums);
                        });
        double sum = 0;
        for (double silhouette : silhouettes) {
            sum += silhouette;
        }
        return sum / silhouettes.length;
    }

    private static double of(Samples samples, int i, double[] squared, double[] sums) {
        int own = samples.classOf(i);
        if (samples.size(own) == 1) {
            return 0;
        }
        Arrays.fill(sums, 0);
        for (int j = 0; j < squared.length; j++) {
            sums[samples.classOf(j)] += Math.sqrt(squared[j]);
        }
        double inside = sums[own] / (samples.size(own) - 1);
        double outside = Double.POSITIVE_INFINITY;
        for (int c = 0; c < sums.length; c++) {
            if (c != own) {
                outside = Math.min(outside, sums[c] / samples.size(c));
            }
        }
        double larger = Math.max(inside, outside);
        return larger == 0 ? 0 : (outside - inside) / larger;
    }
}

package org.centerloss.evaluate;

import java.util.Arrays;

/**
 * Where an image counts as one of the known classes: within a ball around the center of any class.
 *
 * @param centers [class][feature]; NaN for a class that has none
 * @param radii [class], Euclidean
 */
public record KnownRegion(double[][] centers, double[] radii) {

    /** Balls of one size. */
    public static KnownRegion of(double[][] centers, double radius) {
        double[] radii = new double[centers.length];
        Arrays.fill(radii, radius);
        return new KnownRegion(centers, radii);
    }

    /** Whether a sample lies within; never where its features are no numbers. */
    public boolean contains(Embeddings embeddings, int sample) {
        for (int c = 0; c < centers.length; c++) {
            if (embeddings.distance(sample, centers[c]) <= radii[c]) {
                return true;
            }
        }
        return false;
    }

    /** The share of samples that lie outside. */
    public double unknownShare(Embeddings embeddings) {
        int unknown = 0;
        for (int i = 0; i < embeddings.count(); i++) {
            unknown += contains(embeddings, i) ? 0 : 1;
        }
        return (double) unknown / embeddings.count();
    }

    /**
     * How far out each sample lies: its distance to a center over that ball's radius, for the class
     * where this is least; infinite where it is no number.
     *
     * @return [samples]
     */
    public double[] outlyingness(Embeddings embeddings) {
        double[] all = new double[embeddings.count()];
        for (int i = 0; i < all.length; i++) {
            all[i] = Double.POSITIVE_INFINITY;
            for (int c = 0; c < centers.length; c++) {
                double distance = embeddings.distance(i, centers[c]);
                double ratio = distance == 0 ? 0 : distance / radii[c];
                all[i] = ratio < all[i] ? ratio : all[i];
            }
        }
        return all;
    }
}

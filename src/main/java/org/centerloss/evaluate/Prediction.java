package org.centerloss.evaluate;

/**
 * Where a sample lies among the centers of the classes. Distances are Euclidean.
 *
 * @param label the predicted class
 * @param distance to the center of that class; NaN where it has none
 * @param next the class with the nearest of the other centers; −1 where there is none
 * @param nextDistance to that center; NaN where there is none
 */
public record Prediction(int label, double distance, int next, double nextDistance) {

    /** The class alone, for a model without centers: its distances are NaN. */
    public static Prediction withoutCenters(int label) {
        return new Prediction(label, Double.NaN, -1, Double.NaN);
    }

    /**
     * Places one sample.
     *
     * @param sample its index in {@code embeddings}
     * @param centers [class][feature]
     */
    public static Prediction of(Embeddings embeddings, int sample, double[][] centers) {
        int label = embeddings.predictions()[sample];
        int next = -1;
        double nextDistance = Double.NaN;
        for (int c = 0; c < centers.length; c++) {
            double distance = embeddings.distance(sample, centers[c]);
            if (c != label && !(distance >= nextDistance || Double.isNaN(distance))) {
                next = c;
                nextDistance = distance;
            }
        }
        return new Prediction(
                label, embeddings.distance(sample, centers[label]), next, nextDistance);
    }

    /**
     * How much farther the next center is. Negative where the largest logit, not the nearest
     * center, decided, and another center is nearer.
     */
    public double margin() {
        return nextDistance - distance;
    }
}

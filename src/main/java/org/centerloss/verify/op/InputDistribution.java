package org.centerloss.verify.op;

import java.util.Arrays;

/** Features, labels and centers: where the points of a case lie. */
public enum InputDistribution {
    /** Around the origin, one unit apart. */
    NORMAL("", 0, 1),
    /** Around 100, differing by 0.01: an expanded ‖x‖² + ‖y‖² − 2x·y in float32 fails. */
    FAR("far from the origin", 100, 0.01),
    HUGE("huge", 0, 1e15),
    TINY("tiny", 0, 1e-15),
    /** Every third point lies on its center, and each of those on another point. */
    COINCIDENT("coincident points", 0, 1),
    /** No sample belongs to class 0. */
    EMPTY_CLASS("an empty class", 0, 1);

    public final String note;
    final double mean;
    final double deviation;

    InputDistribution(String note, double mean, double deviation) {
        this.note = note;
        this.mean = mean;
        this.deviation = deviation;
    }

    /** Adds x [samples, features], labels [samples] and centers [classes, features]. */
    void addTo(Inputs inputs, RandomInputs draw, int samples, int features, int classes) {
        int[] labels = draw.integers(samples, classes);
        if (this == EMPTY_CLASS) {
            labels = Arrays.stream(labels).map(label -> Math.max(1, label)).toArray();
        }
        double[] x = draw.normal(samples * features, mean, deviation);
        double[] centers = draw.normal(classes * features, mean, deviation);
        if (this == COINCIDENT) {
            for (int i = 0; i < samples; i += 3) {
                System.arraycopy(centers, labels[i] * features, x, i * features, features);
            }
        }
        inputs.put("x", x).put("labels", labels).put("centers", centers);
    }

    /** The shape with the note behind it. */
    String describe(String shape) {
        return note.isEmpty() ? shape : shape + ", " + note;
    }

    static double squaredDistance(double[] a, int i, double[] b, int j, int features) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            double difference = a[i * features + k] - b[j * features + k];
            sum += difference * difference;
        }
        return sum;
    }
}

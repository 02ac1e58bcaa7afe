package org.centerloss.peer;

import java.util.Random;

/**
 * What every contender does, with the same random inputs.
 *
 * @param batch samples m
 * @param features their dimension d
 */
record Workload(Kind kind, int batch, int features) {
    static final int CLASSES = 10;
    static final int CHANNELS = 1;
    static final int SIDE = 28;
    static final double INTER_WEIGHT = 0.1;

    /** The parts of the program that are compared. */
    enum Kind {
        /** Forward, standalone center loss, backward and SGD of the network. */
        TRAINING,
        /** From images to features. */
        EVALUATION,
        /** Center loss and log-inter of given features, with their gradients. */
        LOSSES
    }

    Workload withBatch(int samples) {
        return new Workload(kind, samples, features);
    }

    /** [batch, channels, side, side] in [0, 1). */
    float[] images() {
        Random random = new Random(1);
        float[] images = new float[batch * CHANNELS * SIDE * SIDE];
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        return images;
    }

    /** [batch] */
    int[] labels() {
        return new Random(2).ints(batch, 0, CLASSES).toArray();
    }

    /** [batch, features] */
    float[] samples() {
        return gaussian(3, batch);
    }

    /** [classes, features] */
    float[] centers() {
        return gaussian(4, CLASSES);
    }

    private float[] gaussian(long seed, int rows) {
        Random random = new Random(seed);
        float[] values = new float[rows * features];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextGaussian());
        }
        return values;
    }

    /** Its name in the table. */
    String title() {
        return switch (kind) {
            case TRAINING -> "training step, batch %d, d = %d".formatted(batch, features);
            case EVALUATION -> "evaluation, batch %d, d = %d".formatted(batch, features);
            case LOSSES -> "both losses, m = %,d, d = %d".formatted(batch, features);
        };
    }
}

package org.centerloss.cpu.op;

import java.util.Arrays;

/**
 * Sums over, and copies to, arrays with a vector for each image of a batch: [images, channels].
 *
 * @param channels of an image as they are stored, padding included
 */
public record ImageVectors(int images, int channels) {
    /** Overwrites {@code sums} with the sum over the images of each channel. */
    public void add(float[] values, double[] sums) {
        Arrays.fill(sums, 0);
        int at = 0;
        for (int image = 0; image < images; image++) {
            for (int c = 0; c < channels; c++) {
                sums[c] += values[at++];
            }
        }
    }

    /** Adds each channel's squared distances from {@code from} to {@code sums}. */
    public void addSquaredDistances(float[] values, double[] from, double[] sums) {
        int at = 0;
        for (int image = 0; image < images; image++) {
            for (int c = 0; c < channels; c++) {
                double distance = values[at++] - from[c];
                sums[c] += distance * distance;
            }
        }
    }

    /** Gives every image the same vector. */
    public void repeat(float[] vector, float[] values) {
        for (int image = 0; image < images; image++) {
            System.arraycopy(vector, 0, values, image * channels, channels);
        }
    }
}

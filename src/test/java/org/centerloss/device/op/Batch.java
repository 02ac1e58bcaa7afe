package org.centerloss.device.op;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/** Samples, labels and centers to test an operation with. */
public record Batch(
        int samples, int features, int classes, float[] x, int[] labels, float[] centers) {
    /** Sizes just below, at and above those of vectors, tiles and blocks of rows. */
    public static final int[] AWKWARD = {1, 2, 31, 33, 127, 257};

    /** Standard normal numbers, times spread, plus offset. */
    public static Batch random(
            long seed, int samples, int features, int classes, double offset, double spread) {
        Random random = new Random(seed);
        float[] x = normal(random, samples * features, offset, spread);
        float[] centers = normal(random, classes * features, offset, spread);
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++) {
            labels[i] = random.nextInt(classes);
        }
        return new Batch(samples, features, classes, x, labels, centers);
    }

    public static float[] normal(Random random, int size, double offset, double spread) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (offset + spread * random.nextGaussian());
        }
        return values;
    }

    public double squaredDistance(float[] a, int i, float[] b, int j) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            double difference = (double) a[i * features + k] - b[j * features + k];
            sum += difference * difference;
        }
        return sum;
    }

    public static Tensor tensor(Device device, float[] values, int... shape) {
        Tensor tensor = device.tensor(shape);
        tensor.write(values);
        return tensor;
    }

    public static IntTensor integers(Device device, int[] values) {
        IntTensor tensor = device.intTensor(values.length);
        tensor.write(values);
        return tensor;
    }

    public static void assertRelative(
            double expected, double actual, double tolerance, String what) {
        assertTrue(
                Math.abs(actual - expected) <= tolerance * Math.abs(expected),
                () -> "%s: expected %.9e, found %.9e".formatted(what, expected, actual));
    }

    /** ‖actual − expected‖ ≤ tolerance · ‖expected‖; false where a number is not one. */
    public static void assertRelativeNorm(
            double[] expected, float[] actual, double tolerance, String what) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        double relative = norm == 0 ? Math.sqrt(error) : Math.sqrt(error / norm);
        assertTrue(
                expected.length == actual.length && relative <= tolerance,
                () -> "%s: relative error %.3e above %.1e".formatted(what, relative, tolerance));
    }
}

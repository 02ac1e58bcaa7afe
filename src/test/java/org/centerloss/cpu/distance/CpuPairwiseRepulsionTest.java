package org.centerloss.cpu.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.device.op.PairwiseRepulsion.Potential.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuPairwiseRepulsionTest {
    private static final double VALUE_TOLERANCE = 2e-6;
    private static final double GRADIENT_TOLERANCE = 1e-5;

    private record Result(float value, float[] gradient) {}

    private static Result run(Batch batch, Potential potential, int threads, float[] before) {
        int m = batch.samples();
        int d = batch.features();
        try (CpuDevice device = new CpuDevice(threads);
                PairwiseRepulsion op = device.pairwiseRepulsion(m, d, potential);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                IntTensor labels = Batch.integers(device, batch.labels());
                Tensor value = device.tensor(1);
                Tensor dx = device.tensor(m, d)) {
            dx.write(before == null ? Batch.normal(new Random(9), m * d, 5, 1) : before);
            op.forward(x, labels, value);
            float forward = value.toFloats()[0];
            op.forwardBackward(x, labels, 0.75, before != null, value, dx);
            float both = value.toFloats()[0];
            assertEquals(forward, both, "forward and forwardBackward differ");
            return new Result(both, dx.toFloats());
        }
    }

    private static double phi(Potential potential, double s) {
        return switch (potential.kind()) {
            case LOGARITHMIC -> Math.log1p(s);
            case TRUNCATED -> Math.min(s, potential.margin());
            case RAW -> s;
        };
    }

    private static double slope(Potential potential, double s) {
        return switch (potential.kind()) {
            case LOGARITHMIC -> 1 / (1 + s);
            case TRUNCATED -> s < potential.margin() ? 1 : 0;
            case RAW -> 1;
        };
    }

    private static void check(Batch batch, Potential potential, String what) {
        int m = batch.samples();
        int d = batch.features();
        double sum = 0;
        double[] gradient = new double[m * d];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                if (batch.labels()[i] == batch.labels()[j]) {
                    continue;
                }
                double s = batch.squaredDistance(batch.x(), i, batch.x(), j);
                sum += phi(potential, s);
                for (int k = 0; k < d; k++) {
                    double difference = (double) batch.x()[i * d + k] - batch.x()[j * d + k];
                    gradient[i * d + k] += 0.75 * 4 / m * slope(potential, s) * difference;
                }
            }
        }
        Result result = run(batch, potential, 2, null);
        String where = what + " " + potential + " m=" + m + " d=" + d;
        Batch.assertRelative(sum / m, result.value(), VALUE_TOLERANCE, where + " value");
        Batch.assertRelativeNorm(
                gradient, result.gradient(), GRADIENT_TOLERANCE, where + " gradient");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 33, 127, 257})
    void awkwardShapesMatchDoubleLoops(int samples) {
        for (int features : Batch.AWKWARD) {
            for (int classes : new int[] {2, 10, 300}) {
                long seed = samples * 1000L + features;
                Batch batch = Batch.random(seed, samples, features, classes, 0, 1);
                check(batch, Potential.LOGARITHMIC, classes + " classes, seed " + seed);
                check(batch, Potential.RAW, classes + " classes, seed " + seed);
                // Half-way between distances that occur, so that no rounding moves a pair across.
                check(batch, Potential.truncated(margin(batch)), "seed " + seed);
            }
        }
    }

    /** The middle of the widest gap between squared distances about their average, 2·d. */
    private static double margin(Batch batch) {
        double[] near =
                IntStream.range(1, batch.samples())
                        .boxed()
                        .flatMapToDouble(
                                i ->
                                        IntStream.range(0, i)
                                                .mapToDouble(
                                                        j ->
                                                                batch.squaredDistance(
                                                                        batch.x(), i, batch.x(),
                                                                        j)))
                        .filter(s -> s > 1.8 * batch.features() && s < 2.2 * batch.features())
                        .sorted()
                        .toArray();
        double margin = 2.0 * batch.features();
        double widest = 0;
        for (int i = 1; i < near.length; i++) {
            if (near[i] - near[i - 1] > widest) {
                widest = near[i] - near[i - 1];
                margin = (near[i] + near[i - 1]) / 2;
            }
        }
        return margin;
    }

    @Test
    void featuresFarFromTheOriginKeepTheirDigits() {
        for (int features : new int[] {1, 2, 64}) {
            Batch batch = Batch.random(5, 96, features, 7, 100, 0.01);
            check(batch, Potential.LOGARITHMIC, "offset");
            check(batch, Potential.truncated(1e9), "offset");
            check(batch, Potential.RAW, "offset");
        }
    }

    @Test
    void tinyAndHugeDistancesKeepTheirDigits() {
        for (double spread : new double[] {1e-12, 1e-6, 1e-3, 1e3, 1e6, 1e12, 1e17}) {
            check(Batch.random(6, 70, 5, 3, 0, spread), Potential.LOGARITHMIC, "" + spread);
        }
    }

    @Test
    void classesOfVeryDifferentSizesMatchDoubleLoops() {
        Batch batch = Batch.random(8, 700, 3, 2, 0, 1);
        int[] labels = batch.labels();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < 500 ? Integer.MAX_VALUE : i < 505 ? -3 : i < 550 ? 70_000 : i % 40;
        }
        check(batch, Potential.LOGARITHMIC, "uneven");
    }

    @Test
    void coincidentPointsRepelByNothing() {
        Batch batch = Batch.random(1, 40, 6, 4, 0, 0);
        Result result = run(batch, Potential.LOGARITHMIC, 2, null);
        assertEquals(0f, result.value());
        assertArrayEquals(new float[240], result.gradient());
    }

    @Test
    void oneClassHasNoPairsEvenWhereFeaturesAreNotNumbers() {
        Batch batch = Batch.random(1, 40, 6, 1, 0, 1e30);
        batch.x()[17] = Float.NaN;
        for (Potential potential :
                List.of(Potential.LOGARITHMIC, Potential.RAW, Potential.truncated(2))) {
            Result result = run(batch, potential, 2, null);
            assertEquals(0f, result.value());
            assertArrayEquals(new float[240], result.gradient());
        }
    }

    @Test
    void aFeatureThatIsNotFiniteShowsInTheValueWhateverTheSample() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int sample = 0; sample < 70; sample++) {
                Batch batch = Batch.random(2, 70, 3, 4, 0, 1);
                batch.x()[sample * 3 + 1] = bad;
                for (Potential potential : List.of(Potential.LOGARITHMIC, Potential.RAW)) {
                    Result result = run(batch, potential, 1, null);
                    assertFalse(Float.isFinite(result.value()), bad + " in sample " + sample);
                }
                Result truncated = run(batch, Potential.truncated(1), 1, null);
                assertTrue(
                        Float.isNaN(bad) == Float.isNaN(truncated.value()),
                        bad + " in sample " + sample);
            }
        }
    }

    @Test
    void accumulatingAddsToTheGradient() {
        Batch batch = Batch.random(3, 65, 7, 5, 0, 1);
        float[] before = Batch.normal(new Random(4), 65 * 7, 0, 1);
        float[] added = run(batch, Potential.LOGARITHMIC, 2, before).gradient();
        float[] alone = run(batch, Potential.LOGARITHMIC, 2, null).gradient();
        double[] expected = new double[before.length];
        Arrays.setAll(expected, i -> (double) before[i] + alone[i]);
        Batch.assertRelativeNorm(expected, added, 1e-6, "sum");
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        Batch batch = Batch.random(3, 1000, 9, 11, 0, 1);
        for (Kind kind : Kind.values()) {
            Potential potential = new Potential(kind, 3);
            Result one = run(batch, potential, 1, null);
            for (int threads : new int[] {2, 3, 3}) {
                Result several = run(batch, potential, threads, null);
                assertEquals(one.value(), several.value());
                assertArrayEquals(one.gradient(), several.gradient());
            }
        }
    }

    @Test
    void memoryIsLinearInTheNumberOfSamples() {
        try (CpuDevice device = new CpuDevice(2);
                PairwiseRepulsion op =
                        device.pairwiseRepulsion(16_384, 64, Potential.LOGARITHMIC)) {
            long floats = device.liveBytes() / Float.BYTES;
            assertTrue(floats < 16_384L * (3 * 64 + 16), floats + " floats");
            assertTrue(op != null);
        }
    }
}

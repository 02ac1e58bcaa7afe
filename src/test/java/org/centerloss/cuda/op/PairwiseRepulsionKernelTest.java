package org.centerloss.cuda.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.baseline.Variant;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.KernelCounters;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.cuda.runtime.PairGrid;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@VirtualGpu
class PairwiseRepulsionKernelTest {
    private static final double SCALE = 0.75;

    private record Result(double value, double[] dx) {}

    private static Result run(Device device, Batch batch, Potential potential) {
        int m = batch.samples();
        int d = batch.features();
        try (PairwiseRepulsion op = device.pairwiseRepulsion(m, d, potential);
                Tensor x = Batch.tensor(device, batch.x(), m, d);
                IntTensor labels = Batch.integers(device, batch.labels());
                Tensor forward = device.tensor(1);
                Tensor value = device.tensor(1);
                Tensor dx = device.tensor(m, d)) {
            op.forward(x, labels, forward);
            op.forwardBackward(x, labels, SCALE, false, value, dx);
            assertEquals(forward.toFloats()[0], value.toFloats()[0], "forward alone differs");
            return new Result(value.toDoubles()[0], dx.toDoubles());
        }
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Every kernel at the edges of its features, and samples at those of tiles and splits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 32, 33, 64, 65, 128, 129, 257})
    void everyWidthMatchesTheReference(int features) {
        try (Device cuda = Devices.open("cuda", 0);
                Device reference = Devices.open("reference", 0)) {
            int[] counts =
                    features <= PairGrid.FEW_FEATURES
                            ? new int[] {2, 31, 32, 129, 260}
                            : new int[] {2, 31, 32, 129};
            for (int samples : counts) {
                Batch batch = Batch.random(features, samples, features, 7, 0, 1);
                for (Potential potential : new Potential[] {Potential.LOGARITHMIC, Potential.RAW}) {
                    Result expected = run(reference, batch, potential);
                    Result found = run(cuda, batch, potential);
                    String where = potential + " m=" + samples + " d=" + features;
                    Batch.assertRelative(expected.value, found.value, 2e-6, where);
                    Batch.assertRelativeNorm(expected.dx, toFloats(found.dx), 1e-5, where);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 40, 200})
    void backwardAloneGivesTheSameGradient(int features) {
        int m = 150;
        Batch batch = Batch.random(4, m, features, 5, 0, 1);
        try (CudaDevice device = new CudaDevice(0, false);
                PairwiseRepulsionKernel op =
                        new PairwiseRepulsionKernel(device, m, features, Potential.LOGARITHMIC);
                PairwiseRepulsion naive =
                        Devices.variant(device, Variant.NAIVE)
                                .pairwiseRepulsion(m, features, Potential.LOGARITHMIC);
                Tensor x = Batch.tensor(device, batch.x(), m, features);
                IntTensor labels = Batch.integers(device, batch.labels());
                Tensor value = device.tensor(1);
                Tensor together = device.tensor(m, features);
                Tensor alone = device.tensor(m, features)) {
            op.forwardBackward(x, labels, SCALE, false, value, together);
            op.backward(x, labels, SCALE, false, alone);
            assertArrayEquals(together.toFloats(), alone.toFloats());
            op.backward(x, labels, SCALE, true, alone);
            double[] twice = together.toDoubles();
            for (int i = 0; i < twice.length; i++) {
                twice[i] *= 2;
            }
            Batch.assertRelativeNorm(twice, alone.toFloats(), 1e-6, "added to");
            naive.forwardBackward(x, labels, SCALE, false, value, together);
            naive.backward(x, labels, SCALE, false, alone);
            assertArrayEquals(together.toFloats(), alone.toFloats(), "naive");
        }
    }

    @Test
    void pointsFarFromTheOriginKeepTheirDigits() {
        try (Device cuda = Devices.open("cuda", 0);
                Device reference = Devices.open("reference", 0)) {
            for (int features : new int[] {2, 64}) {
                Batch batch = Batch.random(5, 96, features, 7, 100, 0.01);
                Result expected = run(reference, batch, Potential.LOGARITHMIC);
                Result found = run(cuda, batch, Potential.LOGARITHMIC);
                Batch.assertRelative(expected.value, found.value, 2e-6, "d=" + features);
                Batch.assertRelativeNorm(expected.dx, toFloats(found.dx), 1e-5, "d=" + features);
            }
        }
    }

    @Test
    void featureThatIsNotFiniteShowsInTheValue() {
        try (Device cuda = Devices.open("cuda", 0)) {
            for (int features : new int[] {3, 20}) {
                for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                    Batch batch = Batch.random(2, 70, features, 4, 0, 1);
                    batch.x()[33 * features + 1] = bad;
                    assertFalse(Double.isFinite(run(cuda, batch, Potential.LOGARITHMIC).value));
                    assertFalse(Double.isFinite(run(cuda, batch, Potential.RAW).value));
                    double truncated = run(cuda, batch, Potential.truncated(1)).value;
                    assertEquals(Float.isNaN(bad), Double.isNaN(truncated));
                }
            }
        }
    }

    @Test
    void oneClassRepelsByNothing() {
        try (Device cuda = Devices.open("cuda", 0)) {
            for (int features : new int[] {3, 20}) {
                Result result =
                        run(cuda, Batch.random(1, 40, features, 1, 0, 1), Potential.LOGARITHMIC);
                assertEquals(0, result.value);
                assertArrayEquals(new double[40 * features], result.dx);
            }
        }
    }

    private static KernelCounters counters(int samples, int features) {
        Batch batch = Batch.random(1, samples, features, 10, 0, 1);
        try (CudaDevice device = new CudaDevice(0, false);
                PairwiseRepulsion op =
                        device.pairwiseRepulsion(samples, features, Potential.LOGARITHMIC);
                Tensor x = Batch.tensor(device, batch.x(), samples, features);
                IntTensor labels = Batch.integers(device, batch.labels());
                Tensor value = device.tensor(1);
                Tensor dx = device.tensor(samples, features)) {
            return KernelCounters.of(
                    device, () -> op.forwardBackward(x, labels, SCALE, false, value, dx));
        }
    }

    @Test
    void largeBatchMovesEachColumnOncePerBlockOfRows() {
        int m = 1024;
        int d = 128;
        KernelCounters counters = counters(m, d);
        PairGrid grid = PairGrid.of(m, m, d);
        // A split reads its rows, what it writes is read once more; one matrix for all else.
        long matrices = grid.rowBlocks() + 2 * grid.splits() + 1;
        assertTrue(
                counters.total("globalBytesRead") <= 4L * m * d * matrices,
                "read: " + counters.total("globalBytesRead"));
        long partials = 4L * m * d * grid.splits() + 4L * grid.rowBlocks() * grid.splits() + 4;
        assertEquals(4L * m * d + partials, counters.total("globalBytesWritten"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16, 32, 64, 128})
    void memoryIsUsedInOrder(int features) {
        KernelCounters counters = counters(128, features);
        for (String kernel :
                new String[] {"pairwise_repulsion_d" + features, "pairwise_repulsion_finish"}) {
            double sectors = counters.sectorFactor(kernel);
            assertTrue(sectors <= 1.1, kernel + " sectors: " + sectors);
            double banks = counters.bankConflictFactor(kernel);
            assertTrue(banks <= 1.1, kernel + " banks: " + banks);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 128})
    void smallBatchIsSharedOutAmongManyBlocks(int features) {
        KernelCounters counters = counters(128, features);
        assertTrue(counters.of("pairwise_repulsion_d" + features, "blocks") >= 16);
    }

    @Test
    void memoryBesideTheTensorsIsSmall() {
        try (CudaDevice device = new CudaDevice(0, false);
                PairwiseRepulsion op = device.pairwiseRepulsion(16_384, 2, Potential.LOGARITHMIC)) {
            assertTrue(op != null && device.liveBytes() < 1 << 20, device.liveBytes() + " bytes");
        }
    }
}

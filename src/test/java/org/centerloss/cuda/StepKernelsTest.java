package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.BatchNormalization.Epilogue;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.StepTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernels of a step beside its losses move, and what they refuse. */
@VirtualGpu
class StepKernelsTest {
    private static final double MOST_SECTORS = 1.1;

    @Test
    void additionMovesEachNumberOnce() {
        int size = 16 * 1027;
        try (CudaDevice device = new CudaDevice(0, false);
                Addition addition = device.addition(16, 1027, 1, 1);
                Tensor a = device.activation(16, 1027, 1, 1);
                Tensor b = device.activation(16, 1027, 1, 1)) {
            KernelCounters counters = KernelCounters.of(device, () -> addition.forward(a, b, a));
            assertEquals(12L * size, counters.globalBytes());
            assertTrue(counters.sectorFactor("addition_forward") <= MOST_SECTORS);
            assertEquals(1, counters.of("addition_forward", "launches"));
        }
    }

    /** A ReLU behind a batch normalisation, and the addition of as many numbers before it. */
    @ParameterizedTest
    @CsvSource({"RELU, 8", "ADD_RELU, 12"})
    void whatFollowsABatchNormalisationMovesEachNumberOnce(Epilogue epilogue, long bytes) {
        BatchNormalization.Shape shape = new BatchNormalization.Shape(16, 1027, 1, 1, epilogue);
        int size = 16 * 1027;
        try (CudaDevice device = new CudaDevice(0, false);
                BatchNormalization op = device.batchNormalization(shape);
                Tensor x = device.activation(16, 1027, 1, 1);
                Tensor z = shape.adds() ? device.activation(16, 1027, 1, 1) : null;
                Tensor y = device.activation(16, 1027, 1, 1);
                Tensor dy = device.activation(16, 1027, 1, 1);
                Tensor dx = device.activation(16, 1027, 1, 1);
                Tensor c = device.tensor(1027);
                Tensor mean = device.tensor(1027);
                Tensor variance = device.tensor(1027);
                Tensor dGamma = device.tensor(1027)) {
            KernelCounters counters =
                    KernelCounters.of(
                            device,
                            () -> {
                                op.forwardTraining(x, c, c, mean, variance, z, y);
                                op.backward(x, y, dy, c, dx, dGamma, mean);
                            });
            assertMoves(bytes * size, counters, "batch_normalization_relu");
            assertMoves(12L * size, counters, "batch_normalization_relu_backward");
        }
    }

    private static void assertMoves(long bytes, KernelCounters counters, String kernel) {
        assertEquals(
                bytes,
                counters.of(kernel, "globalBytesRead") + counters.of(kernel, "globalBytesWritten"));
        assertTrue(counters.sectorFactor(kernel) <= MOST_SECTORS);
        assertEquals(1, counters.of(kernel, "launches"));
    }

    @Test
    void sgdMovesEachNumberOnceAndTheLearningRateOncePerThread() {
        int size = 10_003;
        int threads = size / 4 + size % 4;
        try (CudaDevice device = new CudaDevice(0, false);
                Sgd sgd = device.sgd(size, 0.9, 0, false);
                Tensor weights = device.tensor(size);
                Tensor gradients = device.tensor(size);
                Tensor velocity = device.tensor(size);
                Tensor rate = device.tensor(1)) {
            KernelCounters counters =
                    KernelCounters.of(device, () -> sgd.step(weights, gradients, velocity, rate));
            assertEquals(20L * size + 4L * threads, counters.globalBytes());
            assertTrue(counters.sectorFactor("sgd_step") <= MOST_SECTORS);
            assertEquals(1, counters.of("sgd_step", "launches"));
        }
    }

    @Test
    void adamWMovesEachNumberOnceAndTheCoefficientsOncePerThread() {
        int size = 10_003;
        int threads = size / 4 + size % 4;
        AdamW.Hyperparameters usual = new AdamW.Hyperparameters(0.9, 0.999, 1e-8, 0.01);
        try (CudaDevice device = new CudaDevice(0, false);
                AdamW adamW = device.adamW(size, usual);
                Tensor weights = device.tensor(size);
                Tensor gradients = device.tensor(size);
                Tensor expAvg = device.tensor(size);
                Tensor expAvgSq = device.tensor(size);
                Tensor row = device.tensor(AdamW.COEFFICIENTS)) {
            KernelCounters counters =
                    KernelCounters.of(
                            device, () -> adamW.step(weights, gradients, expAvg, expAvgSq, row));
            assertEquals(28L * size + 12L * threads, counters.globalBytes());
            assertTrue(counters.sectorFactor("adam_w_step") <= MOST_SECTORS);
            assertEquals(1, counters.of("adam_w_step", "launches"));
        }
    }

    @Test
    void clippingReadsGradientsOnceForTheNormAndMovesThemWhereThatIsTooLarge() {
        int size = (1 << 20) + 7;
        long blocks = 1024;
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        try (CudaDevice device = new CudaDevice(0, false);
                GradientClipping clipping = device.gradientClipping(size, 1000);
                Tensor gradients = device.tensor(size);
                Tensor norm = device.tensor(1)) {
            gradients.write(ones);
            for (boolean above : new boolean[] {true, false}) {
                KernelCounters counters =
                        KernelCounters.of(device, () -> clipping.clip(gradients, norm));
                String squares = "gradient_clipping_squares";
                assertEquals(4L * size, counters.of(squares, "globalBytesRead"));
                assertEquals(8 * blocks, counters.of(squares, "globalBytesWritten"));
                assertTrue(counters.sectorFactor(squares) <= MOST_SECTORS);
                String scale = "gradient_clipping_scale";
                assertEquals(
                        8 * blocks * blocks + (above ? 4L * size : 0),
                        counters.of(scale, "globalBytesRead"));
                assertEquals(4 + (above ? 4L * size : 0), counters.of(scale, "globalBytesWritten"));
                assertTrue(counters.sectorFactor(scale) <= MOST_SECTORS);
                assertEquals(2, counters.total("launches"));
            }
        }
    }

    @Test
    void rowIsMovedOnceInOneLaunch() {
        int values = 3;
        try (CudaDevice device = new CudaDevice(0, false);
                StepTable table = device.stepTable(5, values);
                Tensor row = device.tensor(values)) {
            table.begin(new double[5 * values]);
            KernelCounters counters = KernelCounters.of(device, () -> table.next(row));
            // The position is read by each of 32 threads and written by one.
            assertEquals(8L * values + 32 * 8 + 4, counters.globalBytes());
            assertEquals(1, counters.of("step_table_next", "launches"));
        }
    }

    private static KernelCounters countBatch(int batch, Augmentation augmentation) {
        byte[] bytes = new byte[8 * 3 * 32 * 32];
        try (CudaDevice device = new CudaDevice(0, false);
                ImageStore store = device.imageStore(bytes, new int[8], 3, 32, 32);
                ImageBatches batches = device.imageBatches(store, batch, augmentation, 1);
                Tensor images = device.activation(batch, 3, 32, 32);
                IntTensor labels = device.intTensor(batch)) {
            batches.begin(0, IntStream.range(0, 8).toArray(), 0);
            return KernelCounters.of(device, () -> batches.next(images, labels));
        }
    }

    @Test
    void imagesAreWrittenOnceInWholeSectors() {
        int batch = 5;
        KernelCounters counters = countBatch(batch, new Augmentation(true, 5, 0));
        String kernel = "image_batches_next";
        assertEquals(4L * batch * 3 * 32 * 32, counters.of(kernel, "globalBytesWritten"));
        assertEquals(
                counters.of(kernel, "globalIdealSectorsWritten"),
                counters.of(kernel, "globalSectorsWritten"));
        assertEquals(1, counters.bankConflictFactor(kernel), 0.1);
    }

    @Test
    void contrastReadsAndWritesImagesOnceMore() {
        int batch = 5;
        KernelCounters counters = countBatch(batch, Augmentation.light(3));
        String kernel = "image_batches_contrast";
        assertEquals(1, counters.of(kernel, "launches"));
        assertEquals(4L * batch * 3 * 32 * 32, counters.of(kernel, "globalBytesWritten"));
        assertTrue(counters.sectorFactor(kernel) <= MOST_SECTORS);
        assertEquals(1, counters.bankConflictFactor(kernel), 0.1);
    }

    @Test
    void whatDoesNotFitIsRefusedAndLeavesNothingOpen() {
        try (CudaDevice device = new CudaDevice(0, false);
                CudaDevice other = new CudaDevice(0, false);
                ImageStore store = device.imageStore(new byte[6], new int[2], 3, 1, 1)) {
            long bytes = device.liveBytes();
            assertMessage("loss meter: expected 1 to 8 terms, found 9", () -> device.lossMeter(9));
            assertMessage(
                    "image batches: store is of another device",
                    () -> other.imageBatches(store, 2, Augmentation.NONE, 0));
            assertMessage(
                    "image store: expected 2 × 3 × 1 × 1 bytes, found 5",
                    () -> device.imageStore(new byte[5], new int[2], 3, 1, 1));
            assertThrows(DeviceException.class, () -> device.sgd(0, 0.9, 0, false));
            assertThrows(DeviceException.class, () -> device.addition(1, 0, 1, 1));
            assertEquals(bytes, device.liveBytes());
        }
    }

    @Test
    void batchesRefuseAnOrderThatLeavesTheStore() {
        try (CudaDevice device = new CudaDevice(0, false);
                ImageStore store = device.imageStore(new byte[6], new int[2], 3, 1, 1);
                ImageBatches batches = device.imageBatches(store, 2, Augmentation.NONE, 0);
                Tensor images = device.activation(2, 3, 1, 1);
                IntTensor labels = device.intTensor(2)) {
            assertMessage(
                    "image batches [2]: next was called before begin",
                    () -> batches.next(images, labels));
            assertMessage(
                    "image batches [2]: entry 1 of the order is 2, expected 0 to 1",
                    () -> batches.begin(0, new int[] {0, 2}, 0));
        }
    }

    @Test
    void batchesOfAClosedStoreAreRefused() {
        try (CudaDevice device = new CudaDevice(0, false)) {
            ImageStore store = device.imageStore(new byte[6], new int[2], 3, 1, 1);
            try (ImageBatches batches = device.imageBatches(store, 2, Augmentation.NONE, 0);
                    Tensor images = device.activation(2, 3, 1, 1);
                    IntTensor labels = device.intTensor(2)) {
                batches.begin(0, new int[] {0, 1}, 0);
                store.close();
                assertMessage("the image store was closed", () -> batches.next(images, labels));
            }
        }
    }

    @Test
    void meterAddsWhatTheGpuHoldsWhenItRuns() {
        try (CudaDevice device = new CudaDevice(0, false);
                LossMeter meter = device.lossMeter(2);
                Tensor first = device.tensor(1);
                Tensor second = device.tensor(1)) {
            first.write(new float[] {1.5f});
            meter.add(first, second);
            second.write(new float[] {Float.POSITIVE_INFINITY});
            meter.add(first, second);
            LossMeter.Reading reading = meter.read();
            assertEquals(2, reading.steps());
            assertEquals(3, reading.sums()[0]);
            assertEquals(1, reading.firstNonFiniteStep());
            assertEquals(1, reading.nonFiniteTerm());
            assertEquals(0, meter.read().steps());
        }
    }

    private static void assertMessage(String expected, Runnable body) {
        assertEquals(expected, assertThrows(DeviceException.class, body::run).getMessage());
    }
}

package org.centerloss.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.centerloss.baseline.Variant;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.AdamW;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.Batch;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.Flatten;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.Prelu;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.device.op.StepTable;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;

class CpuAllocationTest {
    private static final int M = 2053;
    private static final int D = 8;

    /** Less than one number per sample; argument lists of a few words may be allocated. */
    private static final long BYTES_PER_RUN = 4096;

    private static final int WARM_UP = 150;
    private static final int RUNS = 50;

    @Test
    void runningAllocatesNothingAndClosingFreesEverything() {
        CpuDevice device = new CpuDevice(2);
        Random random = new Random(1);
        try (Tensor x = Batch.tensor(device, Batch.normal(random, M * D, 0, 1), M, D);
                Tensor dx = device.tensor(M, D);
                Tensor centers = Batch.tensor(device, Batch.normal(random, D * D, 0, 1), D, D);
                Tensor dCenters = device.tensor(D, D);
                Tensor value = device.tensor(1);
                Tensor distance = device.tensor(M);
                IntTensor labels = Batch.integers(device, random.ints(M, 0, D).toArray());
                IntTensor prediction = device.intTensor(M);
                Tensor flat = device.tensor(M * D);
                Tensor images = device.activation(M, 1, 2, 4);
                PairwiseRepulsion repulsion =
                        device.pairwiseRepulsion(M, D, PairwiseRepulsion.Potential.LOGARITHMIC);
                CenterLoss centerLoss = device.centerLoss(M, D, D, CenterLoss.Attraction.SQUARED);
                CenterSpread spread = device.centerSpread(D, D);
                CenterUpdate update = device.centerUpdate(M, D, D, 0.1);
                SoftmaxCrossEntropy crossEntropy = device.softmaxCrossEntropy(M, D);
                NearestCenter nearest = device.nearestCenter(M, D, D);
                Prelu prelu = device.prelu(M, D);
                Tensor pooled = device.activation(M, 1, 1, 2);
                MaxPooling pooling =
                        device.maxPooling(new MaxPooling.Shape(M, 1, 2, 4, 2, 2, 0, true));
                Flatten flatten = device.flatten(M, 1, 2, 4);
                ArgMax argMax = device.argMax(M, D);
                Sgd sgd = device.sgd(M * D, 0.9, 0, false);
                AdamW adamW =
                        device.adamW(M * D, new AdamW.Hyperparameters(0.9, 0.999, 1e-8, 0.01));
                Tensor coefficients = device.tensor(AdamW.COEFFICIENTS);
                GradientClipping clipping = device.gradientClipping(M * D, 1);
                LossMeter meter = device.lossMeter(1);
                StepTable table = device.stepTable(1, 1);
                ImageStore store = device.imageStore(new byte[M * D], new int[M], 1, 2, 4);
                ImageBatches batches =
                        device.imageBatches(store, M, new Augmentation(true, 5, 1), 1);
                ImageBatches photos = device.imageBatches(store, M, Augmentation.light(3), 1)) {
            Tensor[] terms = {value};
            int[] order = new int[M];
            batches.begin(0, order, 0);
            photos.begin(0, order, 0);
            check("repulsion", () -> repulsion.forwardBackward(x, labels, 1, true, value, dx));
            check(
                    "center loss",
                    () ->
                            centerLoss.forwardBackward(
                                    x, labels, centers, 1, true, value, dx, dCenters));
            check("spread", () -> spread.forwardBackward(centers, 1, value, dCenters));
            check("update", () -> update.update(x, labels, centers));
            check("cross-entropy", () -> crossEntropy.forwardBackward(x, labels, 1, value, dx));
            check("nearest", () -> nearest.forward(x, centers, prediction, distance));
            check("arg max", () -> argMax.forward(x, prediction));
            check("prelu", () -> prelu.backward(x, dx, value, dx, value));
            check("max pooling", () -> pooling.forward(images, pooled));
            check("flatten", () -> flatten.forward(images, dx));
            check("flatten, back", () -> flatten.backward(dx, images));
            check("sgd", () -> sgd.step(flat, flat, flat, value));
            check("adamw", () -> adamW.step(flat, flat, flat, flat, coefficients));
            check("clipping", () -> clipping.clip(flat, value));
            check("meter", () -> meter.add(terms));
            table.begin(new double[] {1});
            check("table", () -> table.next(value));
            check("images", () -> batches.next(images, labels));
            check("photos", () -> photos.next(images, labels));
        }
        assertEquals(0, device.liveBytes());
        device.close();
    }

    @Test
    void composedOperationsAllocateNothingEither() {
        int m = 100;
        Random random = new Random(1);
        try (CpuDevice device = new CpuDevice(2)) {
            Device composed = Devices.variant(device, Variant.COMPOSED);
            try (Tensor x = Batch.tensor(device, Batch.normal(random, m * D, 0, 1), m, D);
                    Tensor dx = device.tensor(m, D);
                    Tensor centers = Batch.tensor(device, Batch.normal(random, D * D, 0, 1), D, D);
                    Tensor dCenters = device.tensor(D, D);
                    Tensor value = device.tensor(1);
                    Tensor distance = device.tensor(m);
                    IntTensor labels = Batch.integers(device, random.ints(m, 0, D).toArray());
                    IntTensor prediction = device.intTensor(m);
                    PairwiseRepulsion repulsion =
                            composed.pairwiseRepulsion(
                                    m, D, PairwiseRepulsion.Potential.LOGARITHMIC);
                    CenterLoss centerLoss =
                            composed.centerLoss(m, D, D, new CenterLoss.Attraction(0.05));
                    CenterUpdate update = composed.centerUpdate(m, D, D, 0.1);
                    NearestCenter nearest = composed.nearestCenter(m, D, D)) {
                check("repulsion", () -> repulsion.forwardBackward(x, labels, 1, true, value, dx));
                check(
                        "center loss",
                        () ->
                                centerLoss.forwardBackward(
                                        x, labels, centers, 1, true, value, dx, dCenters));
                check("update", () -> update.update(x, labels, centers));
                check("nearest", () -> nearest.forward(x, centers, prediction, distance));
            }
            assertEquals(0, device.liveBytes());
        }
    }

    private static void check(String what, Runnable run) {
        for (int i = 0; i < WARM_UP; i++) {
            run.run();
        }
        long[] threads = threads();
        long before = allocatedBytes(threads);
        for (int i = 0; i < RUNS; i++) {
            run.run();
        }
        long perRun = (allocatedBytes(threads) - before) / RUNS;
        assertTrue(perRun < BYTES_PER_RUN, what + " allocated " + perRun + " bytes per run");
    }

    private static long allocatedBytes(long[] threads) {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(bean.getThreadAllocatedBytes(threads)).sum();
    }

    /** This thread and the device's workers. */
    private static long[] threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t == Thread.currentThread() || t.getName().startsWith("cpu-device"))
                .mapToLong(Thread::getId)
                .toArray();
    }
}

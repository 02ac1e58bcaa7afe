package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.Flatten;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.Sgd;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.Inputs;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpRun;
import org.centerloss.verify.op.RandomInputs;
import org.junit.jupiter.api.Test;

/** A step without a network, recorded once: what changes between its runs lives on the device. */
@VirtualGpu
class RecordedKernelsTest {
    /** Centers move towards the images of their class. */
    private record StepCase() implements OpCase {
        private static final int IMAGES = 13;
        private static final int CHANNELS = 2;
        private static final int HEIGHT = 3;
        private static final int WIDTH = 2;
        private static final int PIXELS = CHANNELS * HEIGHT * WIDTH;
        private static final int CLASSES = 3;
        private static final int BATCH = 4;
        private static final int STEPS = 5;

        @Override
        public String op() {
            return "recorded step";
        }

        @Override
        public String shape() {
            return STEPS + " runs";
        }

        @Override
        public Inputs draw(RandomInputs draw) {
            return new Inputs()
                    .put("pixels", draw.integers(IMAGES * PIXELS, 256))
                    .put("labels", draw.integers(IMAGES, CLASSES))
                    .put("centers", draw.normal(CLASSES * PIXELS));
        }

        @Override
        public void run(OpRun stage, Inputs inputs) {
            Device device = stage.device();
            int[] values = inputs.integers("pixels");
            byte[] pixels = new byte[values.length];
            IntStream.range(0, pixels.length).forEach(i -> pixels[i] = (byte) values[i]);
            ImageStore store =
                    stage.own(
                            device.imageStore(
                                    pixels, inputs.integers("labels"), CHANNELS, HEIGHT, WIDTH));
            ImageBatches batches =
                    stage.own(device.imageBatches(store, BATCH, Augmentation.NONE, 7));
            Flatten flatten = stage.own(device.flatten(BATCH, CHANNELS, HEIGHT, WIDTH));
            CenterLoss centerLoss =
                    stage.own(
                            device.centerLoss(
                                    BATCH, PIXELS, CLASSES, CenterLoss.Attraction.SQUARED));
            Sgd sgd = stage.own(device.sgd(CLASSES * PIXELS, 0.9, 0, false));
            LossMeter meter = stage.own(device.lossMeter(1));
            Tensor images = stage.emptyActivation(BATCH, CHANNELS, HEIGHT, WIDTH);
            Tensor dImages = stage.emptyActivation(BATCH, CHANNELS, HEIGHT, WIDTH);
            IntTensor labels = stage.emptyIntegers(BATCH);
            Tensor x = stage.emptyPlain(BATCH, PIXELS);
            Tensor dx = stage.emptyPlain(BATCH, PIXELS);
            Tensor loss = stage.emptyPlain(1);
            Tensor block = stage.plain(inputs.numbers("centers"), CLASSES * PIXELS);
            Tensor gradients = stage.own(device.tensor(CLASSES * PIXELS));
            Tensor velocity = stage.own(device.tensor(CLASSES * PIXELS));
            Tensor rate = stage.plain(new double[] {0.5}, 1);
            Tensor centers = block.slice(0, CLASSES, PIXELS);
            Tensor dCenters = gradients.slice(0, CLASSES, PIXELS);
            batches.begin(1, IntStream.range(0, IMAGES).toArray(), 0);
            Program step =
                    stage.own(
                            device.record(
                                    () -> {
                                        batches.next(images, labels);
                                        flatten.forward(images, x);
                                        gradients.zero();
                                        centerLoss.forwardBackward(
                                                x, labels, centers, 1, false, loss, dx, dCenters);
                                        flatten.backward(dx, dImages);
                                        sgd.step(block, gradients, velocity, rate);
                                        meter.add(loss);
                                    }));
            for (int run = 0; run < STEPS; run++) {
                if (run == 3) {
                    rate.write(new double[] {0.25});
                }
                step.run();
                stage.put("images " + run, images, Tolerance.sum(1));
                stage.put("labels " + run, labels);
                stage.put("dImages " + run, dImages, Tolerance.sum(STEPS * BATCH).withTerms(1));
            }
            LossMeter.Reading reading = meter.read();
            stage.put("steps", new double[] {reading.steps()}, Tolerance.EXACT);
            stage.put("sum of losses", reading.sums(), Tolerance.sum(STEPS * PIXELS));
            stage.put("centers", block, Tolerance.sum(STEPS * BATCH).withTerms(1));
        }
    }

    private static List<ResultRow> failed(Device device) {
        List<ResultRow> rows = new ArrayList<>();
        Verification.run(device, List.of(new StepCase()), 0, rows::add);
        assertTrue(rows.size() > 10, "rows: " + rows.size());
        return rows.stream().filter(row -> !row.pass()).toList();
    }

    @Test
    void everyRunDrawsTheNextBatchAndFollowsTheLearningRate() {
        try (Device device = Devices.open("cuda", 0)) {
            assertEquals(List.of(), failed(device));
        }
    }

    @Test
    void aLearningRateThatIsRecordedByValueIsCaught() {
        try (Device device = Devices.open("cuda", 0);
                Tensor first = device.tensor(1)) {
            first.write(new float[] {0.5f});
            FaultyDevice.Fault byValue = FaultyDevice.with("step", 3, rate -> first);
            List<ResultRow> failed = failed(FaultyDevice.of(device, "sgd", false, byValue));
            assertEquals(List.of("dImages 4", "sum of losses", "centers"), quantities(failed));
        }
    }

    private static List<String> quantities(List<ResultRow> rows) {
        return rows.stream().map(ResultRow::quantity).toList();
    }
}

package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.Augmentation.ColorJitter;
import org.centerloss.device.op.Augmentation.ResizedCrop;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.verify.Tolerance;

/** Batches of every augmentation, into and past a short last batch. */
public record ImageBatchesCase(
        int channels, int height, int width, Augmentation augmentation, int position)
        implements OpCase {
    private static final int COUNT = 11;
    private static final int BATCH = 4;
    private static final int DRAWN = 10;

    public static List<OpCase> all() {
        List<Augmentation> augmentations =
                List.of(
                        Augmentation.NONE,
                        new Augmentation(true, 0, 0),
                        new Augmentation(false, 5, 0),
                        new Augmentation(false, 180, 0),
                        new Augmentation(false, 0, 4),
                        new Augmentation(true, 5, 0),
                        new Augmentation(true, 30, 2),
                        photos(0.5, 4.0 / 3, 0, 0),
                        photos(0.001, 500, 0, 0),
                        photos(1, 1, 1, 0),
                        photos(1, 1, 0, 1),
                        Augmentation.light(3),
                        new Augmentation(
                                true, 30, 2, new ResizedCrop(0.2, 3), new ColorJitter(0.5, 0.5)));
        List<OpCase> cases = new ArrayList<>();
        for (Augmentation augmentation : augmentations) {
            cases.add(new ImageBatchesCase(1, 28, 28, augmentation, 0));
            cases.add(new ImageBatchesCase(3, 5, 8, augmentation, 3));
        }
        Augmentation light = Augmentation.light(3);
        cases.add(new ImageBatchesCase(1, 1, 1, Augmentation.NONE, 0));
        cases.add(new ImageBatchesCase(3, 1, 1, light, 0));
        cases.add(new ImageBatchesCase(3, 1, 300, light, 0));
        cases.add(new ImageBatchesCase(3, 259, 2, light, 3));
        cases.add(new ImageBatchesCase(17, 31, 33, light, 0));
        return cases;
    }

    private static Augmentation photos(
            double minScale, double maxRatio, double brightness, double contrast) {
        return new Augmentation(
                true,
                0,
                0,
                new ResizedCrop(minScale, maxRatio),
                new ColorJitter(brightness, contrast));
    }

    @Override
    public String op() {
        return "image batches";
    }

    @Override
    public String shape() {
        return "%d×%d×%d, from %d, %s"
                .formatted(channels, height, width, position, String.join(" ", changes()));
    }

    private List<String> changes() {
        List<String> changes = new ArrayList<>();
        if (augmentation.flip()) {
            changes.add("flip");
        }
        if (augmentation.maxDegrees() > 0) {
            changes.add("%.0f°".formatted(augmentation.maxDegrees()));
        }
        if (augmentation.padding() > 0) {
            changes.add("±%d".formatted(augmentation.padding()));
        }
        if (augmentation.resizedCrop().minScale() < 1) {
            changes.add("crop " + augmentation.resizedCrop().minScale());
        }
        ColorJitter jitter = augmentation.colorJitter();
        if (!jitter.equals(ColorJitter.NONE)) {
            changes.add("jitter %s %s".formatted(jitter.brightness(), jitter.contrast()));
        }
        return changes.isEmpty() ? List.of("none") : changes;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        int[] ranks = draw.integers(COUNT, 1 << 30);
        int[] order =
                IntStream.range(0, COUNT)
                        .boxed()
                        .sorted((a, b) -> Integer.compare(ranks[a], ranks[b]))
                        .mapToInt(i -> i)
                        .limit(DRAWN)
                        .toArray();
        return new Inputs()
                .put("pixels", draw.integers(COUNT * channels * height * width, 256))
                .put("labels", draw.integers(COUNT, 10))
                .put("order", order)
                .put("seed", draw.integers(1, 1 << 30));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        int[] values = inputs.integers("pixels");
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) values[i];
        }
        long seed = ((long) inputs.integers("seed")[0] << 32) + 5;
        ImageStore store =
                stage.own(
                        stage.device()
                                .imageStore(
                                        pixels,
                                        inputs.integers("labels"),
                                        channels,
                                        height,
                                        width));
        ImageBatches batches =
                stage.own(stage.device().imageBatches(store, BATCH, augmentation, seed));
        Tensor images = stage.emptyActivation(BATCH, channels, height, width);
        IntTensor labels = stage.emptyIntegers(BATCH);
        // Places are in float64 everywhere: what differs is the rounding of weights and sums.
        Tolerance tolerance = Tolerance.sum(4);
        for (int epoch : new int[] {0, 7}) {
            batches.begin(epoch, inputs.integers("order"), position);
            for (int batch = 0; batch * BATCH + position < DRAWN; batch++) {
                batches.next(images, labels);
                stage.put("images of epoch " + epoch + " batch " + batch, images, tolerance);
                stage.put("labels of epoch " + epoch + " batch " + batch, labels);
            }
        }
    }
}

package org.centerloss.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.data.ImageSet;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.format.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardestSamplesTest {
    private static final long SEED = Long.getLong("centerloss.seed", 3);
    private static final List<String> CLASSES = List.of("a", "b", "c", "nobody");

    @TempDir private Path folder;

    /** 100 samples of three classes; the fourth has no samples and no center. */
    private static Snapshot snapshot() {
        Random random = new Random(SEED);
        float[] features = new float[300];
        int[] labels = new int[100];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
            labels[i / 3] = random.nextInt(3);
        }
        features[7 * 3] = Float.NaN;
        float[] centers = new float[12];
        for (int i = 0; i < centers.length; i++) {
            centers[i] = i < 9 ? (float) random.nextGaussian() : Float.NaN;
        }
        Embeddings embeddings = new Embeddings(3, features, labels, labels);
        return new Snapshot(4, CLASSES, embeddings, embeddings, centers, null);
    }

    private static ImageSet images() {
        byte[] pixels = new byte[100 * 2];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
        }
        return new ImageSet(1, 1, 2, pixels, snapshot().test().labels());
    }

    private static double distance(Snapshot snapshot, int sample, int label) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            sum +=
                    Math.pow(
                            snapshot.test().features()[3 * sample + k]
                                    - snapshot.centers()[3 * label + k],
                            2);
        }
        return Math.sqrt(sum);
    }

    @Test
    void theyAreThoseOfBruteForce() {
        Snapshot snapshot = snapshot();
        List<double[]> samples = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int label = snapshot.test().labels()[i];
            double foreign = Double.POSITIVE_INFINITY;
            for (int c = 0; c < 3; c++) {
                foreign = c == label ? foreign : Math.min(foreign, distance(snapshot, i, c));
            }
            if (i != 7) {
                samples.add(new double[] {i, distance(snapshot, i, label) - foreign});
            }
        }
        samples.sort(Comparator.comparingDouble(sample -> -sample[1]));
        HardestSamples hardest = HardestSamples.of(snapshot, images());
        assertArrayEquals(
                samples.stream().limit(24).mapToInt(sample -> (int) sample[0]).toArray(),
                hardest.indices(),
                "seed " + SEED);
        for (int i = 0; i < 24; i++) {
            int index = hardest.indices()[i];
            assertEquals(snapshot.test().labels()[index], hardest.images().labels()[i]);
            assertEquals((byte) (2 * index), hardest.images().pixels()[2 * i]);
            assertEquals((byte) (2 * index + 1), hardest.images().pixels()[2 * i + 1]);
        }
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        HardestSamples written = HardestSamples.of(snapshot(), images());
        Path file = folder.resolve("hardest.safetensors");
        written.write(file);
        HardestSamples read = HardestSamples.read(file);
        assertEquals(4, read.epoch());
        assertArrayEquals(written.indices(), read.indices());
        assertArrayEquals(written.images().pixels(), read.images().pixels());
        assertEquals("1 × 1 × 2", read.images().imageShape());
    }

    @Test
    void aFileOfAnotherShapeIsRefusedByName() {
        Path file = folder.resolve("odd.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.put("epoch", new int[] {1}, 1);
        writer.put("indices", new int[] {5}, 1);
        writer.put("labels", new int[] {0}, 1);
        writer.put("pixels", new byte[4], 4);
        AtomicFile.write(file, writer::write);
        InputException refusal =
                assertThrows(InputException.class, () -> HardestSamples.read(file));
        assertEquals(
                file + ": pixels: expected [1, channels, height, width], found [4]",
                refusal.getMessage());
    }

    @Test
    void withOneClassNothingIsHard() {
        Embeddings two = new Embeddings(1, new float[] {1, 2}, new int[] {0, 0}, new int[] {0, 0});
        Snapshot snapshot = new Snapshot(1, List.of("all"), two, two, new float[] {1}, null);
        ImageSet images = new ImageSet(1, 1, 1, new byte[2], new int[2]);
        assertEquals(0, HardestSamples.of(snapshot, images).indices().length);
        assertTrue(!SampleDistances.of(two, new float[] {1}).anyFinite());
    }

    @Test
    void pixelsAreShownGreyOrInColour() {
        byte[] pixels = {10, 20, 30, 40, 50, (byte) 200};
        BufferedImage color = HardestPicture.image(new ImageSet(3, 1, 2, pixels, new int[1]), 0);
        assertEquals(0xFF0A1E32, color.getRGB(0, 0));
        assertEquals(0xFF1428C8, color.getRGB(1, 0));
        BufferedImage grey = HardestPicture.image(new ImageSet(1, 1, 3, pixels, new int[2]), 1);
        assertEquals(0xFFC8C8C8, grey.getRGB(2, 0));
    }
}

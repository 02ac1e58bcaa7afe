package org.centerloss.report.picture;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.data.ImageSet;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;

/**
 * The test images of an epoch that lie farthest beyond the middle between their own center and the
 * nearest foreign one, as a safetensors file in a run's directory: a run keeps no other pixels.
 *
 * @param epoch counted from 1
 * @param indices [count], in the order of the test set; the hardest first
 * @param images [count]
 */
record HardestSamples(int epoch, int[] indices, ImageSet images) {
    private static final int MOST = 24;

    /**
     * Picks the hardest samples of a snapshot; of equal ones the first.
     *
     * @param test the images in the order of the snapshot
     */
    static HardestSamples of(Snapshot snapshot, ImageSet test) {
        SampleDistances distances = SampleDistances.of(snapshot.test(), snapshot.centers());
        int[] indices =
                IntStream.range(0, test.count())
                        .filter(i -> Double.isFinite(distances.hardness(i)))
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -distances.hardness(i)))
                        .limit(MOST)
                        .mapToInt(i -> i)
                        .toArray();
        int size = test.channels() * test.height() * test.width();
        byte[] pixels = new byte[indices.length * size];
        int[] labels = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(test.pixels(), indices[i] * size, pixels, i * size, size);
            labels[i] = test.labels()[indices[i]];
        }
        return new HardestSamples(
                snapshot.epoch(),
                indices,
                new ImageSet(test.channels(), test.height(), test.width(), pixels, labels));
    }

    /** Whether they can be samples of that snapshot. */
    boolean areOf(Snapshot snapshot) {
        return epoch == snapshot.epoch()
                && IntStream.range(0, indices.length).allMatch(i -> isOf(snapshot, i));
    }

    private boolean isOf(Snapshot snapshot, int i) {
        return indices[i] >= 0
                && indices[i] < snapshot.test().count()
                && images.labels()[i] == snapshot.test().labels()[indices[i]];
    }

    /** Writes it, replacing {@code file} in one step. */
    void write(Path file) {
        SafetensorsWriter writer = new SafetensorsWriter();
        int count = indices.length;
        writer.put("epoch", new int[] {epoch}, 1);
        writer.put("indices", indices, count);
        writer.put("labels", images.labels(), count);
        writer.put(
                "pixels",
                images.pixels(),
                count,
                images.channels(),
                images.height(),
                images.width());
        AtomicFile.write(file, writer::writeWithChecksum);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputException where the file is damaged
     */
    static HardestSamples read(Path file) {
        Safetensors tensors = Safetensors.read(file).requireMetadata();
        int[] indices = tensors.get("indices").toInts();
        int[] labels = tensors.get("labels").requireShape(indices.length).toInts();
        int[] shape = tensors.get("pixels").shape();
        if (shape.length != 4
                || shape[0] != indices.length
                || Arrays.stream(shape, 1, 4).anyMatch(length -> length < 1)) {
            throw new InputException(
                    "%s: pixels: expected [%d, channels, height, width], found %s"
                            .formatted(file, indices.length, Arrays.toString(shape)));
        }
        return new HardestSamples(
                tensors.get("epoch").requireShape(1).toInts()[0],
                indices,
                new ImageSet(
                        shape[1], shape[2], shape[3], tensors.get("pixels").toBytes(), labels));
    }
}

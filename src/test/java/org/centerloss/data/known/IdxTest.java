package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ContentReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final byte[] IMAGES = Bytes.idxImages(12, 5, 4);
    private static final byte[] LABELS = Bytes.idxLabels(12);

    @TempDir Path folder;

    private ImageSet read(byte[] images, byte[] labels) throws IOException {
        Path imagesFile = Bytes.write(folder, "images", images);
        Path labelsFile = Bytes.write(folder, "labels", labels);
        try (ContentReader a = ContentReader.open(imagesFile);
                ContentReader b = ContentReader.open(labelsFile)) {
            return Idx.read(a, b, 0, 10);
        }
    }

    private static void assertWhole(ImageSet set) {
        assertEquals("1 × 5 × 4", set.imageShape());
        assertEquals(12, set.count());
        assertArrayEquals(Arrays.copyOfRange(IMAGES, 16, IMAGES.length), set.pixels());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1}, set.labels());
    }

    @Test
    void plainFilesAreRead() throws IOException {
        assertWhole(read(IMAGES, LABELS));
    }

    @Test
    void gzipFilesAreKnownByTheirContentNotTheirName() throws IOException {
        assertWhole(read(Bytes.gzip(IMAGES), Bytes.gzip(LABELS)));
    }

    @Test
    void gzipFilesOfSeveralMembersAreRead() throws IOException {
        byte[] first = Bytes.gzip(Arrays.copyOf(IMAGES, 100));
        byte[] second = Bytes.gzip(Arrays.copyOfRange(IMAGES, 100, IMAGES.length));
        assertWhole(read(Bytes.joined(first, second), LABELS));
    }

    @Test
    void emptyImageFileIsRefused() {
        Refusal.of(() -> read(new byte[0], LABELS), "images: empty file", "IDX file of images");
    }

    @Test
    void emptyGzipContentIsRefused() {
        Refusal.of(() -> read(Bytes.gzip(new byte[0]), LABELS), "images: empty file");
    }

    @Test
    void wrongMagicNamesOffsetExpectedAndFound() {
        Refusal.of(
                () -> read(LABELS, LABELS),
                "images: not an IDX file of images",
                "byte 0",
                "expected 0x00000803",
                "found 0x00000801");
        Refusal.of(
                () -> read(IMAGES, IMAGES),
                "labels: not an IDX file of labels",
                "expected 0x00000801",
                "found 0x00000803");
    }

    @Test
    void headerCutOffNamesTheField() {
        Refusal.of(
                () -> read(Arrays.copyOf(IMAGES, 10), LABELS),
                "images: ends too early, at byte 10",
                "expected 12 bytes",
                "number of rows",
                "found 10");
    }

    @Test
    void zeroAndNegativeCountsAreRefused() {
        Refusal.of(
                () -> read(Bytes.withInt(IMAGES, 4, 0), LABELS),
                "number of images at byte 4",
                "expected 1 to",
                "found 0");
        Refusal.of(
                () -> read(Bytes.withInt(IMAGES, 12, -1), LABELS),
                "number of columns at byte 12",
                "found 4294967295");
    }

    @Test
    void truncatedImageFileNamesExpectedAndFoundBytes() {
        Refusal.of(
                () -> read(Arrays.copyOf(IMAGES, 200), LABELS),
                "images: ends too early",
                "expected 256 bytes (12 images of 5 × 4)",
                "found 200");
    }

    @Test
    void truncatedContentOfAWholeGzipFileNamesOffsetAndExpectedBytes() {
        Refusal.of(
                () -> read(Bytes.gzip(Arrays.copyOf(IMAGES, 200)), LABELS),
                "images: ends too early, at byte 200",
                "expected 256 bytes",
                "found 200");
    }

    @Test
    void truncatedGzipFileIsRefused() {
        byte[] packed = packedImages();
        Refusal.of(
                () -> read(Arrays.copyOf(packed, packed.length / 2), LABELS),
                "images: damaged or cut off",
                "of its content");
    }

    @Test
    void gzipFileWithoutItsTrailerIsRefused() {
        byte[] packed = packedImages();
        Refusal.of(
                () -> read(Arrays.copyOf(packed, packed.length - 8), LABELS),
                "images: damaged or cut off");
    }

    @Test
    void flippedByteInGzipFileIsRefused() {
        byte[] packed = packedImages();
        int crc = packed.length - 8;
        Refusal.of(
                () -> read(Bytes.withByte(packed, crc, packed[crc] ^ 1), LABELS),
                "images: damaged or cut off",
                "CRC32");
    }

    @Test
    void garbageAfterGzipFileIsRefused() {
        Refusal.of(
                () -> read(Bytes.joined(packedImages(), new byte[] {1, 2, 3}), LABELS),
                "images: damaged or cut off",
                "after a valid .gz stream");
    }

    @Test
    void trailingBytesAreRefused() {
        byte[] more = Bytes.joined(IMAGES, new byte[3]);
        Refusal.of(() -> read(more, LABELS), "images: has bytes after its end", "256", "found 259");
        Refusal.of(
                () -> read(Bytes.gzip(more), LABELS),
                "images: has bytes after its end",
                "expected 256 bytes",
                "found more");
    }

    @Test
    void moreImagesThanLabelsNamesBothFiles() {
        Refusal.of(
                () -> read(IMAGES, Bytes.idxLabels(11)),
                "labels: expected 12 labels",
                "images, found 11");
    }

    @Test
    void labelOutOfRangeNamesItsPlace() {
        Refusal.of(
                () -> read(IMAGES, Bytes.withByte(LABELS, 8 + 5, 10)),
                "labels: label 5 at byte 13",
                "expected 0 to 9",
                "found 10");
        Refusal.of(() -> read(IMAGES, Bytes.withByte(LABELS, 8, 255)), "found 255");
    }

    @Test
    void headerThatPromisesTooMuchIsRefusedBeforeMemoryIsSetAside() throws IOException {
        byte[] lying = Bytes.withInt(Bytes.withInt(IMAGES, 4, 50_000), 8, 10_000);
        Refusal.of(() -> read(lying, LABELS), "images: ends too early", "found 256");
        Refusal.of(() -> read(Bytes.gzip(lying), LABELS), "at byte 256", "expected 2000000016");
        byte[] huge = Bytes.withInt(Bytes.withInt(lying, 4, 1 << 30), 12, 1 << 30);
        Refusal.of(() -> read(Bytes.gzip(huge), LABELS), "header promises", "at most 2147483639");
    }

    @Test
    void lyingGzipHeaderCostsAtMost64MiB() throws IOException {
        byte[] lying = Bytes.gzip(Bytes.withInt(Bytes.withInt(IMAGES, 4, 50_000), 8, 10_000));
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        Refusal.of(() -> read(lying, LABELS), "ends too early");
        long used = memory.getCurrentThreadAllocatedBytes() - before;
        assertTrue(used < 80L << 20, "allocated " + used);
    }

    @Test
    void missingFileAndFolderInItsPlaceAreRefused() {
        Path missing = folder.resolve("nothing");
        Refusal.of(() -> ContentReader.open(missing), "nothing: cannot be read: no such file");
        Refusal.of(() -> ContentReader.open(folder), "expected a file, found a folder");
    }

    private static byte[] packedImages() {
        try {
            return Bytes.gzip(IMAGES);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

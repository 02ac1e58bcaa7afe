package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownDatasetFilesTest {
    @TempDir private Path folder;

    private final List<String> notices = new ArrayList<>();

    private Dataset load(KnownDataset known, boolean checksum) {
        return Datasets.load(
                known,
                new DatasetOptions(
                        null, checksum, ImageOptions.AS_THEY_ARE, notices::add, (a, b) -> {}),
                List.of(folder.resolve("nothing"), folder));
    }

    private Dataset load(KnownDataset known) {
        return load(known, false);
    }

    /** An IDX file of 2 × 3 images whose pixels are 1, 2, …, 6. */
    private static byte[] images(int count) {
        byte[] images = Bytes.idxImages(count, 2, 3);
        for (int i = 16; i < images.length; i++) {
            images[i] = (byte) ((i - 16) % 6 + 1);
        }
        return images;
    }

    private static byte[] labels(int... values) {
        byte[] labels = Bytes.idxLabels(values.length);
        for (int i = 0; i < values.length; i++) {
            labels[8 + i] = (byte) values[i];
        }
        return labels;
    }

    private void writeEmnist(Path place, String split, int... values) throws IOException {
        for (String part : List.of("train", "test")) {
            String stem = "emnist-" + split + "-" + part;
            Bytes.write(place, stem + "-images-idx3-ubyte.gz", Bytes.gzip(images(values.length)));
            Bytes.write(place, stem + "-labels-idx1-ubyte", labels(values));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gzip", "EMNIST/raw"})
    void emnistStandsUprightAndLettersBeginAtOne(String inside) throws IOException {
        writeEmnist(folder.resolve(inside), "letters", 1, 26);
        Dataset data = load(KnownDataset.EMNIST_LETTERS);
        assertEquals(26, data.classes().size());
        assertEquals("A", data.classes().get(data.train().labels()[0]));
        assertEquals("Z", data.classes().get(data.test().labels()[1]));
        assertEquals("1 × 3 × 2", data.train().imageShape());
        byte[] upright = {1, 4, 2, 5, 3, 6};
        assertArrayEquals(upright, Arrays.copyOf(data.train().pixels(), 6));
        assertArrayEquals(upright, Arrays.copyOfRange(data.test().pixels(), 6, 12));
        assertEquals(new Augmentation(false, 5, 0), data.augmentation());
    }

    @Test
    void emnistLabelsOutOfRangeAreRefused() throws IOException {
        writeEmnist(folder, "letters", 0, 26);
        Refusal.of(() -> load(KnownDataset.EMNIST_LETTERS), "expected 1 to 26, found 0");
        writeEmnist(folder, "letters", 1, 27);
        Refusal.of(() -> load(KnownDataset.EMNIST_LETTERS), "expected 1 to 26, found 27");
        writeEmnist(folder, "balanced", 0, 47);
        Refusal.of(() -> load(KnownDataset.EMNIST_BALANCED), "expected 0 to 46, found 47");
    }

    @Test
    void emnistIsReadFromItsArchive() throws IOException {
        byte[] zip = emnistZip("mnist", 0, 9);
        Bytes.write(folder, "gzip.zip", zip);
        Dataset data = load(KnownDataset.EMNIST_MNIST);
        assertEquals(folder.resolve("gzip.zip").toString(), data.source());
        assertArrayEquals(new int[] {0, 9}, data.train().labels());
        Refusal.of(
                () -> load(KnownDataset.EMNIST_DIGITS),
                "gzip.zip: gzip/emnist-digits-train-images-idx3-ubyte.gz is missing");
        Refusal.of(
                () -> load(KnownDataset.EMNIST_MNIST, true),
                "gzip.zip: not the published file of emnist-mnist",
                "centerloss fetch emnist-mnist");
        Bytes.write(folder, "gzip.zip", Arrays.copyOf(zip, zip.length / 2));
        Refusal.of(() -> load(KnownDataset.EMNIST_MNIST), "gzip.zip: damaged or cut off");
    }

    private static byte[] emnistZip(String split, int... values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String part : List.of("train", "test")) {
                String stem = "gzip/emnist-" + split + "-" + part;
                zip.putNextEntry(new ZipEntry(stem + "-images-idx3-ubyte.gz"));
                zip.write(Bytes.gzip(images(values.length)));
                zip.putNextEntry(new ZipEntry(stem + "-labels-idx1-ubyte.gz"));
                zip.write(Bytes.gzip(labels(values)));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void unpackedFilesWithoutAPublishedChecksumAreCalledUnverifiedOnce() throws IOException {
        writeEmnist(folder, "digits", 3);
        load(KnownDataset.EMNIST_DIGITS, true);
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(
                notices.get(0)
                        .endsWith(
                                "unverified, as unpacked files of emnist-digits have no published"
                                        + " checksum, only gzip.zip"),
                notices.get(0));
    }

    @Test
    void kmnistIsCheckedAsItIsPacked() throws IOException {
        for (String part : List.of("train", "t10k")) {
            Path raw = folder.resolve("KMNIST/raw");
            Bytes.write(raw, part + "-images-idx3-ubyte.gz", Bytes.gzip(images(2)));
            Bytes.write(raw, part + "-labels-idx1-ubyte.gz", Bytes.gzip(labels(0, 9)));
        }
        Dataset data = load(KnownDataset.KMNIST);
        assertEquals("o", data.classes().get(data.train().labels()[0]));
        assertEquals("wo", data.classes().get(data.train().labels()[1]));
        assertEquals("1 × 2 × 3", data.train().imageShape());
        Refusal.of(
                () -> load(KnownDataset.KMNIST, true),
                "train-images-idx3-ubyte.gz: not the published file of kmnist: SHA-256:",
                "expected 51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void spellingsWithADotAreFound(String ending) throws IOException {
        boolean packed = !ending.isEmpty();
        for (String part : List.of("train", "t10k")) {
            byte[] images = images(2);
            byte[] labels = labels(4, 2);
            Bytes.write(
                    folder,
                    part + "-images.idx3-ubyte" + ending,
                    packed ? Bytes.gzip(images) : images);
            Bytes.write(
                    folder,
                    part + "-labels.idx1-ubyte" + ending,
                    packed ? Bytes.gzip(labels) : labels);
        }
        assertArrayEquals(new int[] {4, 2}, load(KnownDataset.MNIST).test().labels());
    }

    /** Images of CIFAR-100 with these coarse and fine labels. */
    private static byte[] cifar100(int... labels) {
        byte[] bytes = new byte[labels.length / 2 * 3074];
        for (int i = 0; i < labels.length / 2; i++) {
            bytes[i * 3074] = (byte) labels[2 * i];
            bytes[i * 3074 + 1] = (byte) labels[2 * i + 1];
            Arrays.fill(bytes, i * 3074 + 2, (i + 1) * 3074, (byte) (i + 7));
        }
        return bytes;
    }

    @Test
    void cifar100HasFineAndCoarseLabels() throws IOException {
        Path inside = folder.resolve("cifar-100-binary");
        Bytes.write(inside, "train.bin", cifar100(0, 4, 19, 99));
        Bytes.write(inside, "test.bin", cifar100(14, 2));
        Dataset fine = load(KnownDataset.CIFAR_100);
        assertArrayEquals(new int[] {4, 99}, fine.train().labels());
        assertEquals("beaver", fine.classes().get(4));
        assertEquals("worm", fine.classes().get(99));
        assertEquals(8, fine.train().pixels()[3072]);
        Dataset coarse = load(KnownDataset.CIFAR_100_COARSE);
        assertArrayEquals(new int[] {14}, coarse.test().labels());
        assertEquals("people", coarse.classes().get(14));
        assertEquals("vehicles_2", coarse.classes().get(19));
        load(KnownDataset.CIFAR_100, true);
        assertTrue(notices.get(0).contains("only cifar-100-binary.tar.gz"), notices.toString());
    }

    @Test
    void damagedCifar100IsRefused() throws IOException {
        Bytes.write(folder, "test.bin", cifar100(0, 1));
        Bytes.write(folder, "train.bin", cifar100(0, 100));
        Refusal.of(
                () -> load(KnownDataset.CIFAR_100),
                "train.bin: label of image 0 at byte 1: expected 0 to 99, found 100");
        Bytes.write(folder, "train.bin", cifar100(20, 1));
        Refusal.of(
                () -> load(KnownDataset.CIFAR_100_COARSE),
                "train.bin: label of image 0 at byte 0: expected 0 to 19, found 20");
        // As CIFAR-10 has its images, with one label.
        Bytes.write(folder, "train.bin", Bytes.cifarImages(1, 5));
        Refusal.of(() -> load(KnownDataset.CIFAR_100), "train.bin: expected", "of 3074 bytes");
    }

    @Test
    void versionsOfCifarForPythonAreNamedWithTheRightFile() throws IOException {
        Bytes.write(folder, "cifar-10-python.tar.gz", new byte[9]);
        Files.createDirectories(folder.resolve("cifar-100-python"));
        Refusal.of(
                () -> load(KnownDataset.CIFAR_10),
                "data set cifar-10 not found",
                "with cifar-10-python.tar.gz, the version for Python",
                "cifar-10-binary.tar.gz");
        Refusal.of(
                () -> load(KnownDataset.CIFAR_100_COARSE),
                "with cifar-100-python, the version for Python",
                "cifar-100-binary.tar.gz");
    }

    /** Digits of 2 rows and 3 columns; the value is 100 · channel + 10 · row + column + image. */
    private static byte[] svhn(ByteOrder order, boolean packed, byte... labels) {
        byte[] images = new byte[labels.length * 18];
        int at = 0;
        for (int image = 0; image < labels.length; image++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int column = 0; column < 3; column++) {
                    for (int row = 0; row < 2; row++) {
                        images[at++] = (byte) (100 * channel + 10 * row + column + image);
                    }
                }
            }
        }
        return new MatBytes(order)
                .array("other", new byte[11], packed, 11, 1)
                .array("X", images, packed, 2, 3, 3, labels.length)
                .array("y", labels, packed, labels.length, 1)
                .toBytes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void svhnIsReadWithTenForZero(boolean packed) throws IOException {
        byte[] labels = {10, 1, 9, 4, 5};
        Bytes.write(folder, "train_32x32.mat", svhn(ByteOrder.LITTLE_ENDIAN, packed, labels));
        Bytes.write(folder, "test_32x32.mat", svhn(ByteOrder.BIG_ENDIAN, packed, (byte) 2));
        Dataset data = load(KnownDataset.SVHN);
        assertArrayEquals(new int[] {0, 1, 9, 4, 5}, data.train().labels());
        assertEquals("3 × 2 × 3", data.test().imageShape());
        byte[] first = {0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112};
        assertArrayEquals(first, Arrays.copyOf(data.train().pixels(), 12));
        assertEquals(1, data.train().pixels()[18]);
        assertArrayEquals(new int[] {2}, data.test().labels());
        assertEquals(new Augmentation(false, 0, 4), data.augmentation());
        Refusal.of(
                () -> load(KnownDataset.SVHN, true),
                "train_32x32.mat: not the published file of svhn",
                "expected 435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8");
    }

    private void refuseSvhn(byte[] train, String... facts) throws IOException {
        Bytes.write(folder, "train_32x32.mat", train);
        Bytes.write(folder, "test_32x32.mat", svhn(ByteOrder.LITTLE_ENDIAN, true, (byte) 2));
        Refusal.of(() -> load(KnownDataset.SVHN), facts);
    }

    @Test
    void labelsOfSvhnMayBeDoublesButWholeAndInRange() throws IOException {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        MatBytes images = new MatBytes(order).array("X", new byte[6], true, 1, 2, 3);
        byte[] start = images.toBytes();
        Bytes.write(
                folder,
                "train_32x32.mat",
                images.doubles("y", new double[] {10}, true, 1, 1).toBytes());
        Bytes.write(
                folder, "test_32x32.mat", Files.readAllBytes(folder.resolve("train_32x32.mat")));
        assertArrayEquals(new int[] {0}, load(KnownDataset.SVHN).train().labels());
        for (double bad : new double[] {1.5, -1, 256, Double.NaN}) {
            MatBytes file = new MatBytes(order).doubles("y", new double[] {bad}, true, 1, 1);
            refuseSvhn(file.toBytes(), "train_32x32.mat: y: value 0: expected a whole number");
        }
        refuseSvhn(start, "train_32x32.mat: ends too early", "the arrays");
        refuseSvhn(svhn(order, true, (byte) 0), "y: label 0: expected 1 to 10, found 0");
        refuseSvhn(svhn(order, true, (byte) 11), "y: label 0: expected 1 to 10, found 11");
    }

    @Test
    void otherAndMislabelledMatlabFilesAreRefused() throws IOException {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        byte[] newer = new byte[200];
        byte[] text = "MATLAB 7.3 MAT-file".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, newer, 0, text.length);
        refuseSvhn(newer, "expected a MATLAB file of version 5, found one of version 7.3", "-v7");
        refuseSvhn(new byte[200], "expected a MATLAB file of version 5, found something else");
        refuseSvhn(new byte[0], "train_32x32.mat: empty file");
        byte[] labels = {1, 2};
        refuseSvhn(
                new MatBytes(order)
                        .array("X", new byte[12], true, 2, 2, 3)
                        .array("y", labels, true, 2, 1)
                        .toBytes(),
                "y: expected 1 labels, one for each image, found 2");
        refuseSvhn(
                new MatBytes(order)
                        .array("X", new byte[12], true, 2, 6)
                        .array("y", labels, true, 2, 1)
                        .toBytes(),
                "X: expected rows × columns × 3 × images, found 2 × 6");
        // Shapes that promise more than there is, or than fits.
        refuseSvhn(
                new MatBytes(order).array("X", new byte[12], true, 32, 32, 3, 1000).toBytes(),
                "X: expected 3072000 numbers",
                "found 12 bytes");
        refuseSvhn(
                new MatBytes(order)
                        .array("X", new byte[12], true, 1 << 30, 1 << 30, 4, 4)
                        .toBytes(),
                "X: expected 1 to 2147483639 whole numbers");
        refuseSvhn(
                new MatBytes(order).array("X", new byte[12], true, -1, 3, 3, 3).toBytes(),
                "X: expected 1 to");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncatedMatlabFilesAreRefusedWhereverTheyEnd(boolean packed) throws IOException {
        byte[] whole = svhn(ByteOrder.LITTLE_ENDIAN, packed, (byte) 3, (byte) 4, (byte) 5);
        // The last bytes of an unpacked file are padding.
        for (int length = 0; length < whole.length - 8; length++) {
            refuseSvhn(Arrays.copyOf(whole, length), "train_32x32.mat");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyDataSetHasDistinctClassesAndANameOfItsOwn(KnownDataset known) {
        assertEquals(known.classes().size(), new HashSet<>(known.classes()).size());
        assertEquals(known, KnownDataset.of(known.label()).orElseThrow());
        List<String> digests = new ArrayList<>();
        for (String file : known.checksummedFiles()) {
            assertTrue(known.checksum(file).matches("[0-9a-f]{64}"), file);
            digests.add(known.checksum(file));
        }
        assertEquals(digests.size(), new HashSet<>(digests).size());
    }

    @Test
    void classesAreAsManyAsPublished() {
        assertEquals(47, KnownDataset.EMNIST_BALANCED.classes().size());
        assertEquals(47, KnownDataset.EMNIST_BYMERGE.classes().size());
        assertEquals(62, KnownDataset.EMNIST_BYCLASS.classes().size());
        assertEquals(100, KnownDataset.CIFAR_100.classes().size());
        assertEquals(20, KnownDataset.CIFAR_100_COARSE.classes().size());
        assertEquals("t", KnownDataset.EMNIST_BALANCED.classes().get(46));
        assertEquals("Ankle boot", KnownDataset.FASHION_MNIST.classes().get(9));
    }
}

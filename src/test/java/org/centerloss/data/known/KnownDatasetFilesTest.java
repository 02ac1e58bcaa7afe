package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.centerloss.data.Dataset;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownDatasetFilesTest extends KnownDatasetFolder {

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

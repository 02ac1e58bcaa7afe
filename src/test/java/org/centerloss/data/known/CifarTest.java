package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.centerloss.data.Dataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
    private static final int PER_FILE = 3;

    @TempDir Path folder;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    @BeforeEach
    void makeFiles() {
        // Not in order, as in an archive.
        for (int batch : new int[] {4, 1, 5, 2, 3}) {
            files.put("data_batch_" + batch + ".bin", Bytes.cifarImages(batch, PER_FILE));
        }
        files.put("test_batch.bin", Bytes.cifarImages(9, 2));
        String names = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n";
        files.put("batches.meta.txt", names.getBytes(StandardCharsets.UTF_8));
    }

    private Dataset readFolder() throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Bytes.write(folder, file.getKey(), file.getValue());
        }
        return Cifar.read(KnownDataset.CIFAR_10, CifarFiles.TEN, folder, (file, in) -> {});
    }

    private Dataset readArchive(byte[] archive) throws IOException {
        return Cifar.read(
                KnownDataset.CIFAR_10,
                CifarFiles.TEN,
                Bytes.write(folder, "cifar.tar.gz", archive),
                (file, in) -> {});
    }

    private byte[] tar(String prefix) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(prefix + file.getKey(), true);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private byte[] tarWithLink(byte type, String target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("x/data_batch_1.bin", type);
            entry.setLinkName(target);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static void assertWhole(Dataset data) {
        assertEquals(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), data.classes());
        assertEquals("3 × 32 × 32", data.train().imageShape());
        assertArrayEquals(
                new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, data.train().labels());
        assertArrayEquals(new int[] {0, 1}, data.test().labels());
        for (int batch = 1; batch <= 5; batch++) {
            byte[] file = Bytes.cifarImages(batch, PER_FILE);
            for (int i = 0; i < PER_FILE; i++) {
                int from = ((batch - 1) * PER_FILE + i) * 3072;
                assertArrayEquals(
                        Arrays.copyOfRange(file, i * 3073 + 1, (i + 1) * 3073),
                        Arrays.copyOfRange(data.train().pixels(), from, from + 3072),
                        "batch " + batch + " image " + i);
            }
        }
        assertEquals(9, data.test().pixels()[0]);
    }

    @Test
    void folderIsRead() throws IOException {
        assertWhole(readFolder());
    }

    @Test
    void packedAndPlainArchivesAreReadInAnyOrderOfFiles() throws IOException {
        assertWhole(readArchive(Bytes.gzip(tar("cifar-10-batches-bin/"))));
        assertWhole(readArchive(tar("./")));
    }

    @Test
    void pathsOutOfTheArchiveLeadNowhere() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("a/b"));
        Path archive = Bytes.write(inner, "cifar.tar.gz", Bytes.gzip(tar("../../evil/")));
        assertWhole(Cifar.read(KnownDataset.CIFAR_10, CifarFiles.TEN, archive, (file, in) -> {}));
        assertFalse(Files.exists(folder.resolve("evil")));
    }

    @Test
    void linksInTheArchiveAreRefusedNotFollowed() throws IOException {
        Path secret = Bytes.write(folder, "secret", Bytes.cifarImages(1, PER_FILE));
        for (byte type : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
            byte[] archive = Bytes.gzip(tarWithLink(type, secret.toString()));
            Refusal.of(
                    () -> readArchive(archive),
                    "cifar.tar.gz: x/data_batch_1.bin",
                    "expected a file, found a link");
        }
    }

    @Test
    void archiveForPythonIsRecognisedAndTheRightOneNamed() throws IOException {
        files.clear();
        files.put("data_batch_1", new byte[10]);
        Refusal.of(
                () -> readArchive(Bytes.gzip(tar("cifar-10-batches-py/"))),
                "data_batch_1.bin is missing",
                "the version for Python",
                "cifar-10-binary.tar.gz");
    }

    @Test
    void missingFileIsNamed() {
        files.remove("data_batch_4.bin");
        Refusal.of(this::readFolder, "data_batch_4.bin", "no such file");
        Refusal.of(() -> readArchive(tar("")), "cifar.tar.gz: data_batch_4.bin is missing");
    }

    @Test
    void missingClassNamesFileGivesTheUsualNames() throws IOException {
        files.remove("batches.meta.txt");
        assertEquals("airplane", readFolder().classes().get(0));
    }

    @Test
    void wrongNumberOfClassNamesIsRefused() {
        files.put("batches.meta.txt", "a\nb\n".getBytes(StandardCharsets.UTF_8));
        Refusal.of(this::readFolder, "batches.meta.txt: expected 10 class names", "found 2");
    }

    @Test
    void fileThatIsNoWholeNumberOfImagesIsRefused() {
        files.put("data_batch_2.bin", new byte[3073 * PER_FILE - 1]);
        Refusal.of(
                this::readFolder,
                "data_batch_2.bin: expected 1 to 10000 images of 3073 bytes",
                "found 9218 bytes");
    }

    @Test
    void emptyFileIsRefused() {
        files.put("test_batch.bin", new byte[0]);
        Refusal.of(this::readFolder, "test_batch.bin: expected", "found 0 bytes");
    }

    @Test
    void oversizedFileIsRefused() {
        files.put("data_batch_1.bin", new byte[3073 * 10_001]);
        Refusal.of(this::readFolder, "data_batch_1.bin: expected 1 to 10000", "found 30733073");
    }

    @Test
    void trainingFilesOfDifferentLengthAreRefused() {
        files.put("data_batch_3.bin", Bytes.cifarImages(3, PER_FILE + 1));
        Refusal.of(this::readFolder, "data_batch_3.bin: expected 3 images", "found 4");
    }

    @Test
    void labelOutOfRangeNamesItsPlace() {
        files.put("test_batch.bin", Bytes.withByte(Bytes.cifarImages(9, 2), 3073, 10));
        Refusal.of(
                this::readFolder,
                "test_batch.bin: label of image 1 at byte 3073",
                "expected 0 to 9, found 10");
    }

    @Test
    void fileTwiceInTheArchiveIsRefused() throws IOException {
        byte[] once = tar("a/");
        // Without the end marker of the first, the second archive goes on.
        byte[] open = Arrays.copyOf(once, contentLength());
        Refusal.of(() -> readArchive(Bytes.joined(open, once)), "data_batch_4.bin: found twice");
    }

    private int contentLength() {
        return files.values().stream().mapToInt(b -> 512 + (b.length + 511) / 512 * 512).sum();
    }

    @Test
    void truncatedArchivesAreRefused() throws IOException {
        byte[] plain = tar("");
        byte[] packed = Bytes.gzip(plain);
        Refusal.of(
                () -> readArchive(Arrays.copyOf(plain, 2000)),
                "cifar.tar.gz: data_batch_4.bin: damaged or cut off");
        Refusal.of(
                () -> readArchive(Arrays.copyOf(packed, packed.length / 2)),
                "cifar.tar.gz",
                "damaged or cut off");
        Refusal.of(
                () -> readArchive(Arrays.copyOf(packed, packed.length - 6)),
                "cifar.tar.gz: damaged or cut off");
    }

    @Test
    void fileThatIsNoArchiveIsRefused() {
        byte[] noise = new byte[5000];
        Arrays.fill(noise, (byte) 0x5a);
        Refusal.of(() -> readArchive(noise), "cifar.tar.gz", "not a tar archive");
        Refusal.of(() -> readArchive(new byte[0]), "cifar.tar.gz", "data_batch_1.bin is missing");
    }

    @Test
    void checksumsAreOfTheFilesOfImages() throws IOException {
        Map<String, String> sums = new HashMap<>();
        Path archive = Bytes.write(folder, "cifar.tar", tar(""));
        Cifar.read(
                KnownDataset.CIFAR_10,
                CifarFiles.TEN,
                archive,
                (file, in) -> sums.put(file, in.sha256()));
        assertEquals(6, sums.size());
        assertEquals(
                HexFormat.of().formatHex(sha256(files.get("data_batch_5.bin"))),
                sums.get("data_batch_5.bin"));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}

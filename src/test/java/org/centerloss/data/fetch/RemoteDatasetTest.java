package org.centerloss.data.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.centerloss.data.Datasets;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteDatasetTest {
    @TempDir Path folder;

    private static RemoteDataset remote(KnownDataset known) {
        return RemoteDataset.of(known).orElseThrow();
    }

    @Test
    void allButTheEmbeddedDataSetCanBeFetched() {
        List<String> all = new ArrayList<>(Datasets.names());
        all.remove("fashion-mini");
        assertEquals(all, Fetch.names());
        assertEquals(Optional.empty(), RemoteDataset.of(KnownDataset.FASHION_MINI));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FASHION_MINI")
    void everyMirrorHasHttpsAndEveryFileAnAddress(KnownDataset known) {
        RemoteDataset dataset = remote(known);
        assertFalse(dataset.mirrors().isEmpty());
        for (URI mirror : dataset.mirrors()) {
            assertEquals("https", mirror.getScheme());
            for (RemoteFile file : dataset.files()) {
                URI address = WebAddress.file(mirror, file.name());
                assertTrue(address.getPath().endsWith("/" + file.name()), address.toString());
            }
        }
    }

    @Test
    void aMirrorOfTheUsersHoldsAFolderForEachDataSet() {
        for (String root : List.of("https://example.org/data", "https://example.org/data/")) {
            RemoteDataset dataset = remote(KnownDataset.MNIST).at(List.of(URI.create(root)));
            assertEquals(List.of(URI.create("https://example.org/data/mnist/")), dataset.mirrors());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FASHION_MINI")
    void nothingOfAnEmptyFolderIsThere(KnownDataset known) {
        for (RemoteFile file : remote(known).files()) {
            assertEquals(Optional.empty(), file.find().apply(folder));
        }
    }

    @Test
    void filesOfAnotherDataSetAreNotThePublishedOnes() throws IOException {
        RemoteFile file = remote(KnownDataset.MNIST).files().get(1);
        assertEquals("train-labels-idx1-ubyte.gz", file.name());
        Bytes.write(folder, file.name(), Bytes.gzip(Bytes.idxLabels(60_000)));
        Path found = file.find().apply(folder).orElseThrow();
        Refusal.of(
                () -> file.check().accept(found),
                "train-labels-idx1-ubyte.gz: not the published file",
                "expected 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");
        Bytes.write(folder, file.name(), Bytes.gzip(Bytes.idxLabels(60_001)));
        Refusal.of(() -> file.check().accept(found), "more than 60008 bytes");
    }

    @Test
    void cifarIsCheckedFileByFile() throws IOException {
        RemoteFile file = remote(KnownDataset.CIFAR_10).files().get(0);
        Path inside = folder.resolve("cifar-10-batches-bin");
        for (int batch = 1; batch <= 5; batch++) {
            Bytes.write(inside, "data_batch_" + batch + ".bin", Bytes.cifarImages(batch, 1));
        }
        Bytes.write(inside, "test_batch.bin", Bytes.cifarImages(6, 1));
        assertEquals(Optional.of(inside), file.find().apply(folder));
        Refusal.of(() -> file.check().accept(inside), "data_batch_1.bin: not the published file");
    }

    @Test
    void packedFilesAreCheckedAsTheyAre() throws IOException {
        RemoteFile file = remote(KnownDataset.EMNIST_LETTERS).files().get(0);
        assertEquals("gzip.zip", file.name());
        assertEquals("emnist", remote(KnownDataset.EMNIST_LETTERS).folder());
        Bytes.write(folder, file.name(), new byte[3]);
        Path found = file.find().apply(folder).orElseThrow();
        Refusal.of(
                () -> file.check().accept(found),
                "gzip.zip: not the published file",
                "expected fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e");
    }

    @Test
    void fashionMnistOfDebianIsThePublishedOne() {
        Path debian = Path.of("/usr/share/datasets/fashion-mnist");
        assumeTrue(Files.isDirectory(debian), "needs Debian's package dataset-fashion-mnist");
        for (RemoteFile file : remote(KnownDataset.FASHION_MNIST).files()) {
            file.check().accept(file.find().apply(debian).orElseThrow());
        }
    }
}

package org.centerloss.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Images;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.KnownDataset;
import org.centerloss.data.known.Refusal;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    private static final DatasetOptions DEFAULT = DatasetOptions.DEFAULT;

    @TempDir Path folder;
    private final List<String> notices = new ArrayList<>();

    private DatasetOptions options(boolean checksum) {
        return new DatasetOptions(
                null, checksum, ImageOptions.AS_THEY_ARE, notices::add, (done, total) -> {});
    }

    private static void writeIdx(Path place, String ending) throws IOException {
        boolean gz = !ending.isEmpty();
        byte[] images = Bytes.idxImages(12, 5, 4);
        byte[] labels = Bytes.idxLabels(12);
        for (String half : new String[] {"train", "t10k"}) {
            Bytes.write(
                    place, half + "-images-idx3-ubyte" + ending, gz ? Bytes.gzip(images) : images);
            Bytes.write(
                    place, half + "-labels-idx1-ubyte" + ending, gz ? Bytes.gzip(labels) : labels);
        }
    }

    private static void writeCifar(Path place) throws IOException {
        for (int batch = 1; batch <= 5; batch++) {
            Bytes.write(place, "data_batch_" + batch + ".bin", Bytes.cifarImages(batch, 1));
        }
        Bytes.write(place, "test_batch.bin", Bytes.cifarImages(6, 1));
    }

    private static int[] perClass(ImageSet set) {
        int[] counts = new int[10];
        for (int label : set.labels()) {
            counts[label]++;
        }
        return counts;
    }

    @Test
    void fashionMiniIsEmbeddedWholeAndStratified() {
        Dataset data = Datasets.load("fashion-mini", DEFAULT);
        assertEquals("embedded", data.source());
        assertEquals("1 × 28 × 28", data.train().imageShape());
        assertEquals(6000, data.train().count());
        assertEquals(1000, data.test().count());
        for (int label = 0; label < 10; label++) {
            assertEquals(600, perClass(data.train())[label]);
            assertEquals(100, perClass(data.test())[label]);
        }
        assertEquals("Ankle boot", data.classes().get(9));
        assertEquals(new Augmentation(true, 5, 0), data.augmentation());
    }

    @Test
    void fashionMiniMixesItsClasses() {
        int[] labels = Datasets.load("fashion-mini", DEFAULT).train().labels();
        for (int start = 0; start < labels.length; start += 100) {
            int[] part = Arrays.copyOfRange(labels, start, start + 100);
            assertTrue(IntStream.of(part).distinct().count() == 10, "from " + start);
        }
    }

    @Test
    void fashionMnistOfDebianIsThePublishedOneAndHoldsFashionMini() {
        Path debian = Path.of("/usr/share/datasets/fashion-mnist");
        assumeTrue(Files.isDirectory(debian), "needs Debian's package dataset-fashion-mnist");
        Dataset whole = Datasets.load(KnownDataset.FASHION_MNIST, DEFAULT, List.of(debian));
        assertEquals(60_000, whole.train().count());
        assertEquals(10_000, whole.test().count());
        Dataset mini = Datasets.load("fashion-mini", DEFAULT);
        assertTrue(labelledImages(whole.train()).containsAll(labelledImages(mini.train())));
        assertTrue(labelledImages(whole.test()).containsAll(labelledImages(mini.test())));
    }

    private static Set<String> labelledImages(ImageSet set) {
        Set<String> all = new HashSet<>();
        int size = set.height() * set.width();
        for (int i = 0; i < set.count(); i++) {
            all.add(
                    new String(set.pixels(), i * size, size, StandardCharsets.ISO_8859_1)
                            + set.labels()[i]);
        }
        return all;
    }

    @Test
    void firstPlaceThatHasAllFilesIsTaken() throws IOException {
        Path partial = folder.resolve("partial");
        Bytes.write(partial, "train-images-idx3-ubyte", Bytes.idxImages(1, 1, 1));
        Path plain = folder.resolve("plain");
        writeIdx(plain, "");
        Path packed = folder.resolve("packed");
        writeIdx(packed, ".gz");
        List<Path> places = List.of(folder.resolve("nothing"), partial, packed, plain);
        Dataset data = Datasets.load(KnownDataset.MNIST, options(false), places);
        assertEquals(packed.toString(), data.source());
        assertEquals("mnist", data.name());
        assertEquals(new Augmentation(false, 5, 0), data.augmentation());
        assertEquals(12, data.train().count());
        assertEquals(
                plain.toString(),
                Datasets.load(KnownDataset.MNIST, options(false), List.of(plain)).source());
    }

    @Test
    void dataSetThatIsNowhereSaysWhereItWasLookedForAndWhatToDo() throws IOException {
        Path partial = folder.resolve("partial");
        writeIdx(partial, ".gz");
        Files.delete(partial.resolve("t10k-labels-idx1-ubyte.gz"));
        List<Path> places = List.of(folder.resolve("nothing"), partial);
        Refusal.of(
                () -> Datasets.load(KnownDataset.FASHION_MNIST, DEFAULT, places),
                "data set fashion-mnist not found",
                folder + "/nothing",
                "partial (without t10k-labels-idx1-ubyte)",
                "apt-get install dataset-fashion-mnist",
                "centerloss fetch fashion-mnist (or --download)",
                "--data-dir");
        Refusal.of(
                () -> Datasets.load(KnownDataset.CIFAR_10, DEFAULT, places),
                "data set cifar-10 not found",
                "cifar-10-binary.tar.gz",
                "--data-dir");
    }

    @Test
    void filesThatAreNotThePublishedOnesAreRefusedUnlessTold() throws IOException {
        writeIdx(folder, ".gz");
        List<Path> places = List.of(folder);
        Refusal.of(
                () -> Datasets.load(KnownDataset.MNIST, options(true), places),
                "train-images-idx3-ubyte.gz: not the published file of mnist",
                "expected ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db, found ",
                "--no-checksum");
        assertEquals(12, Datasets.load(KnownDataset.MNIST, options(false), places).test().count());
    }

    @Test
    void filesOfAnotherKnownDataSetAreNamed() throws IOException {
        for (String half : new String[] {"train", "t10k"}) {
            for (String file : new String[] {"-images-idx3-ubyte.gz", "-labels-idx1-ubyte.gz"}) {
                try (InputStream in =
                        Datasets.class.getResourceAsStream(
                                "/datasets/fashion-mini/" + half + file)) {
                    Files.copy(in, folder.resolve(half + file));
                }
            }
        }
        Refusal.of(
                () -> Datasets.load(KnownDataset.MNIST, DEFAULT, List.of(folder)),
                "this is a file of fashion-mini");
    }

    @Test
    void trainAndTestImagesOfDifferentShapeAreRefused() throws IOException {
        writeIdx(folder, "");
        Bytes.write(folder, "t10k-images-idx3-ubyte", Bytes.idxImages(12, 4, 5));
        Refusal.of(
                () -> Datasets.load(KnownDataset.MNIST, options(false), List.of(folder)),
                "test images: expected 1 × 5 × 4",
                "found 1 × 4 × 5");
    }

    @Test
    void cifarIsFoundAsItsFolderOrInIt() throws IOException {
        writeCifar(folder.resolve("cifar-10-batches-bin"));
        for (Path place : List.of(folder, folder.resolve("cifar-10-batches-bin"))) {
            Dataset data = Datasets.load(KnownDataset.CIFAR_10, options(false), List.of(place));
            assertEquals(5, data.train().count());
            assertEquals(new Augmentation(true, 0, 4), data.augmentation());
            assertEquals("truck", data.classes().get(9));
        }
    }

    @Test
    void cifarTrainingFileThatIsNotThePublishedOneIsRefused() throws IOException {
        writeCifar(folder);
        Refusal.of(
                () -> Datasets.load(KnownDataset.CIFAR_10, options(true), List.of(folder)),
                "data_batch_1.bin: not the published file of cifar-10",
                "expected cee91656");
    }

    @Test
    void sizeOptionsAreForFoldersOnly() {
        DatasetOptions resized =
                new DatasetOptions(
                        null,
                        true,
                        ImageOptions.AS_THEY_ARE.withSize("32"),
                        notices::add,
                        (done, total) -> {});
        Refusal.of(
                () -> Datasets.load("fashion-mini", resized),
                "--image-size and --channels are for folders of images");
    }

    @Test
    void unknownNameSuggestsTheNearest() {
        Refusal.of(
                () -> Datasets.load("fashion-mnits", DEFAULT),
                "unknown data set fashion-mnits",
                "did you mean fashion-mnist?",
                "mnist, fashion-mnist, cifar-10, fashion-mini",
                "images:PATH");
        Refusal.of(() -> Datasets.load("", DEFAULT), "unknown data set ''");
    }

    @Test
    void pathsAndTheImagesPrefixMeanFolders() {
        Images.gray(folder.resolve("mnist/ants/a.png"), 3, 3, 1);
        Images.gray(folder.resolve("mnist/ants/b.png"), 3, 3, 2);
        String path = folder.resolve("mnist").toString();
        assertEquals(List.of("ants"), Datasets.load(path, DEFAULT).classes());
        assertEquals(List.of("ants"), Datasets.load("images:" + path, DEFAULT).classes());
        Refusal.of(() -> Datasets.load("./nothing", DEFAULT), "./nothing: no such folder");
        Refusal.of(() -> Datasets.load("images:nothing", DEFAULT), "nothing: no such folder");
    }
}

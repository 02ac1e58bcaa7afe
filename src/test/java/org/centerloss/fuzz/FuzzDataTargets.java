package org.centerloss.fuzz;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.cli.TinyMnist;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.folder.UnlabelledImages;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.MarkedImages;
import org.centerloss.data.image.WebpImages;
import org.centerloss.data.known.MatBytes;

/** The readers of data sets and images, each with a sound file for it. */
final class FuzzDataTargets {
    private static final Mutator BYTES = FuzzTargets.BYTES;

    private final Path folder;
    private final List<Target> targets = new ArrayList<>();

    FuzzDataTargets(Path folder) {
        this.folder = folder;
    }

    List<Target> list() throws IOException {
        addIdx();
        addEmnist();
        addCifar();
        addSvhn();
        addImages();
        return targets;
    }

    private void addIdx() throws IOException {
        for (String file : List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte")) {
            Path place = newFolder();
            TinyMnist.write(place, 20, 10);
            add("idx-" + file, place.resolve(file), BYTES, "mnist");
        }
        Path place = newFolder();
        TinyMnist.write(place, 20, 10);
        Path plain = place.resolve("t10k-images-idx3-ubyte");
        Path packed = place.resolve(plain.getFileName() + ".gz");
        Files.write(packed, FuzzFiles.gzip(Files.readAllBytes(plain)));
        Files.delete(plain);
        add("gzip", packed, BYTES, "mnist");
    }

    private void addEmnist() throws IOException {
        Path place = newFolder();
        TinyMnist.write(place, 20, 10);
        byte[] zip = FuzzFiles.emnistZip(place);
        add("zip", Files.write(newFolder().resolve("gzip.zip"), zip), BYTES, "emnist-digits");
    }

    private void addCifar() throws IOException {
        Map<String, byte[]> files = FuzzFiles.cifar();
        for (String file : List.of("data_batch_3.bin", "batches.meta.txt")) {
            Path place = newFolder();
            for (Map.Entry<String, byte[]> part : files.entrySet()) {
                Files.write(place.resolve(part.getKey()), part.getValue());
            }
            add("cifar-10-" + file, place.resolve(file), BYTES, "cifar-10");
        }
        byte[] tar = FuzzFiles.tar(files);
        Mutator insideOfGzip = (content, random) -> FuzzFiles.gzip(BYTES.mutate(tar, random));
        for (Mutator mutator : List.of(BYTES, insideOfGzip)) {
            Path archive = newFolder().resolve("cifar-10-binary.tar.gz");
            Files.write(archive, FuzzFiles.gzip(tar));
            add(mutator == BYTES ? "tar.gz" : "tar", archive, mutator, "cifar-10");
        }
        Path hundred = newFolder();
        for (String file : List.of("train.bin", "test.bin")) {
            Files.write(hundred.resolve(file), new byte[2 * 3074]);
        }
        add("cifar-100", hundred.resolve("train.bin"), BYTES, "cifar-100");
    }

    private void addSvhn() throws IOException {
        for (boolean packed : new boolean[] {false, true}) {
            byte[] mat =
                    new MatBytes(ByteOrder.LITTLE_ENDIAN)
                            .array("X", new byte[32 * 32 * 3 * 2], packed, 32, 32, 3, 2)
                            .array("y", new byte[] {10, 3}, packed, 2, 1)
                            .toBytes();
            Path place = newFolder();
            for (String file : List.of("train_32x32.mat", "test_32x32.mat")) {
                Files.write(place.resolve(file), mat);
            }
            String name = packed ? "mat-packed" : "mat";
            add(name, place.resolve("train_32x32.mat"), BYTES, "svhn");
        }
    }

    private void addImages() throws IOException {
        for (String format : List.of("png", "jpg", "gif", "bmp", "tif")) {
            byte[] plain = MarkedImages.encoded(FuzzFiles.image(), format);
            addImage("image." + format, plain);
        }
        byte[] exif = MarkedImages.exif(6, ByteOrder.BIG_ENDIAN);
        addImage("exif.jpg", MarkedImages.jpeg(FuzzFiles.image(), exif));
        addImage("image.webp", WebpImages.withExif(9, 7, 0xff102030, 0x80ffffff, exif));
    }

    private void addImage(String name, byte[] content) throws IOException {
        Path image = Files.write(newFolder().resolve(name), content);
        ImageOptions options = ImageOptions.AS_THEY_ARE.withSize(16, 16).withChannels(3);
        targets.add(new Target(name, image, BYTES, 8, () -> decode(image, options)));
    }

    private static void decode(Path image, ImageOptions options) {
        InputException refusal =
                UnlabelledImages.decode(List.of(image), options, (done, total) -> {})
                        .refusals()
                        .get(0);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** A file of a known data set, whose other files lie beside it. */
    private void add(String name, Path file, Mutator mutator, String dataset) {
        DatasetOptions options =
                new DatasetOptions(
                        file.getParent(),
                        false,
                        ImageOptions.AS_THEY_ARE,
                        notice -> {},
                        (done, total) -> {});
        targets.add(new Target(name, file, mutator, 5, () -> Datasets.load(dataset, options)));
    }

    private Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "d");
    }
}

